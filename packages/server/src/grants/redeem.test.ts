import { describe, expect, test } from "vitest";
import { makeGrant, scopeOfWords } from "../../test/grant.ts";
import type { Grant } from "./grant.ts";
import { decideRedeem } from "./redeem.ts";

const redirectUri = "https://app.example/callback";
const offer = { redirectUri, expiresAt: 1060, failures: 0 };
const offered = (changes: Partial<Grant> = {}) => makeGrant({ state: "offered", generation: 0, offer, ...changes });
const { id: grant, application: client } = offered();

/** Presents the authorization code of `row` at `now`; a use renews the idle lifetime for 600,000 seconds. */
function redeeming(row: Grant | undefined, changes: Partial<Parameters<typeof decideRedeem>[1]> = {}, now = 1059) {
  const request = { client, redirectUri, challenge: "challenge", narrowing: { lifetimeSeconds: 600 }, ...changes };
  const { answer, write } = decideRedeem(row, request, now, 600_000);
  return { ...answer, write };
}
const refused = (reason: string) => ({ result: { ok: false, reason }, events: [], write: undefined });

describe("RFC 6749 §4.1.3: a refused request leaves the code usable (TK-04)", () => {
  test.each<[string, Grant | undefined, Parameters<typeof redeeming>[1], number]>([
    ["grant_unknown", undefined, {}, 1059],
    ["binding_mismatch", offered(), { client: "other" as typeof client }, 1059],
    ["grant_revoked", offered({ state: "revoked" }), {}, 1059],
    ["code_expired", offered(), {}, 1060],
    ["grant_expired", offered({ expiresAt: 1059 }), {}, 1059],
    ["redirect_uri_mismatch", offered(), { redirectUri: `${redirectUri}/` }, 1059],
    ["scope_wider_than_grant", offered(), { narrowing: { lifetimeSeconds: 600, scope: scopeOfWords("x") } }, 1059],
    ["verifier_wrong", makeGrant(), { challenge: "wrong" }, 1059],
  ])("%s", (reason, row, changes, now) => expect(redeeming(row, changes, now)).toEqual(refused(reason)));
});

describe("RFC 6749 §4.1.2: a code is redeemed once", () => {
  const row = offered({ expiresAt: 700_000 });
  const write = {
    ...row,
    state: "active",
    generation: 1,
    generationIssuedAt: 1059,
    idleExpiresAt: 601_059,
    offer: null,
  };

  test.each([redirectUri, undefined])("with the redirect URI %s", (uri) =>
    expect(redeeming(row, { redirectUri: uri })).toEqual({
      result: { ok: true, value: { grant: write, variant: 0, issuedAt: 1059, expiresInSeconds: 600 } },
      events: [{ name: "code.redeemed", client, grant }],
      write,
    }),
  );
  test("a second time revokes the grant, also with another redirect URI, which is no longer kept", () => {
    const { result, events, write: revoked } = redeeming(makeGrant(), { redirectUri: "https://x.example/" }, 2000);
    expect(result).toEqual({ ok: false, reason: "code_replayed" });
    expect(events).toEqual([{ name: "grant.revoked", grant, because: "code_replayed" }]);
    expect(revoked).toMatchObject({ state: "revoked", revokedBecause: "code_replayed", revokedAt: 2000 });
  });
});

describe("RFC 7636 §7.1: guessing the code verifier", () => {
  test("counts each wrong one", () => {
    const row = offered({ offer: { ...offer, failures: 3 } });
    expect(redeeming(row, { challenge: "wrong" })).toEqual({
      ...refused("verifier_wrong"),
      write: { ...row, offer: { ...offer, failures: 4 } },
    });
  });
  test("revokes the grant at the fifth", () => {
    const { result, events, write } = redeeming(offered({ offer: { ...offer, failures: 4 } }), { challenge: "wrong" });
    expect(result).toEqual({ ok: false, reason: "code_guessed" });
    expect(events).toEqual([{ name: "grant.revoked", grant, because: "code_guessed" }]);
    expect(write).toMatchObject({ state: "revoked", revokedBecause: "code_guessed" });
  });
});
