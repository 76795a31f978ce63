import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../command/failure.ts";
import { systemClock } from "../edge/clock.ts";

const timeoutMs = 10_000;
const retryEveryMs = 10;

/**
 * Runs `work` under the exclusive lock of the directory, in this process and across processes. The operating system
 * holds the lock (SQLite takes it on an empty file) and releases it when the process ends, so it is never stale. Throws
 * a Failure after 10 seconds.
 */
export async function withProcessLock<T>(directory: string, work: () => T | Promise<T>): Promise<T> {
  const path = join(directory, "symbolon.lock");
  closeSync(openSync(path, "a", 0o600));
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    const startedMs = systemClock.monotonicMs();
    while (!tryLock(lock)) {
      if (systemClock.monotonicMs() - startedMs > timeoutMs) {
        throw new Failure(
          `Another symbolon process has held ${path} for more than ${timeoutMs / 1000} s.`,
          "Wait for it to end, then try again.",
        );
      }
      await sleep(retryEveryMs);
    }
    return await work();
  } finally {
    lock.close();
  }
}

const sqliteBusy = 5;

function tryLock(lock: DatabaseSync): boolean {
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === sqliteBusy) return false;
    throw error;
  }
}
