import { Pool, type ClientBase, type PoolConfig } from "pg";
import { KeeperStoreRefused, KeeperStoreUnavailable } from "../errors.ts";

/** Per process. A keeper's queries are short. */
const maxConnections = 2;
const maxWaiting = 200;

const schema = `
  CREATE TABLE IF NOT EXISTS symbolon_keeper_entry (
    key text COLLATE "C" PRIMARY KEY,
    revision bigint NOT NULL,
    value text -- NULL once removed: the row stays, so that no revision is used twice
  )`;

/**
 * Connects, checks the server, and creates the table if it does not exist. No operation waits longer than `timeoutMs`
 * for a connection, a lock or a response. Rejects with `KeeperStoreRefused` where the server could lose writes.
 */
export async function openPool(connectionString: string, timeoutMs: number): Promise<Pool> {
  const pool = new Pool(poolConfig(connectionString, timeoutMs));
  // Idle and busy connections report their end to different listeners. Without both, the process would exit.
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

const poolConfig = (connectionString: string, timeoutMs: number): PoolConfig => ({
  connectionString,
  max: maxConnections,
  connectionTimeoutMillis: timeoutMs,
  idleTimeoutMillis: 30_000,
  allowExitOnIdle: true,
  keepAlive: true,
  // The server's limits apply first. The client's own is for a server or network that does not respond at all.
  statement_timeout: timeoutMs,
  lock_timeout: timeoutMs,
  idle_in_transaction_session_timeout: timeoutMs,
  query_timeout: timeoutMs + 500,
  application_name: "symbolon-keeper",
  onConnect: refuseUnsafeServer,
});

/** Checked for every new connection: the settings may have changed, or the name may lead to another server. */
async function refuseUnsafeServer(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ commit: string; fsync: string; standby: boolean }>(
    "SELECT current_setting('synchronous_commit') AS commit, current_setting('fsync') AS fsync, pg_is_in_recovery() AS standby",
  );
  const found = rows[0]!;
  if (found.commit === "off")
    throw new KeeperStoreRefused(
      "synchronous_commit is off, so a crash of the server loses acknowledged writes. Run: ALTER ROLE … SET synchronous_commit = on",
    );
  if (found.fsync === "off")
    throw new KeeperStoreRefused(
      "fsync is off, so a crash of the server loses acknowledged writes. Set fsync = on in postgresql.conf",
    );
  if (found.standby)
    throw new KeeperStoreRefused("This server is a standby and may return outdated rows. Connect to the primary.");
}

/** The lock keeps two processes from creating the table at once, which PostgreSQL reports as an error. */
async function createTable(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ found: boolean }>(
    "SELECT to_regclass('symbolon_keeper_entry') IS NOT NULL AS found",
  );
  if (rows[0]!.found) return;
  await pool.query(`BEGIN; SELECT pg_advisory_xact_lock(8317427413629); ${schema}; COMMIT`);
}

/** Rejects at once where too many operations are waiting, so that the queue stays bounded. */
export function refuseFullQueue(pool: Pool): void {
  if (pool.waitingCount >= maxWaiting)
    throw new KeeperStoreUnavailable(`${maxWaiting} operations are already waiting for a connection`);
}
