import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClientId, GrantId, ResourceName } from "@symbolon/protocol";
import { exampleAccountId, exampleGrant } from "@symbolon/testing";
import type { Grant } from "./grant.ts";
import { decideOffer, newOfferedGrant } from "./offer.ts";

const idOf = (number: number, request: number): GrantId =>
  `01900000-${number.toString(16).padStart(4, "0")}-7000-8000-${request.toString(16).padStart(12, "0")}` as GrantId;
const offer = (number: number, request: number, given: Partial<Grant> = {}): Grant =>
  exampleGrant({
    id: idOf(number, request),
    state: "offered",
    generationIssuedAt: 1000,
    offer: { redirectUri: "https://app.example/cb", expiresAt: 1060, failures: 0 },
    ...given,
  });
const fresh = offer(99, 7);

describe("OP-16: which offer a consent gets", () => {
  test.each<[string, Grant]>([
    ["of another request", offer(1, 8)],
    ["of another application", offer(1, 7, { application: "app_other" as ClientId })],
    ["of another code challenge", offer(1, 7, { challenge: "c".repeat(43) })],
    ["that is half as old as a code may be", offer(1, 7, { generationIssuedAt: 970 })],
    ["of a time that lies as far ahead, after the clock was set back", offer(1, 7, { generationIssuedAt: 1030 })],
    ["whose code is gone", offer(1, 7, { offer: null })],
    ["with which a wrong verifier was tried", offer(1, 7, { offer: { ...fresh.offer!, failures: 1 } })],
  ])("a new one, if there is only one %s", (_, other) =>
    expect(decideOffer(fresh, [other], 60)).toEqual({ remove: [] }),
  );
  test.each([971, 1000, 1029])("the one of the same request, issued at %i", (generationIssuedAt) => {
    const same = offer(1, 7, { generationIssuedAt });
    expect(decideOffer(fresh, [offer(2, 8), same], 60)).toEqual({ use: same });
  });
  test("at most 32 remain, the newest", () =>
    fc.assert(
      fc.property(fc.nat(99), (count) => {
        const offers = Array.from({ length: count }, (_, number) => offer(count - number, 100 + number));
        const decision = decideOffer(fresh, offers, 60);
        const removed = "remove" in decision ? decision.remove : [];
        expect(count - removed.length + 1).toBe(Math.min(count + 1, 32));
        expect(removed).toEqual(offers.slice(31).map(({ id }) => id));
      }),
    ));
});

describe("RFC 6749 §4.1.2: the grant of a consent", () => {
  const consent = {
    client: "app_one" as ClientId,
    owner: exampleAccountId(1),
    resource: "Company/one" as ResourceName,
    scope: ["read"],
    audiences: ["https://api.example/"],
    redirectUri: "https://app.example/cb",
    challenge: "c".repeat(43),
    accessTokenLifetimeSeconds: 7200,
  };

  test("waits for its code, which is bound to the redirect URI and the code challenge", () =>
    expect(newOfferedGrant(idOf(1, 7), consent, { code: 60, grantIdle: 500, grantAbsolute: 5000 }, 1000)).toEqual({
      id: idOf(1, 7),
      application: "app_one",
      owner: exampleAccountId(1),
      resource: "Company/one",
      scope: ["read"],
      audiences: ["https://api.example/"],
      variants: [{ scope: null, audiences: null, lifetimeSeconds: 7200 }],
      state: "offered",
      generation: 0,
      generationIssuedAt: 1000,
      confirmedAt: null,
      replays: 0,
      intent: null,
      challenge: "c".repeat(43),
      offer: { redirectUri: "https://app.example/cb", expiresAt: 1060, failures: 0 },
      expiresAt: 6000,
      idleExpiresAt: 1500,
      revokedAt: null,
      revokedBecause: null,
      hasRevokedTokens: false,
      version: 0,
    }));

  test("is idle no longer than it lives", () => {
    const grant = newOfferedGrant(idOf(1, 7), consent, { code: 60, grantIdle: 5000, grantAbsolute: 500 }, 1000);
    expect([grant.idleExpiresAt, grant.expiresAt]).toEqual([1500, 1500]);
  });
});
