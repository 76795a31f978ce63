import { describe, expect, test } from "vitest";
import { makeGrant } from "../../test/grant.ts";
import type { ReplayPolicy } from "../applications/application.ts";
import { accessTokenExpiry, judgeAccessToken } from "./access-token.ts";
import type { Grant } from "./grant.ts";

const lazy: ReplayPolicy = { preset: "lazy" };
const others: ReplayPolicy[] = [{ preset: "window", seconds: 60 }, { preset: "strict" }];
const variant = { scope: null, audiences: null, lifetimeSeconds: 600 };
const offer = { redirectUri: "https://app.example/", expiresAt: 2000, failures: 0 };

type Options = { generation?: number; now?: number; policy?: ReplayPolicy; variant?: number };

/** The verdict on a token of this generation, issued at 1000, presented at `now`. */
const judge = (grant: Grant | undefined, { generation = 5, now = 1100, policy = lazy, variant = 0 }: Options = {}) =>
  judgeAccessToken(grant, { keyId: 1, grantId: makeGrant().id, generation, issuedAt: 1000, variant }, policy, now);

describe("an access token is inactive (refresh-tokens.md A5)", () => {
  test.each<[string, Grant | undefined, Options]>([
    ["unknown", undefined, {}],
    ["revoked", makeGrant({ state: "revoked", revokedAt: 5 }), {}],
    ["not_redeemed", makeGrant({ state: "offered", generation: 0, offer }), { generation: 0 }],
    ["grant_expired", makeGrant({ idleExpiresAt: 1100 }), {}],
    ["grant_expired", makeGrant({ expiresAt: 1100 }), {}],
    ["variant_unknown", makeGrant(), { variant: 1 }],
    ["variant_unknown", makeGrant({ variants: [{ ...variant, since: 1001 }] }), {}],
    ["expired", makeGrant(), { now: 1600 }],
    ["superseded", makeGrant({ confirmedAt: 1050 }), { generation: 4 }],
    ["superseded", makeGrant(), { generation: 3 }],
    ["superseded", makeGrant({ confirmedAt: 1050 }), { generation: 3 }],
  ])("because: %s", (because, grant, options) => expect(judge(grant, options)).toEqual({ active: false, because }));
});

describe("an access token is active", () => {
  const active = { active: true, variant, expiresAt: 1600 };

  test("until the second of its end", () =>
    expect(judge(makeGrant({ confirmedAt: 1050 }), { now: 1599 })).toEqual(active));
  test("from the second in which its variant was added", () => {
    const added = { ...variant, since: 1000 };
    expect(judge(makeGrant({ confirmedAt: 1050, variants: [added] }))).toEqual({ ...active, variant: added });
  });
  test("and its first use confirms its generation", () =>
    expect(judge(makeGrant())).toEqual({ ...active, confirms: 5 }));
  test("and confirms a generation ahead of the row, whether or not the row is confirmed", () => {
    for (const confirmedAt of [null, 1050])
      expect(judge(makeGrant({ confirmedAt }), { generation: 6 })).toEqual({ ...active, confirms: 6 });
  });
  test("if an older backup says that the code was not redeemed yet", () =>
    expect(judge(makeGrant({ state: "offered", generation: 0, offer }), { generation: 1 })).toEqual({
      ...active,
      confirms: 1,
    }));
  test("in a redeemed grant of generation 0, which is of client credentials, and confirms nothing", () =>
    expect(judge(makeGrant({ owner: null, generation: 0 }), { generation: 0 })).toEqual(active));
  test("of the predecessor under `lazy`, until the successor is used", () =>
    expect(judge(makeGrant(), { generation: 4 })).toEqual(active));
  test.each(others)("of every older generation under $preset", (policy) => {
    for (const confirmedAt of [null, 1050])
      for (const generation of [1, 4])
        expect(judge(makeGrant({ confirmedAt }), { generation, policy })).toEqual(active);
  });
});

test("an access token ends no later than its grant (TK-15)", () => {
  expect(accessTokenExpiry(makeGrant({ expiresAt: 1599 }), variant, 1000)).toBe(1599);
  expect(accessTokenExpiry(makeGrant({ expiresAt: 1601 }), variant, 1000)).toBe(1600);
});
