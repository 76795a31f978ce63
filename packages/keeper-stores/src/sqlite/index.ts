import type { KeeperStore } from "@symbolon/client/keeper";
import { checkOptions } from "../check-options.ts";
import { withStoreErrors } from "../errors.ts";
import { connect } from "./connection.ts";
import { SqliteKeeperStore } from "./store.ts";

export { KeeperStoreRefused, KeeperStoreUnavailable } from "../errors.ts";

/** Options of `openSqliteKeeperStore`. */
export type SqliteKeeperStoreOptions = {
  /** The database file. Created (0600, its directory 0700) if it does not exist. Must be on a local disk. */
  path: string;
};

/** How long an operation waits for the writes of other processes before it rejects. */
const timeoutMs = 5000;

/**
 * Opens a keeper's store in one SQLite file. Any number of processes on one machine may share it. Needs `node:sqlite`
 * with SQLite 3.51.3 or newer. Rejects with `KeeperStoreRefused` where other users could read or replace the file, or
 * where it is not a keeper's database.
 */
export const openSqliteKeeperStore = (options: SqliteKeeperStoreOptions): Promise<KeeperStore> =>
  withStoreErrors(async () => {
    checkOptions("openSqliteKeeperStore", options, "path");
    return new SqliteKeeperStore(await connect(options.path, timeoutMs), timeoutMs);
  });
