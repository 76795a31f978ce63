import { chmodSync, copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { Failure } from "../command/failure.ts";
import type { Settings } from "../config/settings.ts";
import { bindKeyring, readKeyring, refuseMissingKeyring } from "../data/bound-keyring.ts";
import { databasePath } from "../data/open-system.ts";

/**
 * Verifies a copy of the backup, then puts it in the place of the database. The replaced database and its write-ahead
 * log are kept under a name of their own. Returns the path of the replaced database, or undefined if there was none.
 */
export async function replaceDatabase(backup: string, settings: Settings, nowMs: number): Promise<string | undefined> {
  const path = databasePath(settings);
  const incoming = `${path}.incoming`;
  removeAll(incoming);
  copyWithLog(backup, incoming);
  try {
    await checkIncoming(incoming, backup, settings);
  } catch (error) {
    removeAll(incoming);
    throw error;
  }
  const replaced = hasAny(path) ? unusedName(path, nowMs) : undefined;
  if (replaced !== undefined) moveAll(path, replaced);
  moveAll(incoming, path);
  return replaced;
}

async function checkIncoming(incoming: string, backup: string, settings: Settings): Promise<void> {
  const store = openSqliteStore({ path: incoming, create: false });
  try {
    const { findings } = await store.verify();
    if (findings.length > 0)
      throw new Failure(`${backup} is damaged: ${findings[0]}`, "Nothing has changed. Use an older backup.");
    const keyring = readKeyring(settings);
    if (keyring === undefined) await refuseMissingKeyring(store, settings);
    else await bindKeyring(store, keyring, settings);
  } finally {
    await store.close();
  }
}

/** The files of one SQLite database: shared memory, write-ahead log, and last the database itself. */
const suffixes = ["-shm", "-wal", ""] as const;

/** A replaced database, unlike a file that `symbolon backup` wrote, can have commits in its write-ahead log only. */
function copyWithLog(from: string, to: string): void {
  for (const suffix of ["-wal", ""]) {
    if (suffix !== "" && !existsSync(from + suffix)) continue;
    copyFileSync(from + suffix, to + suffix);
    chmodSync(to + suffix, 0o600);
  }
}

/** `symbolon.sqlite.replaced-20260214T093000Z`; with a number behind it where a file has that name. */
function unusedName(path: string, nowMs: number): string {
  const stamp = new Date(nowMs)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(/[-:]/g, "");
  for (let number = 1; ; number++) {
    const name = `${path}.replaced-${stamp}${number === 1 ? "" : `-${number}`}`;
    if (!hasAny(name)) return name;
  }
}

const hasAny = (path: string): boolean => suffixes.some((suffix) => existsSync(path + suffix));

function removeAll(path: string): void {
  for (const suffix of suffixes) rmSync(path + suffix, { force: true });
}

function moveAll(from: string, to: string): void {
  for (const suffix of suffixes) if (existsSync(from + suffix)) renameSync(from + suffix, to + suffix);
}
