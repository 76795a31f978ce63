import { describe, expect, test } from "vitest";
import { makeGrant } from "../../test/grant.ts";
import type { Grant } from "./grant.ts";
import { hashOfGrant } from "./new-grant.ts";
import { decideRevokeAccessToken } from "./revoke-access-token.ts";
import { decideRevoke, decideRevokeByClient } from "./revoke.ts";

const { id: grant, application: client } = makeGrant();
const other = "other" as typeof client;
const unchangedWith = (result: string) => ({ answer: { result, events: [] } });

describe("RFC 7009 §2.1: a grant is revoked", () => {
  const row = makeGrant({
    offer: { redirectUri: "https://app.example/", expiresAt: 2000, failures: 0 },
    intent: Uint8Array.of(1),
    variants: [300, 900, 600].map((lifetimeSeconds) => ({ scope: null, audiences: null, lifetimeSeconds })),
  });
  const revoked = (because: Grant["revokedBecause"]) => ({
    answer: { result: "revoked", events: [{ name: "grant.revoked", grant, because }] },
    write: { ...row, state: "revoked", revokedAt: 1100, revokedBecause: because, offer: null, intent: null },
    feed: { at: 1100, until: 2000, kind: "grant", hash: hashOfGrant(grant) },
  });

  test("and is kept in the feed as long as its longest access token", () =>
    expect(decideRevoke("revoked_by_owner", 1100)(row)).toEqual(revoked("revoked_by_owner")));
  test("by its client", () => expect(decideRevokeByClient(client, 1100)(row)).toEqual(revoked("revoked_by_client")));
  test("not by another client", () =>
    expect(decideRevokeByClient(other, 1100)(row)).toEqual(unchangedWith("not_found")));
  test("not twice, and not if there is none", () => {
    expect(decideRevoke("restored", 1100)(makeGrant({ state: "revoked" }))).toEqual(unchangedWith("unchanged"));
    expect(decideRevoke("restored", 1100)(undefined)).toEqual(unchangedWith("not_found"));
    expect(decideRevokeByClient(client, 1100)(undefined)).toEqual(unchangedWith("not_found"));
  });
});

describe("RFC 7009 §2.1: one access token is revoked", () => {
  const fingerprint = Uint8Array.of(9, 9);
  const twoDays = 2 * 86_400;
  function revoking(row: Grant | undefined, { by = client, generation = 5, variant = 0, now = 1100 } = {}) {
    const pointer = { keyId: 1, grantId: grant, generation, issuedAt: 1000, variant };
    return decideRevokeAccessToken(row, { client: { id: by, replay: { preset: "lazy" } }, pointer, fingerprint }, now);
  }
  const confirmed = makeGrant({ confirmedAt: 1050 });
  const revokedToken = { name: "token.revoked", client, grant };

  test("and kept until every clock says that it has expired", () =>
    expect(revoking(confirmed)).toEqual({
      answer: { result: "revoked", events: [revokedToken] },
      write: { ...confirmed, hasRevokedTokens: true },
      revokedToken: { fingerprint, until: 1600 + twoDays },
      feed: { at: 1100, until: 1600, kind: "token", hash: fingerprint },
    }));
  test("which is a use of it", () => {
    const { answer, write } = revoking(makeGrant());
    expect(answer.events).toEqual([{ name: "refresh.delivered", grant, generation: 5 }, revokedToken]);
    expect(write).toEqual(makeGrant({ confirmedAt: 1100, hasRevokedTokens: true }));
  });
  test.each<[string, Grant, Parameters<typeof revoking>[1], number]>([
    ["it has expired", makeGrant(), { now: 1600 }, 1600],
    ["its grant has expired", makeGrant({ idleExpiresAt: 1100 }), {}, 1600],
    ["its variant is not known: until the end of the grant", makeGrant(), { variant: 1 }, 1_000_000],
  ])("although, by this clock and row, %s", (_, row, options, end) => {
    const { write, revokedToken: kept } = revoking(row, options);
    expect(write).toEqual({ ...row, hasRevokedTokens: true });
    expect(kept).toEqual({ fingerprint, until: end + twoDays });
  });
  test("not by another client, and not if it can never be active again", () => {
    expect(revoking(undefined)).toEqual(unchangedWith("unchanged"));
    expect(revoking(confirmed, { by: other })).toEqual(unchangedWith("unchanged"));
    expect(revoking(makeGrant({ state: "revoked" }))).toEqual(unchangedWith("unchanged"));
    expect(revoking(confirmed, { generation: 4 })).toEqual(unchangedWith("unchanged"));
  });
});
