import { Pool, type ClientBase, type PoolConfig } from "pg";
import { KeeperStoreRefused, KeeperStoreUnavailable } from "../errors.ts";

/** Each process of an application has its own pool; what a keeper asks is short. */
const maxConnections = 2;
const maxWaiting = 200;

const schema = `
  CREATE TABLE IF NOT EXISTS symbolon_keeper_entry (
    key text COLLATE "C" PRIMARY KEY,
    revision bigint NOT NULL,
    value text -- NULL once removed: the revision stays, so that none is given twice
  )`;

/**
 * Connects, checks the server, and makes the table where there is none. No operation waits longer than `patienceMs` for
 * a connection, a lock or an answer. Rejects with `KeeperStoreRefused`, saying what to do.
 */
export async function openPool(connectionString: string, patienceMs: number): Promise<Pool> {
  const pool = new Pool(poolConfig(connectionString, patienceMs));
  // An idle connection that dies, and one in use, tell it through different listeners; without either the process ends.
  const ignore = () => {};
  pool.on("error", ignore);
  pool.on("connect", (client) => client.on("error", ignore));
  try {
    await createTable(pool);
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
}

const poolConfig = (connectionString: string, patienceMs: number): PoolConfig => ({
  connectionString,
  max: maxConnections,
  connectionTimeoutMillis: patienceMs,
  idleTimeoutMillis: 30_000,
  allowExitOnIdle: true,
  keepAlive: true,
  // The server gives up first; the client's own limit is for a server, or a network, that says nothing at all.
  statement_timeout: patienceMs,
  lock_timeout: patienceMs,
  idle_in_transaction_session_timeout: patienceMs,
  query_timeout: patienceMs + 500,
  application_name: "symbolon-keeper",
  onConnect: refuseUnsafeServer,
});

/** Every new connection asks again: a role's settings may have changed, and the name may lead to another server. */
async function refuseUnsafeServer(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ commit: string; fsync: string; standby: boolean }>(
    "SELECT current_setting('synchronous_commit') AS commit, current_setting('fsync') AS fsync, pg_is_in_recovery() AS standby",
  );
  const found = rows[0]!;
  if (found.commit === "off")
    throw new KeeperStoreRefused(
      "synchronous_commit is off, so the server acknowledges what a crash will lose. Run: ALTER ROLE … SET synchronous_commit = on",
    );
  if (found.fsync === "off")
    throw new KeeperStoreRefused(
      "fsync is off, so the server acknowledges what a crash will lose. Set fsync = on in postgresql.conf",
    );
  if (found.standby)
    throw new KeeperStoreRefused("This server is a standby, which answers with the past. Connect to the primary.");
}

/** Two processes that make one table at once would collide in the catalogue; the lock lets them pass one by one. */
async function createTable(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ found: boolean }>(
    "SELECT to_regclass('symbolon_keeper_entry') IS NOT NULL AS found",
  );
  if (rows[0]!.found) return;
  await pool.query(`BEGIN; SELECT pg_advisory_xact_lock(8317427413629); ${schema}; COMMIT`);
}

/** A bounded queue: whoever comes after so many waiting hears at once that the store does not answer. */
export function refuseFullQueue(pool: Pool): void {
  if (pool.waitingCount >= maxWaiting)
    throw new KeeperStoreUnavailable(`${maxWaiting} operations wait for a connection already`);
}
