import { describe, expect, test } from "vitest";
import { makeGrant, scopeOfWords } from "../../test/grant.ts";
import type { ReplayPolicy } from "../applications/application.ts";
import type { Grant } from "./grant.ts";
import { decideRefresh } from "./refresh.ts";

const lazy: ReplayPolicy = { preset: "lazy" };
const window: ReplayPolicy = { preset: "window", seconds: 60 };
const intent = Uint8Array.of(1, 2, 3);
const { id: grant, application: client } = makeGrant();
const offer = { redirectUri: "https://app.example/", expiresAt: 2000, failures: 0 };

/** Presents the refresh token of `generation` at `now`; a use renews the idle lifetime for 600,000 seconds. */
function refreshing(
  row: Grant | undefined,
  {
    generation = 5,
    now = 1010,
    policy = lazy as ReplayPolicy,
    asks = {},
    by = client,
    withIntent = undefined as typeof intent | undefined,
  } = {},
) {
  const presented = { keyId: 1, grantId: grant, generation, issuedAt: 1000, variant: 0 };
  const narrowing = { lifetimeSeconds: 600, ...asks };
  const request = { client: { id: by, replay: policy }, presented, narrowing, intent: withIntent };
  const { answer, write } = decideRefresh(row, request, now, 600_000);
  return { ...answer, write };
}

describe("A3: a refused request writes nothing", () => {
  const refused = (reason: string, ...events: object[]) => ({
    result: { ok: false, reason },
    events,
    write: undefined,
  });

  test.each<[string, Grant | undefined]>([
    ["grant_unknown", undefined],
    ["grant_not_redeemed", makeGrant({ owner: null })],
    ["grant_revoked", makeGrant({ state: "revoked" })],
  ])("%s", (reason, row) => expect(refreshing(row)).toEqual(refused(reason)));
  test("grant_expired", () =>
    expect(refreshing(makeGrant({ idleExpiresAt: 1010 }))).toEqual(
      refused("grant_expired", { name: "grant.expired", grant }),
    ));
  test("binding_mismatch", () => {
    const other = "other" as typeof client;
    expect(refreshing(makeGrant(), { by: other })).toEqual(
      refused("binding_mismatch", { name: "refresh.binding_mismatch", client: other, grant }),
    );
  });
  test("a wider scope", () =>
    expect(refreshing(makeGrant(), { asks: { scope: scopeOfWords("admin") } })).toEqual(
      refused("scope_wider_than_grant"),
    ));
  test("a late retry of the predecessor", () =>
    expect(refreshing(makeGrant({ confirmedAt: 1005 }), { generation: 4 })).toEqual(
      refused("refresh_token_late_retry", { name: "refresh.late_retry", client, grant, generation: 5 }),
    ));
});

describe("A3: the current refresh token is rotated", () => {
  const row = makeGrant({ confirmedAt: 1005, replays: 2, intent, expiresAt: 700_000 });
  const write = {
    ...row,
    generation: 6,
    generationIssuedAt: 1010,
    confirmedAt: null,
    replays: 0,
    intent: null,
    idleExpiresAt: 601_010,
  };
  const rotated = { name: "refresh.rotated", client, grant, generation: 6 };
  const delivered = { name: "refresh.delivered", grant, generation: 5 };

  test("and the idle end moves", () =>
    expect(refreshing(row)).toEqual({
      result: { ok: true, value: { grant: write, variant: 0, issuedAt: 1010, expiresInSeconds: 600 } },
      events: [rotated],
      write,
    }));
  test("with the intent of the request", () =>
    expect(refreshing(row, { withIntent: intent }).write).toEqual({ ...write, intent }));
  test("which is its first use", () => expect(refreshing(makeGrant()).events).toEqual([delivered, rotated]));
  test("which is no delivery of a first generation", () =>
    expect(refreshing(makeGrant({ generation: 1 }), { generation: 1 }).events).toEqual([
      { ...rotated, generation: 2 },
    ]));
  test("which is no second delivery within its window", () =>
    expect(refreshing(makeGrant({ confirmedAt: 1005 }), { policy: window }).events).toEqual([rotated]));
  test.each([
    [1005, true],
    [null, false],
  ])("after its window; used at %s", (confirmedAt, wasDelivered) =>
    expect(refreshing(makeGrant({ confirmedAt }), { policy: window, now: 1060 }).events).toEqual([
      { name: "refresh.window_closed", grant, generation: 5, delivered: wasDelivered },
      rotated,
    ]),
  );
});

