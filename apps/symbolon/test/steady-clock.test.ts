import { describe, expect, test } from "vitest";
import { fakeClock } from "@symbolon/testing";
import { steadyClock } from "../src/data/steady-clock.ts";

const [minute, hour, day] = [60, 3600, 86_400];

/** A steady clock over one that a test moves; times are seconds after its start. */
function moved(reachedAfter?: number) {
  const source = fakeClock();
  const start = source.now();
  const clock = steadyClock(source, reachedAfter === undefined ? 0 : (start + reachedAfter) * 1000);
  const now = () => clock.epochMs() / 1000 - start;
  const proven = () => clock.provenMs() / 1000 - start;
  /** Lets time pass as a server does, which looks at the clock all the time. */
  const pass = (seconds: number): void => {
    for (let passed = 0; passed < seconds; passed += minute) {
      source.advanceSeconds(Math.min(minute, seconds - passed));
      now();
    }
  };
  return { source, clock, now, proven, pass };
}

describe("ST-14: time does not go back", () => {
  test("it is the wall-clock time while that goes on", () => {
    const { now, proven, pass, clock } = moved();
    pass(3 * day);
    expect([now(), proven(), clock.behindMs()]).toEqual([3 * day, 3 * day, 0]);
  });

  test("an hour on and back: the time stays an hour ahead, and goes on at half its pace until the wall clock is there", () => {
    const { source, now, pass, clock } = moved();
    pass(minute);
    source.stepWallSeconds(hour);
    expect(now()).toBe(minute + hour);
    source.stepWallSeconds(-hour);
    expect([now(), clock.behindMs() / 1000]).toEqual([minute + hour, hour]);
    pass(hour);
    expect([now(), clock.behindMs() / 1000]).toEqual([minute + 1.5 * hour, hour / 2]);
    pass(hour);
    expect([now(), clock.behindMs()]).toEqual([minute + 2 * hour, 0]);
    pass(hour);
    expect(now()).toBe(minute + 3 * hour);
  });

  test("ten days on: what expires by it is expired at once, and nothing is proven for ten minutes", () => {
    const { source, now, proven, pass } = moved();
    source.stepWallSeconds(10 * day);
    expect([now(), proven()]).toEqual([10 * day, 0]);
    pass(9 * minute);
    expect([now(), proven()]).toEqual([10 * day + 9 * minute, 9 * minute]);
    source.stepWallSeconds(-10 * day);
    expect([now(), proven()]).toEqual([9 * minute, 9 * minute]);
  });

  test("ten days on for ten minutes is believed, and does not go back", () => {
    const { source, now, proven, pass } = moved();
    source.stepWallSeconds(10 * day);
    now();
    pass(10 * minute);
    expect(proven()).toBe(10 * day + 10 * minute);
    source.stepWallSeconds(-10 * day);
    expect(now()).toBe(10 * day + 10 * minute);
  });

  test("steps of ten days at different times do not add up to ten minutes", () => {
    const { source, proven, pass } = moved();
    for (let step = 0; step < 4; step++) {
      source.stepWallSeconds(10 * day);
      proven();
      pass(6 * minute);
      source.stepWallSeconds(-10 * day);
      pass(minute);
    }
    expect(proven()).toBe(28 * minute);
  });

  test("a process begins at the latest time that the database knows", () => {
    const ahead = moved(day);
    expect([ahead.now(), ahead.clock.behindMs() / 1000]).toEqual([day, day]);
    const behind = moved(-30 * day);
    expect([behind.now(), behind.proven()]).toEqual([0, -30 * day]);
    behind.pass(11 * minute);
    expect(behind.proven()).toBe(11 * minute);
  });

  test("it is a whole number of milliseconds", () => {
    const { source, clock } = moved(1);
    source.advanceSeconds(0.000_5);
    expect(clock.epochMs()).toBe(Math.floor(clock.epochMs()));
  });

  test("takes over the time that another server has reached", () => {
    const { clock, now } = moved();
    clock.reach(clock.epochMs() + 5000);
    expect(now()).toBe(5);
    clock.reach(0);
    expect(now()).toBe(5);
  });
});
