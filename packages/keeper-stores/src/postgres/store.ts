import type { Pool } from "pg";
import type { Entry, KeeperStore } from "@symbolon/client/keeper";
import { keyRange, validateEntry } from "../entry.ts";
import { withStoreErrors, KeeperStoreUnavailable } from "../errors.ts";
import { refuseFullQueue } from "./pool.ts";

type Row = { key: string; revision: string; value: string };

const pageSize = 100;

/**
 * Every operation is one statement in its own transaction. Where the connection breaks before the response, the
 * operation rejects, and may have been applied.
 */
export class PostgresKeeperStore implements KeeperStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async read(key: string): Promise<Entry | undefined> {
    validateEntry(key);
    const [row] = await this.#query(
      "SELECT key, revision, value FROM symbolon_keeper_entry WHERE key = $1 AND value IS NOT NULL",
      [key],
    );
    return row && entryOf(row);
  }

  async write(key: string, expected: number, value: string): Promise<number | undefined> {
    validateEntry(key, value);
    return expected === 0 ? this.#insert(key, value) : this.#update(key, expected, value);
  }

  async remove(key: string, expected: number): Promise<boolean> {
    validateEntry(key);
    return (await this.#update(key, expected, null)) !== undefined;
  }

  /** Reads page by page, so that no snapshot stays open for long. */
  async *entries(prefix: string): AsyncIterable<Entry & { key: string }> {
    const { from, below } = keyRange(prefix);
    for (let after = ""; ;) {
      const page = await this.#query(
        `SELECT key, revision, value FROM symbolon_keeper_entry
         WHERE key >= $1 AND key > $2 AND key < $3 AND value IS NOT NULL ORDER BY key LIMIT ${pageSize}`,
        [from, after, below],
      );
      for (const row of page) yield { key: row.key, ...entryOf(row) };
      if (page.length < pageSize) return;
      after = page.at(-1)!.key;
    }
  }

  async close(): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end();
  }

  async #insert(key: string, value: string): Promise<number | undefined> {
    const [row] = await this.#query(
      `INSERT INTO symbolon_keeper_entry AS old (key, revision, value) VALUES ($1, 1, $2)
       ON CONFLICT (key) DO UPDATE SET revision = old.revision + 1, value = excluded.value WHERE old.value IS NULL
       RETURNING revision`,
      [key, value],
    );
    return row && Number(row.revision);
  }

  async #update(key: string, expected: number, value: string | null): Promise<number | undefined> {
    const [row] = await this.#query(
      `UPDATE symbolon_keeper_entry SET revision = revision + 1, value = $3
       WHERE key = $1 AND revision = $2 AND value IS NOT NULL RETURNING revision`,
      [key, expected, value],
    );
    return row && Number(row.revision);
  }

  #query(text: string, values: readonly unknown[]): Promise<Row[]> {
    return withStoreErrors(async () => {
      if (this.#pool.ending) throw new KeeperStoreUnavailable("the store is closed");
      refuseFullQueue(this.#pool);
      return (await this.#pool.query<Row>(text, [...values])).rows;
    });
  }
}

const entryOf = ({ revision, value }: Row): Entry => ({ revision: Number(revision), value });
