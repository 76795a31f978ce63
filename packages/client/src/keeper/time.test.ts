import { describe, expect, test } from "vitest";
import type { GrantRecord } from "./record.ts";
import {
  ageMs,
  elapsedMs,
  lifeLeftMs,
  marginMs,
  observe,
  unchangedMs,
  waitLeftMs,
  wholeSeconds,
  type Moment,
} from "./time.ts";

const wallMs = 1_800_000_000_000;
/** A moment; the wall clock may have been set forward since the process began. */
const at = (ms: number, setForwardMs = 0): Moment => ({ monotonicMs: ms, wallMs: wallMs + ms + setForwardMs });

/** A pair that was requested at 0, by a writer whose clock is right. */
const record = (changes: Partial<GrantRecord> = {}): GrantRecord => ({
  format: 1,
  id: "1",
  issuer: "https://provider.example",
  clientId: "app",
  version: 1,
  fence: 1,
  state: "active",
  class: { kind: "lazy" },
  clientGeneration: 1,
  current: "sealed",
  issuedAt: { wallMs, offsetMs: 0 },
  lifetimeSeconds: 3600,
  boughtUnder: 1,
  streak: 0,
  evidence: [],
  ...changes,
});

describe("refresh-tokens.md B9: how much time has passed", () => {
  test.each([
    ["by both clocks", at(500), 400],
    ["by the monotonic clock, where the wall clock was set back", at(500, -5000), 400],
    ["by the wall clock, where the monotonic clock stood still (C-13)", at(500, 5000), 5400],
    ["never less than nothing", at(50, -5000), 0],
  ])("%s", (_, now, expected) => expect(elapsedMs(at(100), now)).toBe(expected));
});

describe("refresh-tokens.md B9: the age of a pair that is seen for the first time", () => {
  const skewed = (offsetMs: number) => record({ issuedAt: { wallMs: wallMs - 2000, offsetMs } });
  test.each<[string, GrantRecord, number | undefined, number]>([
    ["by the writer's wall clock and ours", skewed(0), undefined, 3000],
    ["the lower one, where the writer's clock was wrong", skewed(700), undefined, 2300],
    ["the lower one, where ours is", skewed(-700), undefined, 3000],
    ["by the provider's clock, where both know it", skewed(-700), -200, 3500],
    ["by the provider's clock also where that is younger", skewed(700), 200, 2500],
    ["never less than nothing", record({ issuedAt: { wallMs: wallMs + 9000, offsetMs: 0 } }), undefined, 0],
  ])("%s", (_, found, offsetMs, expected) => {
    const seen = observe(undefined, found, at(1000), offsetMs);
    expect(seen).toMatchObject({ version: 1, ageMs: expected, since: at(1000), last: at(1000) });
    expect(ageMs(seen, at(1400))).toBe(expected + 400);
  });
});

describe("refresh-tokens.md B9: the age of a pair that replaces one that was seen", () => {
  const before = observe(undefined, record(), at(0), undefined);
  const next = (changes: Partial<GrantRecord> = {}) =>
    record({ version: 2, issuedAt: { wallMs: wallMs - 90_000, offsetMs: 0 }, ...changes });

  test("is at most the time since the record was read last", () => {
    const again = observe(before, record(), at(3000), undefined);
    expect(again).toEqual({ ...before, last: at(3000) });
    expect(observe(again, next(), at(5000), undefined).ageMs).toBe(2000);
  });

  test("is younger where the clocks say so", () => {
    const young = next({ issuedAt: { wallMs: wallMs + 4500, offsetMs: 0 } });
    expect(observe(before, young, at(5000), undefined).ageMs).toBe(500);
  });

  test("has what its writer recorded besides", () => {
    const late = next({ issuedAt: { wallMs: wallMs - 90_000, offsetMs: 0, ageMs: 60_000 } });
    expect(observe(before, late, at(5000), undefined).ageMs).toBe(65_000);
  });

  test("is by the wall clocks where the version is an earlier one: the store was restored", () => {
    const restored = next({ version: 0 });
    expect(observe(before, restored, at(5000), undefined)).toMatchObject({ version: 0, ageMs: 95_000 });
  });
});

