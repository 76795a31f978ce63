import type { KeeperStore } from "@symbolon/client/keeper";
import { withStoreErrors } from "../errors.ts";
import { connect } from "./connection.ts";
import { SqliteKeeperStore } from "./store.ts";

export { KeeperStoreRefused, KeeperStoreUnavailable } from "../errors.ts";

export type SqliteKeeperStoreOptions = {
  /** Made (0600, its directory 0700) where there is none. On a local disk. */
  path: string;
};

/** How long an operation waits for other processes to finish their writes, before it rejects. */
const patienceMs = 5000;

/**
 * A keeper's store in one SQLite file, shared by any number of processes of one machine. Needs `node:sqlite` with
 * SQLite 3.51.3. Rejects with `KeeperStoreRefused` where others could read the file, or it is not a keeper's, saying
 * what to do.
 */
export const openSqliteKeeperStore = ({ path }: SqliteKeeperStoreOptions): Promise<KeeperStore> =>
  withStoreErrors(async () => new SqliteKeeperStore(await connect(path, patienceMs), patienceMs));
