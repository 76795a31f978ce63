import type { Clock } from "@symbolon/server";

/** The clock of this machine. */
export const systemClock: Clock = {
  epochMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
