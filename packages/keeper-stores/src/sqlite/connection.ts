import { basename, dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { createEmptyFileSync, fileIdentity, fsyncDirectory, isSafeSqliteVersion } from "@symbolon/durable-files";
import { KeeperStoreRefused, KeeperStoreUnavailable } from "../errors.ts";
import { prepareDirectory, refuseUnsafeDatabase } from "../private-path.ts";
import { monotonicMs, pause } from "./edge.ts";
import { applicationId, schema, schemaVersion } from "./schema.ts";

/** An open database, checked and configured. */
export type Connection = {
  database: DatabaseSync;
  /** Throws if the path now leads to another file: writes to the open one would be lost. */
  assertNotReplaced(): void;
};

/** How long SQLite waits for a lock, which blocks the event loop. Longer waits are pauses between calls. */
const busyTimeoutMs = 2;

/** Opens the database, creating file and table where they do not exist. Rejects with `KeeperStoreRefused`. */
export async function connect(path: string, timeoutMs: number): Promise<Connection> {
  refuseSqliteVersion(process.versions["sqlite"] ?? "of unknown version");
  const file = await prepareFile(path);
  const database = new DatabaseSync(existingFileUrl(file), { timeout: busyTimeoutMs, allowExtension: false });
  try {
    await retryWhileBusy(timeoutMs, () => {
      refuseForeignDatabase(database, file);
      configure(database);
      createSchema(database);
    });
    assertDurable(database, file);
    return { database, assertNotReplaced: detectReplacement(file) };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Throws `KeeperStoreRefused` for a version that can corrupt a database in WAL mode. */
export function refuseSqliteVersion(version: string): void {
  if (isSafeSqliteVersion(version)) return;
  throw new KeeperStoreRefused(
    `SQLite ${version} can corrupt a database in WAL mode. Use a Node.js version with SQLite 3.51.3 or newer.`,
  );
}

/** Creates an empty file (0600) if there is none; SQLite gives its -wal and -shm files the same mode. */
async function prepareFile(path: string): Promise<string> {
  const directory = prepareDirectory(dirname(resolve(path)));
  const file = join(directory, basename(path));
  if (createEmptyFileSync(file)) await fsyncDirectory(directory);
  refuseUnsafeDatabase(file);
  return file;
}

/** `mode=rw` keeps SQLite from creating a database where the file does not exist. */
function existingFileUrl(path: string): URL {
  const url = pathToFileURL(path);
  url.searchParams.set("mode", "rw");
  return url;
}

function refuseForeignDatabase(database: DatabaseSync, path: string): void {
  const foreign = new KeeperStoreRefused(`${path} is not a keeper's database. Use another path. Nothing was changed.`);
  try {
    const isBlank = database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
    if (!isBlank && queryNumber(database, "PRAGMA application_id") !== applicationId) throw foreign;
  } catch (error) {
    throw resultCodeOf(error) === 26 ? foreign : error;
  }
  const version = queryNumber(database, "PRAGMA user_version");
  if (version > schemaVersion)
    throw new KeeperStoreRefused(
      `${path} was written by a newer version (schema ${version}; this version reads ${schemaVersion}).`,
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

/** Several processes may start at once on an empty file; the lock lets one of them create the table. */
function createSchema(database: DatabaseSync): void {
  if (queryNumber(database, "PRAGMA user_version") === schemaVersion) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    if (queryNumber(database, "PRAGMA user_version") === 0) database.exec(schema);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** Throws unless every committed write is synced to disk. Tests that kill processes cannot detect a missing sync. */
export function assertDurable(database: DatabaseSync, path: string): void {
  const mode = Object.values(database.prepare("PRAGMA journal_mode").get() ?? {})[0];
  const synchronous = queryNumber(database, "PRAGMA synchronous");
  if (mode === "wal" && synchronous === 2) return;
  throw new KeeperStoreRefused(
    `${path}: journal_mode is ${String(mode)} and synchronous ${synchronous}; they must be wal and 2. A network file system may be the cause: use a local disk.`,
  );
}

function detectReplacement(path: string): () => void {
  const opened = fileIdentity(path);
  return () => {
    if (fileIdentity(path) !== opened)
      throw new KeeperStoreUnavailable(`${path} was moved, deleted or replaced while it was open`);
  };
}

/** Repeats `work` while another connection holds the lock, for at most `timeoutMs`, without blocking the event loop. */
export async function retryWhileBusy<T>(timeoutMs: number, work: () => T): Promise<T> {
  const startedMs = monotonicMs();
  for (let attempt = 0; ; attempt++) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || monotonicMs() - startedMs > timeoutMs) throw error;
      await pause(attempt);
    }
  }
}

/** SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: another connection holds the lock. */
const isBusy = (error: unknown): boolean => [5, 6, 15].includes(resultCodeOf(error));

const resultCodeOf = (error: unknown): number =>
  error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : -1;

const queryNumber = (database: DatabaseSync, question: string): number =>
  Number(Object.values(database.prepare(question).get() ?? {})[0]);
