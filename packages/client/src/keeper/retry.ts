import type { World } from "../world.ts";
import { KeeperError } from "./errors.ts";

/** More rounds than this are not explained by other processes that make progress. */
export const mostRounds = 100;
/** Polls for one lease: at least 80 minutes, and the longest lease lasts an hour. */
export const mostPolls = 40_000;
/** Upper limit for a provider's `Retry-After`. */
export const longestPatienceMs = 900_000;

const storeTries = 4;
const usualBackoffMs = 300_000;

/** What a write answers where another process has changed the entry first. */
export const conflict = Symbol("conflict");

/** Repeats a compare-and-set until it succeeds; after 100 conflicts it rejects with "store_unavailable". */
export async function retryOnConflict<T>(id: string, attempt: () => Promise<T | typeof conflict>): Promise<T> {
  for (let round = 0; round < mostRounds; round++) {
    const written = await attempt();
    if (written !== conflict) return written;
  }
  throw keepsChanging(id);
}

/** The error of a loop that gives up. The record has everything that was sent or stored meanwhile. */
export const keepsChanging = (id: string): KeeperError =>
  new KeeperError("store_unavailable", { id, message: "other processes keep changing the record" });

export const isStoreUnavailable = (error: unknown): boolean =>
  error instanceof KeeperError && error.code === "store_unavailable";

/** Tries `work` four times while the store does not answer. */
export async function retryWhileUnavailable<T>(world: World, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; tries < storeTries; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isStoreUnavailable(error)) throw error;
      await world.sleep(100 * 2 ** tries * randomFraction(world));
    }
  }
  return work();
}

/** Random, from 0 up to 1. */
export const randomFraction = ({ random }: World): number =>
  new DataView(Uint8Array.from(random(4)).buffer).getUint32(0) / 2 ** 32;

/** A pause that grows to a quarter of a second and is random, so that waiting processes do not poll in step. */
export const pauseBeforePoll = (world: World, polls: number, signal?: AbortSignal): Promise<void> =>
  world.sleep(Math.min(250, 25 * 2 ** Math.min(polls, 4)) * (0.5 + randomFraction(world) / 2), signal);

/** A random pause from 0 to a limit that doubles with each failure (B10: full jitter). */
export const backoffMs = (streak: number, fraction: number, longestMs = longestBackoffMs(streak)): number =>
  100 + Math.ceil(Math.min(longestMs, 500 * 2 ** Math.min(streak, 20)) * fraction);

/** Five minutes, and after hours without an answer half an hour (B8). */
export const longestBackoffMs = (streak: number): number =>
  Math.min(1_800_000, usualBackoffMs * 2 ** Math.max(0, (streak - 20) / 5));
