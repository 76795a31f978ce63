import { describe, expect, test } from "vitest";
import { fakeClock } from "./fake-clock.ts";
import { seededRandom } from "./seeded-random.ts";

describe("R-19: the fake clock", () => {
  test("moves only when a test moves it", () => {
    const clock = fakeClock(1000);
    expect([clock.epochMs(), clock.monotonicMs(), clock.now()]).toEqual([1_000_000, 0, 1000]);
  });

  test("advancing moves both clocks; setting the wall clock leaves the monotonic clock unchanged", () => {
    const clock = fakeClock(1000);
    clock.advanceSeconds(5);
    clock.stepWallSeconds(-3600);
    expect([clock.now(), clock.monotonicMs()]).toEqual([1000 + 5 - 3600, 5000]);
  });
});

describe("seeded randomness", () => {
  test("equal seeds give equal bytes, different seeds different ones", () => {
    expect(seededRandom(1)(32)).not.toEqual(seededRandom(2)(32));
    expect(seededRandom(1)(32)).toEqual(seededRandom(1)(32));
  });

  test("bytes do not repeat, and numbers are below their limit", () => {
    const random = seededRandom(7);
    expect(new Set(Array.from({ length: 1000 }, () => random(8).join())).size).toBe(1000);
    const numbers = Array.from({ length: 1000 }, () => random.below(6));
    expect(new Set(numbers)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  });
});
