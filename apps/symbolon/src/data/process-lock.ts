import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { createEmptyFileSync, refuseUnsafeDatabase } from "@symbolon/durable-files";
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
  const lock = openLock(path);
  try {
    await retryUntil(
      () => tryLock(lock, "exclusive"),
      () =>
        new Failure(
          `Another symbolon process has held ${path} for more than ${timeoutMs / 1000} s.`,
          "Wait for it to end, then try again.",
        ),
    );
    return await work();
  } finally {
    lock.close();
  }
}

const serverLockPath = (directory: string): string => join(directory, "symbolon-servers.lock");

/**
 * Claims the directory for a server. Any number of servers share it; `withoutServers` waits for none of them. Returns a
 * function that ends the claim; the end of the process ends it too.
 */
export async function claimAsServer(directory: string): Promise<() => void> {
  const lock = openLock(serverLockPath(directory));
  try {
    await retryUntil(
      () => tryLock(lock, "shared"),
      () => new Failure(`A restore is under way in ${directory}.`, "Wait for it to end, then start the server."),
    );
    return () => lock.close();
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** Runs `work` while no server can start on the directory. Throws a Failure where one runs already. */
export async function withoutServers<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const lock = openLock(serverLockPath(directory));
  try {
    if (!tryLock(lock, "exclusive"))
      throw new Failure(
        `A server, or another restore, runs on ${directory}. Nothing was changed.`,
        "Stop every server of this directory (SIGTERM or Ctrl-C), run this command again, then start the servers.",
      );
    return await work();
  } finally {
    lock.close();
  }
}

/** Never opens an existing file itself: closing that handle would drop the locks that this process holds on it. */
function openLock(path: string): DatabaseSync {
  createEmptyFileSync(path);
  refuseUnsafeDatabase(path);
  return new DatabaseSync(path, { timeout: 0 });
}

async function retryUntil(isDone: () => boolean, describeTimeout: () => Failure): Promise<void> {
  const startedMs = systemClock.monotonicMs();
  while (!isDone()) {
    if (systemClock.monotonicMs() - startedMs > timeoutMs) throw describeTimeout();
    await sleep(retryEveryMs);
  }
}

const sqliteBusy = 5;

/** The lock lasts as long as the transaction: until the connection is closed. */
function tryLock(lock: DatabaseSync, kind: "shared" | "exclusive"): boolean {
  try {
    lock.exec(kind === "exclusive" ? "BEGIN EXCLUSIVE" : "BEGIN; SELECT 1 FROM sqlite_schema");
    return true;
  } catch (error) {
    if (lock.isTransaction) lock.exec("ROLLBACK");
    if (error instanceof Error && "errcode" in error && error.errcode === sqliteBusy) return false;
    throw error;
  }
}
