import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fakeClock } from "@symbolon/testing";
import { patienceMs, watchStalls } from "../src/serve/stall-watch.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const clock = fakeClock();
  const stalls: number[] = [];
  const watch = watchStalls(clock, (forMs) => stalls.push(forMs));
  const pass = (ms: number): void => {
    clock.advanceSeconds(ms / 1000);
    vi.advanceTimersByTime(ms);
  };
  /** Time passes, and no timer runs. */
  const standStill = (ms: number): void => clock.advanceSeconds(ms / 1000);
  return { watch, stalls, pass, standStill };
}

describe("R-20: a standstill is noticed", () => {
  test("at once by whoever asks first, before any timer has run, and until the loop has been on time", () => {
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

  test("the usual pauses are none", () => {
    const { watch, stalls, pass, standStill } = watched();
    for (const ms of [10, 100, 500, patienceMs]) {
      standStill(ms);
      expect(watch.isStalled()).toBe(false);
      pass(100);
      expect(watch.isStalled()).toBe(false);
    }
    expect(stalls).toEqual([]);
    watch.stop();
  });
});
