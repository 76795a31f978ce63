import { setTimeout as sleep } from "node:timers/promises";

/** For the wait for a lock that another process holds. */
export const monotonicMs = (): number => performance.now();

/**
 * Waits before attempt `attempt` (0, 1, 2, …): a random time of at most 2 to 33 ms, so that two processes do not stay
 * in step.
 */
export const pause = (attempt: number): Promise<void> => sleep(1 + Math.random() * 2 ** Math.min(attempt, 5));