test("a newer token than the row, which an older backup has, is rotated, and the row catches up (R-22)", () => {
  const row = makeGrant({ state: "offered", generation: 0, offer });
  const { write, events, result } = refreshing(row, { generation: 7 });
  expect(events).toEqual([
    { name: "grant.caught_up", grant, from: 0, to: 7 },
    { name: "refresh.rotated", client, grant, generation: 8 },
  ]);
  expect(write).toMatchObject({ state: "active", offer: null, generation: 8, generationIssuedAt: 1010 });
  expect(result).toMatchObject({ ok: true, value: { issuedAt: 1010, grant: { generation: 8 } } });
});

test("catching up counts the window from now, and the newer token as used", () =>
  expect(refreshing(makeGrant(), { generation: 7, policy: window, now: 2000 }).events).toEqual([
    { name: "grant.caught_up", grant, from: 5, to: 7 },
    { name: "refresh.rotated", client, grant, generation: 8 },
  ]));

describe("A6: the predecessor gets its successor again", () => {
  const replay = (changes: Partial<Grant> = {}, options: Parameters<typeof refreshing>[1] = {}) => {
    const { result, ...others } = refreshing(makeGrant(changes), { generation: 4, ...options });
    if (!result.ok) throw new Error(result.reason);
    return { issuedAt: result.value.issuedAt, expiresInSeconds: result.value.expiresInSeconds, ...others };
  };

  test("with the same access token, and the replay is counted", () =>
    expect(replay({ replays: 2 })).toEqual({
      issuedAt: 1000,
      expiresInSeconds: 590,
      events: [{ name: "refresh.replayed", client, grant, generation: 5, replays: 3 }],
      write: makeGrant({ replays: 3 }),
    }));
  test("with a new one in the last minute of the old one", () => {
    expect(replay({}, { now: 1540 })).toMatchObject({ issuedAt: 1000, expiresInSeconds: 60 });
    expect(replay({}, { now: 1541 })).toMatchObject({ issuedAt: 1541, expiresInSeconds: 600 });
  });
  test("with a new one if a token of the grant was revoked", () =>
    expect(replay({ hasRevokedTokens: true })).toMatchObject({ issuedAt: 1010, expiresInSeconds: 600 }));
  test("with a new one if its variant was added later", () =>
    expect(replay({}, { asks: { lifetimeSeconds: 300 } })).toMatchObject({ issuedAt: 1010, expiresInSeconds: 300 }));
  test("byte for byte within the window, also of the lifetime", () => {
    const withIntent = intent;
    expect(replay({ intent }, { policy: window, now: 1059, withIntent })).toMatchObject({ expiresInSeconds: 600 });
    expect(replay({ intent }, { policy: window, now: 1060, withIntent })).toMatchObject({ expiresInSeconds: 540 });
    expect(replay({ hasRevokedTokens: true }, { policy: window })).toMatchObject({ issuedAt: 1010 });
  });
});

describe("A3: reuse ends the grant", () => {
  test.each<[string, Partial<Grant>, number, ReplayPolicy, boolean]>([
    ["an ancestor", {}, 3, lazy, false],
    ["a predecessor after the use of its successor", { confirmedAt: 1000 }, 4, lazy, true],
    ["a predecessor, replayed too often", { replays: 50 }, 4, lazy, false],
  ])("%s", (_, changes, generation, policy, delivered) => {
    const row = makeGrant(changes);
    const { result, events, write } = refreshing(row, { generation, policy });
    expect(result).toEqual({ ok: false, reason: "refresh_token_reuse" });
    expect(events).toEqual([
      { name: "refresh.reuse_detected", client, grant, presented: generation, head: 5, delivered },
      { name: "grant.revoked", grant, because: "refresh_token_reuse" },
    ]);
    expect(write).toMatchObject({ state: "revoked", revokedAt: 1010, revokedBecause: "refresh_token_reuse" });
  });
  test("after the window, which is an event of its own", () =>
    expect(refreshing(makeGrant(), { generation: 4, policy: window, now: 1060 }).events).toMatchObject([
      { name: "refresh.window_closed" },
      { name: "refresh.reuse_detected" },
      { name: "grant.revoked" },
    ]));
});
