import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from "@symbolon/store-sqlite";
import { connect } from "../src/connection.ts";
import { storeOn } from "../src/store.ts";

/** Databases in their own folders; after each test the stores are closed and the folders removed. */
export function temporaryStores() {
  const folders: string[] = [];
  const stores: SqliteStore[] = [];
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  const keep = (store: SqliteStore): SqliteStore => {
    stores.push(store);
    return store;
  };
  const newFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), "symbolon-store-"));
    folders.push(folder);
    return folder;
  };
  const newPath = (): string => join(newFolder(), "symbolon.db");
  const open = (options: Partial<SqliteStoreOptions> = {}): SqliteStore =>
    keep(openSqliteStore({ path: newPath(), ...options }));
  /** With the connection, for tests that disturb it. */
  const openWithConnection = (path = newPath(), patienceMs = 50) => {
    const connection = connect(path, true, patienceMs);
    return { path, database: connection.database, store: keep(storeOn(connection, patienceMs)) };
  };
  return { newFolder, newPath, open, openWithConnection };
}
