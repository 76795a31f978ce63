import { setTimeout as sleep } from "node:timers/promises";

/** The clock and the randomness of this package, used only to wait for a lock that another process holds. */
export const monotonicMs = (): number => performance.now();

/**
 * The pause before attempt `attempt` (0, 1, 2, …) in milliseconds: grows to 32, and is random, so that two processes do
 * not retry in step.
 */
export const pauseMs = (attempt: number): number => 1 + Math.random() * 2 ** Math.min(attempt, 5);

export const pause = (ms: number): Promise<void> => sleep(ms);

const atOnce = Promise.resolve();

/**
 * Runs `then` after this callback of the event loop and the ticks and promises that were due, and before any input is
 * read. A tick alone would run before the promises if the caller runs in a tick itself.
 */
export function whenTurnEnds(then: () => void): void {
  void atOnce.then(() => process.nextTick(then));
}

/** For opening, when the event loop need not be kept free yet. */
export function pauseSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
