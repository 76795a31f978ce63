import type { Clock } from "@symbolon/server";

const tickMs = 100;
/**
 * So long may the event loop stand still before what has piled up is turned away (faults.md R-20): less is a busy
 * machine.
 */
export const patienceMs = 2_000;

export type StallWatch = {
  /** From the moment of waking until the loop has been on time once. Costs a reading of the clock and a comparison. */
  isStalled(): boolean;
  stop(): void;
};

/**
 * Notices that the process stood still: stopped, starved of its processor, or busy with one thing. What came in
 * meanwhile is served late or turned away at once; a client that hears 503 at once can ask again while it still has
 * time. `onStall` hears of each standstill afterwards, and how long it was.
 */
export function watchStalls(clock: Clock, onStall: (forMs: number) => void): StallWatch {
  let tickedAtMs = clock.monotonicMs();
  let isCatchingUp = false;
  const timer = setInterval(() => {
    const nowMs = clock.monotonicMs();
    const lateMs = nowMs - tickedAtMs - tickMs;
    tickedAtMs = nowMs;
    if (lateMs > patienceMs) {
      isCatchingUp = true;
      onStall(Math.round(lateMs));
    } else if (lateMs < tickMs) isCatchingUp = false;
  }, tickMs).unref();
  return {
    isStalled: () => isCatchingUp || clock.monotonicMs() - tickedAtMs > patienceMs + tickMs,
    stop: () => clearInterval(timer),
  };
}
