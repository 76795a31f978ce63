import { describe, expect, test } from "vitest";
import { judge, type Circumstances, type Failure } from "./judge.ts";
import type { GrantRecord } from "./record.ts";

const startMs = 1_800_000_000_000;
const minute = 60_000;

const record = (changes: Partial<GrantRecord> = {}): GrantRecord => ({
  format: 1,
  id: "1",
  issuer: "https://provider.example",
  clientId: "app",
  version: 1,
  fence: 2,
  state: "refreshing",
  class: { kind: "lazy" },
  clientGeneration: 1,
  current: "sealed",
  issuedAt: { wallMs: startMs, offsetMs: 0 },
  lifetimeSeconds: 3600,
  boughtUnder: 1,
  lease: { owner: "one", beat: 0, ms: 24_000 },
  intent: { startedAtMs: startMs },
  streak: 0,
  evidence: [],
  ...changes,
});

const known = (changes: Partial<Circumstances> = {}): Circumstances => ({
  serverNowMs: startMs,
  dated: true,
  fraction: 0,
  mayBeProcessed: false,
  suspicionSeenMs: 0,
  readsIntent: false,
  clientGeneration: 1,
  clientKnown: true,
  secret: "rt-1",
  ...changes,
});

const refusal: Failure = { kind: "refused", about: "grant", code: "invalid_grant", status: 400, final: false };
const suspicion = { sinceMs: startMs, dated: true, refusals: 3, generation: 1 };
const suspect = (changes: Partial<NonNullable<GrantRecord["suspicion"]>> = {}): GrantRecord =>
  record({ suspicion: { ...suspicion, ...changes } });

describe("refresh-tokens.md B8: how long a grant must have been refused", () => {
  test.each<[string, GrantRecord, Partial<Circumstances>, GrantRecord["state"]]>([
    ["not for ten minutes by the provider's clock", suspect(), { serverNowMs: startMs + 10 * minute - 1 }, "suspect"],
    ["for ten minutes by the provider's clock", suspect(), { serverNowMs: startMs + 10 * minute }, "dead"],
    ["for ten minutes as this process has seen", suspect(), { suspicionSeenMs: 10 * minute }, "dead"],
    ["not for ten minutes as this process has seen", suspect(), { suspicionSeenMs: 10 * minute - 1 }, "suspect"],
    [
      "for ten minutes by a clock that is not the provider's now",
      suspect(),
      { serverNowMs: startMs + 10 * minute, dated: false },
      "suspect",
    ],
    [
      "for ten minutes by a clock that was not the provider's then",
      suspect({ dated: false }),
      { serverNowMs: startMs + 10 * minute },
      "suspect",
    ],
    ["for ten minutes, but only twice before", suspect({ refusals: 2 }), { suspicionSeenMs: 20 * minute }, "suspect"],
    [
      "for ten minutes, by a client that is not known good",
      suspect(),
      { suspicionSeenMs: 20 * minute, clientKnown: false },
      "suspect",
    ],
    [
      "for ten minutes, with an earlier client",
      suspect({ generation: 1 }),
      { suspicionSeenMs: 20 * minute, clientGeneration: 2 },
      "suspect",
    ],
    [
      "once before, ten minutes ago, where each refusal may spend a token (strict)",
      { ...suspect({ refusals: 1 }), class: { kind: "strict" } },
      { suspicionSeenMs: 10 * minute },
      "dead",
    ],
    [
      "once before, ten minutes ago, under strict with an intent key",
      { ...suspect({ refusals: 1 }), class: { kind: "strict" } },
      { suspicionSeenMs: 10 * minute, readsIntent: true },
      "suspect",
    ],
    ["for the first time (strict)", record({ class: { kind: "strict" } }), { suspicionSeenMs: 10 * minute }, "suspect"],
  ])("refused %s", (_, before, changes, state) => {
    expect(judge(before, refusal, known(changes)).record.state).toBe(state);
  });

  test("a final refusal by an unknown client is a suspicion", () => {
    const final: Failure = { ...refusal, final: true };
    expect(judge(record(), final, known()).record.state).toBe("dead");
    expect(judge(record(), final, known({ clientKnown: false })).record.state).toBe("suspect");
  });
});

describe("refresh-tokens.md B8: a suspicion", () => {
  test("begins with the first refusal, and is told once", () => {
    const judged = judge(record({ streak: 4 }), refusal, known());
    expect(judged.event).toBe("suspect");
    expect(judged.record).toEqual({
      ...record(),
      lease: undefined,
      intent: undefined,
      state: "suspect",
      streak: 0,
      suspicion: { sinceMs: startMs, dated: true, refusals: 1, generation: 1 },
      nextAttempt: { atMs: startMs + 200_000, waitMs: 200_000 },
      evidence: [{ atMs: startMs, version: 1, code: "invalid_grant", status: 400, description: undefined }],
    });
    expect(judge(suspect(), refusal, known()).event).toBeUndefined();
  });

  test.each<[number, number, number]>([
    [0, 0, 200_000],
    [0, 0.625, 212_500],
    [3, 0, 200_000],
    [4, 0, 400_000],
    [5, 0, 800_000],
    [11, 0, 200_000 * 256],
    [40, 0, 200_000 * 256],
  ])("after %i refusals, with the random fraction %d, the next attempt is %d ms away", (refusals, fraction, waitMs) => {
    const judged = judge(suspect({ refusals }), refusal, known({ fraction }));
    expect(judged.record.nextAttempt).toEqual({ atMs: startMs + waitMs, waitMs });
    expect(judged.record.suspicion).toEqual({ ...suspicion, refusals: refusals + 1 });
  });

  test("of a grant whose refusals may spend a token is confirmed after ten minutes (strict)", () => {
    const strict = record({ class: { kind: "strict" } });
    expect(judge(strict, refusal, known()).record.nextAttempt!.waitMs).toBe(600_000);
    expect(judge(strict, refusal, known({ readsIntent: true })).record.nextAttempt!.waitMs).toBe(200_000);
  });

  test("of a later generation of the client is kept where an earlier one is refused", () => {
    const judged = judge(suspect({ generation: 3 }), refusal, known({ clientGeneration: 2 }));
    expect(judged.record.suspicion).toEqual({ ...suspicion, generation: 3, refusals: 4 });
  });
});

