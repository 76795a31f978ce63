import { DatabaseSync } from "node:sqlite";

/** SQLite with the settings of store-sqlite that affect speed: an answered write has reached the disk. */
export function durableDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000 });
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -32768;
    PRAGMA temp_store = MEMORY;
  `);
  return database;
}

/** The same with a larger cache, for seeding. */
export function roomyDatabase(path: string): DatabaseSync {
  const database = durableDatabase(path);
  database.exec("PRAGMA cache_size = -1500000");
  return database;
}

/** Many writes as one commit, for seeding only. */
export async function inOneCommit<T>(database: DatabaseSync, work: () => Promise<T>): Promise<T> {
  database.exec("BEGIN");
  const done = await work();
  database.exec("COMMIT");
  return done;
}
