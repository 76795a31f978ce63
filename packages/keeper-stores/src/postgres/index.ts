import type { KeeperStore } from "@symbolon/client/keeper";
import { withStoreErrors } from "../errors.ts";
import { openPool } from "./pool.ts";
import { PostgresKeeperStore } from "./store.ts";

export { KeeperStoreRefused, KeeperStoreUnavailable } from "../errors.ts";

export type PostgresKeeperStoreOptions = {
  /** `postgres://user:password@host:5432/database`, of the primary. The role may create a table, or finds it made. */
  connectionString: string;
};

/** How long an operation waits for a connection, a lock or an answer, before it rejects. */
const patienceMs = 5000;

/**
 * A keeper's store in one table of PostgreSQL, shared by processes of any number of machines. Rejects with
 * `KeeperStoreRefused` where the server would acknowledge what it can lose, saying what to do.
 */
export const openPostgresKeeperStore = ({ connectionString }: PostgresKeeperStoreOptions): Promise<KeeperStore> =>
  withStoreErrors(async () => new PostgresKeeperStore(await openPool(connectionString, patienceMs)));