describe("refresh-tokens.md B3.2: without an answer", () => {
  const unknown: Failure = { kind: "unknown", code: "timeout" };
  const unsent: Failure = { kind: "not_processed", code: "connection" };

  test.each<[string, GrantRecord, Failure, boolean, GrantRecord["state"], "ambiguous" | undefined]>([
    ["an unknown outcome", record(), unknown, false, "ambiguous", "ambiguous"],
    ["a second unknown outcome", record({ state: "ambiguous" }), unknown, false, "ambiguous", undefined],
    ["what was not processed", record(), unsent, false, "active", undefined],
    ["what was not processed after what may have been", record(), unsent, true, "ambiguous", "ambiguous"],
    ["what was not processed, of a suspect", suspect(), unsent, false, "suspect", undefined],
  ])("%s leaves the grant as it is known", (_, before, failure, mayBeProcessed, state, event) => {
    const judged = judge(before, failure, known({ mayBeProcessed }));
    expect(judged).toMatchObject({ event, record: { state, lease: undefined, streak: 1 } });
    expect(judged.record.intent).toEqual(state === "ambiguous" ? { startedAtMs: startMs } : undefined);
  });

  test("a refusal of the client says nothing about the grant", () => {
    const aboutClient: Failure = {
      kind: "refused",
      about: "client",
      code: "invalid_client",
      status: 401,
      final: false,
    };
    expect(judge(record(), aboutClient, known())).toMatchObject({ record: { state: "active", streak: 0 } });
    expect(judge(record(), aboutClient, known({ mayBeProcessed: true })).record.state).toBe("ambiguous");
  });

  test.each(["dead", "revoking"] as const)("a grant that is %s stays so, and gives its lease back", (state) => {
    for (const failure of [unknown, unsent, refusal]) {
      const judged = judge(record({ state }), failure, known());
      expect(judged).toMatchObject({ record: { state, lease: undefined, evidence: [{ code: failure.code }] } });
      expect(judged.event).toBeUndefined();
    }
  });

  test.each<[string, GrantRecord, Failure, Partial<Circumstances>, number]>([
    ["at once with a small draw", record(), unknown, { fraction: 0 }, 100],
    ["at most a second after the first failure", record(), unknown, { fraction: 1 }, 1100],
    ["at most five minutes later", record({ streak: 12 }), unknown, { fraction: 1 }, 300_100],
    [
      "within a sixth of the replay window, where the answer may be lost",
      record({ streak: 12, class: { kind: "grace", windowSeconds: 60 } }),
      unknown,
      { fraction: 1 },
      10_100,
    ],
    [
      "without regard to the window, where nothing was processed",
      record({ streak: 12, class: { kind: "grace", windowSeconds: 60 } }),
      unsent,
      { fraction: 1 },
      300_100,
    ],
    [
      "without regard to the window, with an intent key",
      record({ streak: 12, class: { kind: "replay", windowSeconds: 60 } }),
      unknown,
      { fraction: 1, readsIntent: true },
      300_100,
    ],
    ["when the provider says", record(), { ...unsent, retryAfterMs: 40_000 }, {}, 40_000],
    [
      "at most fifteen minutes later where the provider says later",
      record(),
      { ...unsent, retryAfterMs: 9e9 },
      {},
      900_000,
    ],
    [
      "within half of the window where the provider says later",
      record({ class: { kind: "grace", windowSeconds: 60 } }),
      { ...unsent, retryAfterMs: 9e9 },
      {},
      30_000,
    ],
  ])("tries again %s", (_, before, failure, changes, waitMs) => {
    const { nextAttempt } = judge(before, failure, known(changes)).record;
    expect(nextAttempt).toEqual({ atMs: startMs + waitMs, waitMs });
  });
});

describe("refresh-tokens.md B8: evidence", () => {
  test("keeps the ten latest failures", () => {
    const evidence = Array.from({ length: 10 }, (_, index) => ({ atMs: index, version: 1, code: "timeout" }));
    const after = judge(record({ evidence }), refusal, known()).record.evidence;
    expect(after).toHaveLength(10);
    expect(after.map(({ atMs }) => atMs)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, startMs]);
  });

  test("never repeats the secret, and is short", () => {
    const description = `rt-1 is not rt-1 ${"x".repeat(300)}`;
    const [only] = judge(record(), { ...refusal, description }, known()).record.evidence;
    expect(only!.description).toMatch(/^… is not … x+$/);
    expect(only!.description).toHaveLength(200);
  });
});