describe("refresh-tokens.md B6: for how long a part of a record has been unchanged", () => {
  const lease = { owner: "one", beat: 0, ms: 24_000 };
  const suspicion = { sinceMs: 1, dated: true, refusals: 1 };
  const full = record({
    lease,
    intent: { startedAtMs: 1 },
    nextAttempt: { atMs: 1, waitMs: 1 },
    suspicion,
  });
  const parts = ["lease", "intent", "wait", "suspicion"] as const;
  const unchangedAfter = (changed: Partial<GrantRecord>): number[] => {
    const seen = observe(observe(undefined, full, at(0), 0), { ...full, ...changed }, at(700), 0);
    return parts.map((part) => unchangedMs(seen, part, at(1000)));
  };

  test.each<[string, Partial<GrantRecord>, number[]]>([
    ["nothing changes", {}, [1000, 1000, 1000, 1000]],
    ["what is not part of it changes", { streak: 4, state: "suspect" }, [1000, 1000, 1000, 1000]],
    ["a heartbeat", { lease: { ...lease, beat: 1 } }, [300, 1000, 1000, 1000]],
    ["another holder", { lease: { ...lease, owner: "two" } }, [300, 1000, 1000, 1000]],
    ["a later fencing token", { fence: 2 }, [300, 1000, 1000, 1000]],
    ["another intent", { intent: { startedAtMs: 2 } }, [1000, 300, 1000, 1000]],
    ["another wait", { nextAttempt: { atMs: 2, waitMs: 1 } }, [1000, 1000, 300, 1000]],
    ["another suspicion", { suspicion: { ...suspicion, sinceMs: 2 } }, [1000, 1000, 1000, 300]],
    ["a refusal more", { suspicion: { ...suspicion, refusals: 2 } }, [1000, 1000, 1000, 1000]],
    ["another version", { version: 2 }, [1000, 300, 300, 300]],
    [
      "its absence",
      { lease: undefined, intent: undefined, nextAttempt: undefined, suspicion: undefined },
      [0, 0, 0, 0],
    ],
  ])("%s", (_, changed, expected) => expect(unchangedAfter(changed)).toEqual(expected));

  test("a wall clock that is set forward does not end a lease", () => {
    const seen = observe(undefined, full, at(0), 0);
    expect(unchangedMs(seen, "lease", at(1000, 3_600_000))).toBe(1000);
  });
});

describe("refresh-tokens.md B9: life, margin and wait", () => {
  test("what is left of a lifetime, in whole seconds for callers", () => {
    expect(lifeLeftMs({ lifetimeSeconds: 2 }, 500)).toBe(1500);
    expect(lifeLeftMs({}, 500)).toBe(Infinity);
    expect([1999, 0, -1].map(wholeSeconds)).toEqual([1, 0, 0]);
    expect(wholeSeconds(Infinity)).toBeUndefined();
  });

  test("the margin is a fifth of the lifetime, and at most a minute", () => {
    const margins = [10, 299, 301, 86_400, undefined].map((lifetimeSeconds) => marginMs(record({ lifetimeSeconds })));
    expect(margins).toEqual([2000, 59_800, 60_000, 60_000, 60_000]);
  });

  test.each([
    ["by the provider's clock", at(300), 300, 700],
    ["by having been observed, where the wall clock was set back", at(300), -9000, 700],
    ["by the provider's clock, where that is ahead of the observation", at(300), 900, 100],
    ["never less than nothing", at(5000), 5000, 0],
  ])("a wait ends %s", (_, now, serverMs, leftMs) => {
    const waiting = record({ nextAttempt: { atMs: wallMs + 1000, waitMs: 1000 } });
    const seen = observe(undefined, waiting, at(0), 0);
    expect(waitLeftMs(waiting, seen, now, wallMs + serverMs)).toBe(leftMs);
    expect(waitLeftMs(record(), seen, now, wallMs + serverMs)).toBe(0);
  });
});
