import { chmodSync, copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { Failure } from "../command/failure.ts";
import type { Settings } from "../config/settings.ts";
import { databasePath } from "../data/open-system.ts";
import { preparePrivateDirectory } from "../data/private-file.ts";

/**
 * Verifies a copy of the backup, then puts it in the place of the database. The replaced database and its write-ahead
 * log are kept as `symbolon.sqlite.replaced`. A server that still runs answers 503 from then on (faults.md R-06).
 */
export async function replaceDatabase(backup: string, settings: Settings): Promise<void> {
  preparePrivateDirectory(settings.data);
  const path = databasePath(settings);
  const incoming = `${path}.incoming`;
  removeAll(incoming);
  copyFileSync(backup, incoming);
  chmodSync(incoming, 0o600);
  const store = openSqliteStore({ path: incoming, create: false });
  const { findings } = await store.verify();
  await store.close();
  if (findings.length > 0) {
    removeAll(incoming);
    throw new Failure(`${backup} is damaged: ${findings[0]}`, "Nothing has changed. Use an older backup.");
  }
  const replaced = `${path}.replaced`;
  removeAll(replaced);
  moveAll(path, replaced);
  moveAll(incoming, path);
}

/** The files of one SQLite database: shared memory, write-ahead log, and last the database itself. */
const suffixes = ["-shm", "-wal", ""] as const;

function removeAll(path: string): void {
  for (const suffix of suffixes) rmSync(path + suffix, { force: true });
}

function moveAll(from: string, to: string): void {
  for (const suffix of suffixes) if (existsSync(from + suffix)) renameSync(from + suffix, to + suffix);
}
