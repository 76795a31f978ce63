import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fakeClock } from "@symbolon/testing";
import { toleratedMs, detectStalls } from "../src/serve/stall-detector.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const clock = fakeClock();
  const stalls: number[] = [];
  const watch = detectStalls(clock, (forMs) => stalls.push(forMs));
  const pass = (ms: number): void => {
    clock.advanceSeconds(ms / 1000);
    vi.advanceTimersByTime(ms);
  };
  /** Time passes, and no timer runs. */
  const standStill = (ms: number): void => clock.advanceSeconds(ms / 1000);
  return { watch, stalls, pass, standStill };
}

describe("R-20: a stall of the event loop", () => {
  test("is reported before any timer has run, and until one tick is on time", () => {
    const { watch, stalls, pass, standStill } = watched();
    pass(100);
    standStill(3_000);
    expect(watch.isStalled()).toBe(true);
    pass(100);
    expect([watch.isStalled(), stalls]).toEqual([true, [3_000]]);
    pass(100);
    expect([watch.isStalled(), stalls]).toEqual([false, [3_000]]);
    watch.stop();
  });

  test("is not reported for usual pauses", () => {
    const { watch, stalls, pass, standStill } = watched();
    for (const ms of [10, 100, 500, toleratedMs]) {
      standStill(ms);
      expect(watch.isStalled()).toBe(false);
      pass(100);
      expect(watch.isStalled()).toBe(false);
    }
    expect(stalls).toEqual([]);
    watch.stop();
  });
});
