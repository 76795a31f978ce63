import type { KeeperStore } from "@symbolon/client/keeper";
import { checkOptions } from "../check-options.ts";
import { withStoreErrors } from "../errors.ts";
import { openPool } from "./pool.ts";
import { PostgresKeeperStore } from "./store.ts";

export { KeeperStoreRefused, KeeperStoreUnavailable } from "../errors.ts";

/** Options of `openPostgresKeeperStore`. */
export type PostgresKeeperStoreOptions = {
  /** `postgres://user:password@host:5432/database` of the primary. The role must be able to create a table once. */
  connectionString: string;
};

/** How long an operation waits for a connection, a lock or a response before it rejects. */
const timeoutMs = 5000;

/**
 * Opens a keeper's store in one table of PostgreSQL. Any number of processes on any number of machines may share it.
 * Rejects with `KeeperStoreRefused` where the server could lose acknowledged writes (`synchronous_commit` or `fsync`
 * off) or is a standby.
 */
export const openPostgresKeeperStore = (options: PostgresKeeperStoreOptions): Promise<KeeperStore> =>
  withStoreErrors(async () => {
    checkOptions("openPostgresKeeperStore", options, "connectionString");
    return new PostgresKeeperStore(await openPool(options.connectionString, timeoutMs));
  });
