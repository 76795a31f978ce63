import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../command/failure.ts";
import { systemClock } from "../edge/clock.ts";

const patienceMs = 10_000;
const pauseMs = 10;

/**
 * Runs `work` while nobody else who asks for the same lock runs theirs, in this process or another. The lock belongs to
 * the operating system (SQLite takes it on an empty file), so it ends with the process, however that ends, and is never
 * found stale.
 */
export async function withProcessLock<T>(directory: string, work: () => T | Promise<T>): Promise<T> {
  const path = join(directory, "symbolon.lock");
  closeSync(openSync(path, "a", 0o600));
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    const startedMs = systemClock.monotonicMs();
    while (!take(lock)) {
      if (systemClock.monotonicMs() - startedMs > patienceMs) {
        throw new Failure(
          `Another symbolon process holds ${path} for longer than ${patienceMs / 1000} s.`,
          "Wait for it to end, then try again.",
        );
      }
      await sleep(pauseMs);
    }
    return await work();
  } finally {
    lock.close();
  }
}

const busy = 5;

function take(lock: DatabaseSync): boolean {
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === busy) return false;
    throw error;
  }
}
