import type { StatementSync } from "node:sqlite";
import type { Entry, KeeperStore } from "@symbolon/client/keeper";
import { keyRange, validateEntry } from "../entry.ts";
import { withStoreErrors, KeeperStoreUnavailable } from "../errors.ts";
import { retryWhileBusy, type Connection } from "./connection.ts";

const pageSize = 100;

/** Each write is one transaction with a condition on the revision. */
export class SqliteKeeperStore implements KeeperStore {
  readonly #connection: Connection;
  readonly #timeoutMs: number;
  readonly #statements: Record<"read" | "revision" | "insert" | "update" | "remove" | "page", StatementSync>;

  constructor(connection: Connection, timeoutMs: number) {
    this.#connection = connection;
    this.#timeoutMs = timeoutMs;
    const { database } = connection;
    this.#statements = {
      read: database.prepare("SELECT revision, value FROM entry WHERE key = ? AND value IS NOT NULL"),
      revision: database.prepare("SELECT revision FROM entry WHERE key = ? AND value IS NOT NULL"),
      insert: database.prepare(`
        INSERT INTO entry (key, revision, value) VALUES (:key, 1, :value)
        ON CONFLICT (key) DO UPDATE SET revision = revision + 1, value = excluded.value WHERE value IS NULL
        RETURNING revision`),
      update: database.prepare(`
        UPDATE entry SET revision = revision + 1, value = :value
        WHERE key = :key AND revision = :expected AND value IS NOT NULL
        RETURNING revision`),
      remove: database.prepare(`
        UPDATE entry SET revision = revision + 1, value = NULL
        WHERE key = :key AND revision = :expected AND value IS NOT NULL
        RETURNING revision`),
      page: database.prepare(`
        SELECT key, revision, value FROM entry
        WHERE key >= :from AND key > :after AND key < :below AND value IS NOT NULL ORDER BY key LIMIT ${pageSize}`),
    };
  }

  read(key: string): Promise<Entry | undefined> {
    return this.#run(() => {
      validateEntry(key);
      const row = this.#statements.read.get(key);
      return row && { revision: Number(row["revision"]), value: String(row["value"]) };
    });
  }

  write(key: string, expected: number, value: string): Promise<number | undefined> {
    return this.#run(() => {
      validateEntry(key, value);
      if (this.#isOutdated(key, expected)) return undefined;
      return expected === 0
        ? this.#commit(this.#statements.insert, { key, value })
        : this.#commit(this.#statements.update, { key, expected, value });
    });
  }

  remove(key: string, expected: number): Promise<boolean> {
    return this.#run(() => {
      validateEntry(key);
      return !this.#isOutdated(key, expected) && this.#commit(this.#statements.remove, { key, expected }) !== undefined;
    });
  }

  /** Reads page by page: a long read transaction would delay checkpoints. */
  async *entries(prefix: string): AsyncIterable<Entry & { key: string }> {
    for (let after = ""; ;) {
      const page = await this.#run(() => this.#statements.page.all({ ...keyRange(prefix), after }));
      for (const row of page)
        yield { key: String(row["key"]), revision: Number(row["revision"]), value: String(row["value"]) };
      if (page.length < pageSize) return;
      after = String(page.at(-1)!["key"]);
    }
  }

  async close(): Promise<void> {
    if (this.#connection.database.isOpen) this.#connection.database.close();
  }

  #run<T>(operation: () => T): Promise<T> {
    return withStoreErrors(() =>
      retryWhileBusy(this.#timeoutMs, () => {
        if (!this.#connection.database.isOpen) throw new KeeperStoreUnavailable("the store is closed");
        this.#connection.assertNotReplaced();
        return operation();
      }),
    );
  }

  /** Checked before the lock is taken, so that processes whose write must fail do not wait for it. */
  readonly #isOutdated = (key: string, expected: number): boolean =>
    Number(this.#statements.revision.get(key)?.["revision"] ?? 0) !== expected;

  /** Returns the new revision, or undefined if the condition did not hold. */
  #commit(statement: StatementSync, values: Record<string, string | number>): number | undefined {
    const { database } = this.#connection;
    database.exec("BEGIN IMMEDIATE");
    try {
      const row = statement.get(values);
      database.exec("COMMIT");
      return row && Number(row["revision"]);
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }
}
