import type { Beside, Store } from "@symbolon/server";
import { GroupCommit } from "./access.ts";
import { accountStore } from "./accounts.ts";
import { auditStore } from "./audit.ts";
import { backupTo } from "./backup.ts";
import { applicationStore } from "./applications.ts";
import { type Connection, connect } from "./connection.ts";
import { grantStore } from "./grants.ts";
import { type KeyringBinding, keyringBindingOf } from "./keyring-id.ts";
import { logBacklog, logTruncation } from "./log-backlog.ts";
import { type Mark, markOf } from "./mark.ts";
import { sessionStore } from "./sessions.ts";
import { subjectStore } from "./subjects.ts";
import { sweeper } from "./sweep.ts";
import { onceStore } from "./once.ts";
import { resourceServerStore } from "./resource-servers.ts";
import { type Verification, verify } from "./verify.ts";

export type SqliteStoreOptions = {
  /** The database file. Its directory belongs to it alone and is created (0700) if missing. */
  path: string;
  /** Whether a missing database is created. Default true. */
  create?: boolean;
  /** How long a call waits for a lock of another process before it rejects with `StoreUnavailable`. Default 5000. */
  patienceMs?: number;
};

export interface SqliteStore extends Store {
  /** Copies the database, as it is at one moment, to a new file of mode 0600. Never overwrites. */
  backup(toPath: string): Promise<void>;
  /** Checks file and rows. `quick` skips the comparison of the indexes. */
  verify(options?: { quick?: boolean }): Promise<Verification>;
  /**
   * Bytes of the write-ahead log that are not in the database file yet. About 16 MB are usual under load; while a
   * program keeps a read transaction open the log grows without limit.
   */
  logBacklogBytes(): Promise<number>;
  /**
   * Copies the write-ahead log into the database and empties it, so that no deleted row is left in it (ST-08). Answers
   * false where another connection uses the log just now.
   */
  truncateLog(): Promise<boolean>;
  /** Shows that a backup was restored (ST-07). */
  readonly mark: Mark;
  /** By which a missing keyring, and the keyring of another database, are noticed. */
  readonly keyring: KeyringBinding;
  /** Transactions committed by this process; the writes of one turn of the event loop share one. */
  readonly commits: number;
}

/**
 * The store in one SQLite file, for one or several server processes of the same machine. Durable: a write is
 * acknowledged after its fsync. Throws `DatabaseRefused` if the file is of another program, of a newer version, or open
 * to other users.
 */
export function openSqliteStore({ path, create = true, patienceMs = 5000 }: SqliteStoreOptions): SqliteStore {
  return storeOn(connect(path, create, patienceMs), patienceMs);
}

export function storeOn(connection: Connection, patienceMs: number): SqliteStore {
  const { database, path } = connection;
  const commit = new GroupCommit(connection, patienceMs);
  const access = {
    read: commit.read.bind(commit),
    readNow: commit.readNow.bind(commit),
    write: commit.write.bind(commit),
    memory: commit.memory,
  };
  // Long enough to need new pages, so that a full disk is noticed here and not by a client first.
  const beat = database.prepare("INSERT INTO pulse (beat) VALUES (zeroblob(16384))");
  const forget = database.prepare("DELETE FROM pulse");
  const backlogBytes = logBacklog(database);
  const truncateLog = logTruncation(database);
  const { appendNow, ...audit } = auditStore(database, access);
  const { putNow, ...once } = onceStore(database, access);
  const changes = {
    ...access,
    storeBeside: (beside: Beside) => {
      if (beside.audit !== undefined) appendNow(beside.audit);
      if (beside.once !== undefined) putNow(beside.once);
    },
  };
  const { forget: forgetGrant, ...grants } = grantStore(database, changes);
  let closing: Promise<void> | undefined;
  return {
    grants,
    applications: applicationStore(database, changes),
    resourceServers: resourceServerStore(database, changes),
    accounts: accountStore(database, changes),
    subjects: subjectStore(database, access),
    sessions: sessionStore(database, access),
    audit,
    once,
    ready: () =>
      access.write(() => {
        beat.run();
        forget.run();
      }),
    sweep: sweeper(database, access, forgetGrant),
    mark: markOf(database, access),
    keyring: keyringBindingOf(database, access),
    logBacklogBytes: () => access.read(backlogBytes),
    truncateLog: () => access.read(truncateLog),
    backup: (toPath) => backupTo(path, toPath),
    verify: ({ quick = false } = {}) => verify(path, quick),
    close: () => (closing ??= commit.close().then(() => database.close())),
    get commits() {
      return commit.commits;
    },
  };
}
