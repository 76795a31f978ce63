import { setTimeout as sleep } from "node:timers/promises";

/** Where this package touches time and chance: only to wait for a lock that another process holds. */
export const monotonicMs = (): number => performance.now();

/**
 * A pause before attempt `attempt` (0, 1, 2, …): grows to 32 ms, and is random, so that two processes fall out of step.
 */
export const pauseMs = (attempt: number): number => 1 + Math.random() * 2 ** Math.min(attempt, 5);

export const pause = (ms: number): Promise<void> => sleep(ms);

const atOnce = Promise.resolve();

/**
 * Runs `then` when this callback of the event loop is over, and the ticks and promises that were due have run; before
 * any input is read. A tick alone would come before the promises where the caller itself runs in a tick.
 */
export function whenTurnEnds(then: () => void): void {
  void atOnce.then(() => process.nextTick(then));
}

/** For the moment of opening, when there is no event loop to keep free yet. */
export function pauseSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
