import { ok, refuse, type ClientId } from "@symbolon/protocol";
import { exampleGrantId } from "@symbolon/testing";
import { describe, expect, test } from "vitest";
import { makeGrant, scopeOfWords } from "../../test/grant.ts";
import { decideAddVariant, newClientCredentialsGrant } from "./client-credentials.ts";
import { unchanged } from "./decision.ts";
import { findOrAddVariant } from "./variants.ts";

const lifetimeSeconds = 600;
const read = scopeOfWords("read");

describe("RFC 6749 §4.4: the grant of an application", () => {
  test("is active from the start, has no owner, no code and no token family, and never expires", () => {
    const client = { id: "app_one" as ClientId, scope: read };
    const never = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;
    expect(
      newClientCredentialsGrant(exampleGrantId(7), client, ["https://api.example/"], lifetimeSeconds, 1000),
    ).toEqual({
      id: exampleGrantId(7),
      application: "app_one",
      owner: null,
      resource: null,
      scope: ["read"],
      audiences: ["https://api.example/"],
      variants: [{ scope: null, audiences: null, lifetimeSeconds }],
      state: "active",
      generation: 0,
      generationIssuedAt: 1000,
      confirmedAt: null,
      replays: 0,
      intent: null,
      challenge: null,
      offer: null,
      expiresAt: never,
      idleExpiresAt: never,
      revokedAt: null,
      revokedBecause: null,
      hasRevokedTokens: false,
      version: 0,
    });
  });
});

describe("a narrowing of the grant of an application", () => {
  test("is stored with the grant, and the answer names its variant", () => {
    const grant = makeGrant();
    const added = findOrAddVariant(grant, { scope: read, lifetimeSeconds }, 1000);
    if (!added.ok) throw new Error("The variant was refused.");
    const decision = decideAddVariant(grant, { scope: read, lifetimeSeconds }, 1000);
    expect(decision).toEqual({ answer: { result: ok(added.value), events: [] }, write: added.value.grant });
  });

  test("the 257th is refused, and nothing is stored", () => {
    const grant = makeGrant({
      variants: Array.from({ length: 256 }, (_, seconds) => ({
        scope: null,
        audiences: null,
        lifetimeSeconds: seconds + 1,
      })),
    });
    const decision = decideAddVariant(grant, { lifetimeSeconds: 257 }, 1000);
    expect(decision).toEqual(unchanged(refuse("variants_exhausted")));
  });

  test.each([
    ["is revoked", makeGrant({ state: "revoked", revokedAt: 900, revokedBecause: "revoked_by_client" })],
    ["was deleted", undefined],
  ])("is refused when the grant %s", (_, grant) =>
    expect(decideAddVariant(grant, { lifetimeSeconds }, 1000)).toEqual(unchanged(refuse("grant_revoked"))),
  );
});
