import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { isSafeSqliteVersion } from "@symbolon/durable-files";
import { StoreUnavailable } from "@symbolon/server";
import { monotonicMs, pauseMs, pauseSync } from "./edge.ts";
import { DatabaseRefused, isBusy, isStorageFault } from "./faults.ts";
import { migrate, pragma, refuseForeign } from "./migrate.ts";
import { type Place, preparePlace, watchPlace } from "./place.ts";
import { migrations } from "./schema.ts";
import { refuseOtherShape } from "./shape.ts";

export type Connection = { path: string; database: DatabaseSync; place: Place };

/** How long one call may wait for a lock with the event loop blocked. Longer waits are made of pauses. */
const busyTimeoutMs = 2;

/**
 * Opens the database, checks it and migrates it where needed. Throws `DatabaseRefused`, which says what to do, and
 * `StoreUnavailable`, which names the file, where the disk is full or fails.
 */
export function connect(path: string, create: boolean, patienceMs: number): Connection {
  refuseSqliteVersion(process.versions["sqlite"] ?? "of unknown version");
  preparePlace(path, create);
  const database = new DatabaseSync(existing(path), { timeout: busyTimeoutMs, allowExtension: false });
  try {
    patiently(patienceMs, () => {
      refuseForeign(database, path, migrations.length);
      refuseOtherShape(database, path);
      configure(database);
      migrate(database, migrations);
      assertDurable(database, path);
    });
    return { path, database, place: watchPlace(path) };
  } catch (error) {
    database.close();
    throw isStorageFault(error)
      ? new StoreUnavailable(`${path}: ${(error as Error).message}`, { cause: error })
      : error;
  }
}

/** A second, read-only connection for long work, such as a backup or a check. Its snapshot blocks no writer. */
export function connectReadOnly(path: string): DatabaseSync {
  const database = new DatabaseSync(existing(path), { timeout: 1000, allowExtension: false });
  database.exec("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0;");
  return database;
}

/** SQLite would create an empty database at a path without a file; `mode=rw` prevents that. */
function existing(path: string): URL {
  const url = pathToFileURL(path);
  url.searchParams.set("mode", "rw");
  return url;
}

export function refuseSqliteVersion(version: string): void {
  if (!isSafeSqliteVersion(version))
    throw new DatabaseRefused(
      `SQLite ${version} can corrupt a database in WAL mode. Use a Node that carries 3.51.3 or newer.`,
    );
}

function configure(database: DatabaseSync): void {
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA mmap_size = 0;
    PRAGMA trusted_schema = OFF;
    PRAGMA secure_delete = FAST;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -16384;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA wal_autocheckpoint = 4000;
  `);
  database.enableDefensive(true);
}

/**
 * An acknowledged write must have reached the disk. Killing processes cannot show that it has not (faults.md §2.2, 11).
 */
export function assertDurable(database: DatabaseSync, path: string): void {
  const required = { journal_mode: "wal", synchronous: 2, mmap_size: 0, trusted_schema: 0, secure_delete: 2 } as const;
  for (const name of Object.keys(required) as (keyof typeof required)[]) {
    const found = pragma(database, name);
    if (found !== required[name]) {
      throw new DatabaseRefused(
        `${path}: ${name} is ${String(found)} and must be ${required[name]}. A network disk may be the cause; use a local one.`,
      );
    }
  }
}

/** Several processes may start at once; each step of opening can be repeated. */
function patiently(patienceMs: number, open: () => void): void {
  const startedMs = monotonicMs();
  for (let attempt = 0; ; attempt++) {
    try {
      return open();
    } catch (error) {
      if (!isBusy(error) || monotonicMs() - startedMs > patienceMs) throw error;
      pauseSync(pauseMs(attempt));
    }
  }
}
