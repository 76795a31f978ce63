import type { Clock } from "@symbolon/server";

const tickMs = 100;
/**
 * How long the event loop may be blocked before waiting requests are answered 503 (faults.md R-20). A shorter block is
 * normal on a busy machine.
 */
export const toleratedMs = 2_000;

export type StallDetector = {
  /** True from the end of a stall until one tick is on time. Costs one reading of the clock and one comparison. */
  isStalled(): boolean;
  stop(): void;
};

/**
 * Detects that the event loop was blocked: the process was stopped, had no processor, or computed for too long.
 * Requests that arrived meanwhile are answered 503 at once, so that their clients can repeat them before they time out.
 * `onStall` receives the length of each stall after it has ended.
 */
export function detectStalls(clock: Clock, onStall: (forMs: number) => void): StallDetector {
  let tickedAtMs = clock.monotonicMs();
  let isCatchingUp = false;
  const timer = setInterval(() => {
    const nowMs = clock.monotonicMs();
    const lateMs = nowMs - tickedAtMs - tickMs;
    tickedAtMs = nowMs;
    if (lateMs > toleratedMs) {
      isCatchingUp = true;
      onStall(Math.round(lateMs));
    } else if (lateMs < tickMs) isCatchingUp = false;
  }, tickMs).unref();
  return {
    isStalled: () => isCatchingUp || clock.monotonicMs() - tickedAtMs > toleratedMs + tickMs,
    stop: () => clearInterval(timer),
  };
}
