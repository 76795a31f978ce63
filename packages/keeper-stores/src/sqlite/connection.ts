import { lstatSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { createEmptyFileSync, fileIdentity, fsyncDirectory, isSafeSqliteVersion } from "@symbolon/durable-files";
import { KeeperStoreRefused, KeeperStoreUnavailable } from "../errors.ts";
import { prepareDirectory, refuseUnfitFile } from "../place.ts";
import { monotonicMs, pause } from "./edge.ts";

export type Connection = {
  database: DatabaseSync;
  /** Throws where the name leads to another file by now: what is written to this one would be lost. */
  assertUnmoved(): void;
};

/** How long one call may sit on a lock, with the event loop standing still. Longer waits are made of pauses. */
const busyTimeoutMs = 2;

/** "SymK": tells a keeper's database from everybody else's. */
const applicationId = 0x53796d4b;
const schemaVersion = 1;

const schema = `
  CREATE TABLE entry (
    key TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    value TEXT             -- NULL once removed: the revision stays, so that none is given twice
  ) STRICT, WITHOUT ROWID;
  PRAGMA application_id = 0x53796d4b;
  PRAGMA user_version = 1;`;

export async function connect(path: string, patienceMs: number): Promise<Connection> {
  refuseSqliteVersion(process.versions["sqlite"] ?? "of unknown version");
  const place = await preparePlace(path);
  const database = new DatabaseSync(existing(place), { timeout: busyTimeoutMs, allowExtension: false });
  try {
    await patiently(patienceMs, () => {
      refuseForeign(database, place);
      configure(database);
      createSchema(database);
    });
    assertDurable(database, place);
    return { database, assertUnmoved: watch(place) };
  } catch (error) {
    database.close();
    throw error;
  }
}

export function refuseSqliteVersion(version: string): void {
  if (isSafeSqliteVersion(version)) return;
  throw new KeeperStoreRefused(
    `SQLite ${version} can corrupt a database in WAL mode. Use a Node that carries 3.51.3 or newer.`,
  );
}

/** An empty file of mode 0600 where there is none; SQLite gives its -wal and -shm files the same mode. */
async function preparePlace(path: string): Promise<string> {
  const directory = prepareDirectory(dirname(resolve(path)));
  const place = join(directory, basename(path));
  if (createEmptyFileSync(place)) await fsyncDirectory(directory);
  refuseUnfitFile(place, lstatSync(place));
  return place;
}

/** SQLite would make an empty database of a name that leads nowhere; `mode=rw` says not to. */
function existing(path: string): URL {
  const url = pathToFileURL(path);
  url.searchParams.set("mode", "rw");
  return url;
}

function refuseForeign(database: DatabaseSync, path: string): void {
  const foreign = new KeeperStoreRefused(`${path} is not a keeper's database. Name another path; nothing was changed.`);
  try {
    const isBlank = database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
    if (!isBlank && numberOf(database, "PRAGMA application_id") !== applicationId) throw foreign;
  } catch (error) {
    throw resultCodeOf(error) === 26 ? foreign : error;
  }
  const version = numberOf(database, "PRAGMA user_version");
  if (version > schemaVersion)
    throw new KeeperStoreRefused(
      `${path} was written by a newer version (schema ${version}; this one knows ${schemaVersion}).`,
    );
}

function configure(database: DatabaseSync): void {
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA mmap_size = 0;
    PRAGMA trusted_schema = OFF;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_size_limit = 16777216;
  `);
  database.enableDefensive(true);
}

/** Several processes may start at once on nothing; one of them makes the table. */
function createSchema(database: DatabaseSync): void {
  if (numberOf(database, "PRAGMA user_version") === schemaVersion) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    if (numberOf(database, "PRAGMA user_version") === 0) database.exec(schema);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** An acknowledged write must have reached the disk; killing processes cannot reveal that it has not. */
export function assertDurable(database: DatabaseSync, path: string): void {
  const mode = Object.values(database.prepare("PRAGMA journal_mode").get() ?? {})[0];
  const synchronous = numberOf(database, "PRAGMA synchronous");
  if (mode === "wal" && synchronous === 2) return;
  throw new KeeperStoreRefused(
    `${path}: journal_mode is ${String(mode)} and synchronous ${synchronous}; they must be wal and 2. A network disk may be the cause; use a local one.`,
  );
}

function watch(path: string): () => void {
  const opened = fileIdentity(path);
  return () => {
    if (fileIdentity(path) !== opened)
      throw new KeeperStoreUnavailable(`${path} was moved, deleted or replaced while it was open`);
  };
}

/** Repeats what met a lock, up to `patienceMs`, and keeps the event loop free meanwhile. */
export async function patiently<T>(patienceMs: number, work: () => T): Promise<T> {
  const startedMs = monotonicMs();
  for (let attempt = 0; ; attempt++) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || monotonicMs() - startedMs > patienceMs) throw error;
      await pause(attempt);
    }
  }
}

/** SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: somebody else holds the lock. */
const isBusy = (error: unknown): boolean => [5, 6, 15].includes(resultCodeOf(error));

const resultCodeOf = (error: unknown): number =>
  error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : -1;

const numberOf = (database: DatabaseSync, question: string): number =>
  Number(Object.values(database.prepare(question).get() ?? {})[0]);
