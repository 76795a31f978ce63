import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { pairOf, rotate, type Answer, type PairOrigin } from "./judge.ts";
import type { GrantRecord } from "./record.ts";
import { hour, lazy } from "./testing/given.ts";
import { adopted } from "./testing/stage.ts";

const before: GrantRecord = {
  format: 1,
  id: "1",
  issuer: "https://provider.example",
  clientId: "app",
  version: 4,
  fence: 9,
  state: "refreshing",
  class: lazy,
  clientGeneration: 1,
  current: "old",
  previous: "older",
  accessOnly: true,
  issuedAt: { wallMs: 1, offsetMs: 2, ageMs: 3 },
  lifetimeSeconds: 3600,
  refreshAfterMs: 1,
  scope: ["read"],
  adopted: ["digest"],
  forced: true,
  boughtUnder: 7,
  lease: { owner: "one", beat: 0, ms: 24_000 },
  intent: { startedAtMs: 1 },
  intentKey: "key",
  nextAttempt: { atMs: 1, waitMs: 1 },
  suspicion: { sinceMs: 1, dated: true, refusals: 1 },
  streak: 3,
  evidence: [{ atMs: 1, version: 4, code: "timeout" }],
};
const origin: PairOrigin = { wallMs: 50, offsetMs: 60, fraction: 0, clientGeneration: 2, fence: 8 };
const next = (changes: Partial<GrantRecord> = {}, tokens: Parameters<typeof rotate>[2] = {}, fraction = 0) =>
  rotate({ ...before, ...changes }, "new", tokens, { ...origin, fraction });

describe("refresh-tokens.md B5: a new pair", () => {
  test("clears what was known of the old one, and keeps what the answer left out (B3.5)", () => {
    expect(JSON.parse(JSON.stringify(next()))).toEqual({
      format: 1,
      id: "1",
      issuer: "https://provider.example",
      clientId: "app",
      version: 5,
      fence: 9,
      state: "active",
      class: lazy,
      clientGeneration: 2,
      current: "new",
      previous: "old",
      issuedAt: { wallMs: 50, offsetMs: 60 },
      lifetimeSeconds: 3600,
      refreshAfterMs: 0.8 * hour,
      scope: ["read"],
      adopted: ["digest"],
      boughtUnder: 8,
      streak: 0,
      evidence: before.evidence,
    });
  });

  test("has the lifetime and the scope of the answer", () => {
    expect(next({}, { lifetimeSeconds: 100, scope: ["write"] })).toMatchObject({
      lifetimeSeconds: 100,
      refreshAfterMs: 80_000,
      scope: ["write"],
    });
  });

  test.each<[string, Partial<GrantRecord>, number | undefined]>([
    ["Infinity", {}, Infinity],
    ["NaN", {}, NaN],
    ["nothing, and the old pair neither", { lifetimeSeconds: undefined }, undefined],
    ["nothing, and the old pair was a restored one", { lifetimeSeconds: 0 }, undefined],
  ])("has no lifetime and no refresh point where the answer says %s", (_, changes, lifetimeSeconds) => {
    const { lifetimeSeconds: kept, refreshAfterMs } = next(
      changes,
      lifetimeSeconds === undefined ? {} : { lifetimeSeconds },
    );
    expect([kept, refreshAfterMs]).toEqual([undefined, undefined]);
  });

  test.each([
    [100, 0, 80_000],
    [100, 0.5, 87_500],
    [100, 0.999, 94_985],
    [1, 0.999, 949],
    [0, 0.5, 0],
  ])(
    "of %i s is due between 80 and 95 %% of them: with the draw %d after %i ms (B10)",
    (lifetimeSeconds, fraction, ms) => expect(next({}, { lifetimeSeconds }, fraction).refreshAfterMs).toBe(ms),
  );

  test.each<[Partial<GrantRecord>, GrantRecord["state"], GrantRecord["cause"]]>([
    [{ state: "suspect" }, "active", undefined],
    [{ state: "dead", cause: "refused", endedAtMs: 5 }, "active", undefined],
    [{ state: "dead", cause: "revoked", endedAtMs: 5 }, "revoking", "revoked"],
    [{ state: "revoking" }, "revoking", undefined],
    [{ state: "dead", cause: "replaced", endedAtMs: 5 }, "dead", "replaced"],
    [{ state: "revoking", cause: "replaced" }, "revoking", "replaced"],
  ])("of a grant that is %j leaves it %s (%s)", (changes, state, cause) => {
    const after = next(changes);
    expect([after.state, after.cause]).toEqual([state, cause]);
    expect(after.endedAtMs).toBe(state === "dead" ? 5 : undefined);
  });

  test("has the refresh token that was sent, where the answer has none (B3.5)", () => {
    const answer = (refresh?: string): Answer => ({
      base: before,
      spent: { access: "at-1", refresh: "rt-1" },
      tokens: { accessToken: new Sealed("at-2"), ...(refresh && { refreshToken: new Sealed(refresh) }) },
      origin,
    });
    expect(pairOf(answer())).toEqual({ access: "at-2", refresh: "rt-1" });
    expect(pairOf(answer("rt-2"))).toEqual({ access: "at-2", refresh: "rt-2" });
  });
});

describe("refresh-tokens.md B6: the name of a process in a lease", () => {
  test.each([
    [undefined, /^[\w-]{16}$/],
    ["worker 1", /^worker 1 [\w-]{16}$/],
  ])("of a process that is called %j", async (name, expected) => {
    const { world, provider, process, record } = await adopted(lazy);
    const { keeper } = process({ name });
    await world.pass(hour);
    provider.faults.push({ afterMs: 1000 });
    const refreshing = keeper.token("1");
    await world.pass(500);
    expect(record().lease!.owner).toMatch(expected);
    await world.run(refreshing);
  });
});
