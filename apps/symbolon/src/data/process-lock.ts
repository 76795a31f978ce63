import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Failure } from "../command/failure.ts";

const patienceMs = 10_000;

/**
 * Runs `work` while no other process that asks for the same lock runs its own. The lock belongs to the operating system
 * (SQLite takes it on an empty file), so it ends with the process, however that ends, and is never found stale.
 */
export async function withProcessLock<T>(directory: string, work: () => T | Promise<T>): Promise<T> {
  const path = join(directory, "symbolon.lock");
  closeSync(openSync(path, "a", 0o600));
  const lock = new DatabaseSync(path, { timeout: patienceMs });
  try {
    take(lock, path);
    return await work();
  } finally {
    lock.close();
  }
}

function take(lock: DatabaseSync, path: string): void {
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    throw new Failure(`Another symbolon process holds ${path} for longer than ${patienceMs / 1000} s.`, "Wait for it to end, then try again.", { cause: error });
  }
}
