import { setTimeout as sleep } from "node:timers/promises";

/** Where this store touches time and chance: only to wait for a lock that another process holds. */
export const monotonicMs = (): number => performance.now();

/**
 * A pause before attempt `attempt` (0, 1, 2, …): grows to 32 ms, and is random, so that two processes fall out of step.
 */
export const pause = (attempt: number): Promise<void> => sleep(1 + Math.random() * 2 ** Math.min(attempt, 5));
