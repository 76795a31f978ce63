import { chmodSync, copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { Failure } from "../command/failure.ts";
import type { Settings } from "../config/settings.ts";
import { databasePath } from "../data/open-system.ts";
import { preparePrivateDirectory } from "../data/private-file.ts";

/**
 * Checks a copy of the backup, then swaps it with the database, which stays as `symbolon.sqlite.replaced` with its log.
 * A server that still runs notices, and answers 503 from then on (faults.md R-06).
 */
export async function putInPlace(backup: string, settings: Settings): Promise<void> {
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
    throw new Failure(`${backup} is damaged: ${findings[0]}`, "Nothing was changed. Use an older backup.");
  }
  const replaced = `${path}.replaced`;
  removeAll(replaced);
  for (const part of parts) if (existsSync(path + part)) renameSync(path + part, replaced + part);
  for (const part of parts) if (existsSync(incoming + part)) renameSync(incoming + part, path + part);
}

const parts = ["-shm", "-wal", ""] as const;
const removeAll = (path: string): void => parts.forEach((part) => rmSync(path + part, { force: true }));
