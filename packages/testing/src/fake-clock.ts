import type { EpochSeconds } from "@symbolon/protocol";
import type { Clock } from "@symbolon/server";

export type FakeClock = Clock & {
  /** Advances both clocks. */
  advanceSeconds(seconds: number): void;
  /** Sets the wall clock; the monotonic clock is unaffected (faults.md R-19). */
  stepWallSeconds(seconds: number): void;
  /** The wall time, as grants know it. */
  now(): EpochSeconds;
};

/** A clock that moves only when a test moves it. */
export function fakeClock(startsAt: EpochSeconds = 1_800_000_000): FakeClock {
  let wallMs = startsAt * 1000;
  let monotonicMs = 0;
  return {
    epochMs: () => wallMs,
    monotonicMs: () => monotonicMs,
    now: () => Math.floor(wallMs / 1000),
    advanceSeconds(seconds) {
      wallMs += seconds * 1000;
      monotonicMs += seconds * 1000;
    },
    stepWallSeconds(seconds) {
      wallMs += seconds * 1000;
    },
  };
}
