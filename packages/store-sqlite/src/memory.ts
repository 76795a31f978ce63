import type { DatabaseSync, StatementSync } from "node:sqlite";
import { BoundedMap } from "@symbolon/server";
import { monotonicMs, whenTurnEnds } from "./edge.ts";

/*
 * Rows in memory are checked: docs/decisions/0014-rows-in-memory-are-checked.md.
 *
 * The promise (I5): a read sees every write that was acknowledged before the request for it was sent, by whichever
 * process.
 *
 * What it rests on. `PRAGMA data_version` begins a read transaction, that is, it looks at the head of the write-ahead
 * log
 * in shared memory as every SELECT does, and answers a number that differs from the last one if another connection, in
 * this process or any other, has committed in between. Own commits leave it as it is.
 *
 * 1. Rows that were read or written after the number was v, and are used after it was found to be v once more, are as
 * the
 *    database had them at that second look. If it is another number, everything is forgotten first.
 * 2. One look serves one turn: a callback of the event loop with the promises and ticks that it leads to. Whatever a
 * turn
 *    works on has come out of the kernel before its callback was called: all the bytes of a request, of pipelined ones
 * too.
 *    So a write that was acknowledged before such a request was sent was committed before the turn began, hence before
 *    the look. A request whose bytes come later is another turn, with a look of its own. `whenTurnEnds` runs as soon as
 *    the promises that are due have run, before the loop reads anything again.
 * 3. Only a program that stands still inside a turn, waiting for another process, could know of a later commit within
 * it.
 *    This server never does; a look that is a millisecond old is repeated all the same.
 * 4. A group of writes looks again after BEGIN IMMEDIATE. From there to its COMMIT nobody else can write.
 * 5. Within a group a written row is forgotten at once, and its successor waits in `pending`, which only operations of
 * the
 *    same transaction see. It takes its place after the COMMIT. When anything fails, all of the memory is emptied.
 */
const longestTurnMs = 1;

/** Knows whether the rows that it keeps are still those of the database. */
export class Memory {
  readonly #dataVersion: StatementSync;
  readonly #tables: KnownRows<never, never>[] = [];
  #version: unknown;
  #isChecked = false;
  #checkedAtMs = 0;
  #isInTransaction = false;

  constructor(database: DatabaseSync) {
    this.#dataVersion = database.prepare("PRAGMA data_version");
    this.#dataVersion.setReturnArrays(true);
  }

  /**
   * Rows by key, `maximumBytes` of them at most, as `weigh` estimates. Rows are frozen: they are handed out as they
   * are.
   */
  table<K, V>(maximumBytes: number, weigh: (row: V, key: K) => number): KnownRows<K, V> {
    const table = new KnownRows<K, V>(this, new BoundedMap(maximumBytes, weigh));
    this.#tables.push(table as unknown as KnownRows<never, never>);
    return table;
  }

  /**
   * Forgets everything if another connection has committed since the last look; looks once a turn. Throws what reading
   * throws.
   */
  check(): void {
    const nowMs = monotonicMs();
    if (this.#isChecked && nowMs - this.#checkedAtMs < longestTurnMs) return;
    const [version] = this.#dataVersion.get() as unknown as [number];
    if (version !== this.#version) this.#forgetAll();
    this.#version = version;
    this.#isChecked = true;
    this.#checkedAtMs = nowMs;
    whenTurnEnds(this.#uncheck);
  }

  get isInTransaction(): boolean {
    return this.#isInTransaction;
  }

  /** To be called when BEGIN IMMEDIATE has succeeded. */
  begun(): void {
    this.#isInTransaction = true;
    this.#uncheck();
  }

  /** To be called when a part of the transaction was undone. */
  undone(): void {
    for (const table of this.#tables) table.forgetPending();
  }

  /**
   * To be called when the transaction has ended. If its COMMIT is not known to have succeeded, nothing is known of
   * anything.
   */
  ended(isCommitted: boolean): void {
    this.#isInTransaction = false;
    this.#uncheck();
    if (!isCommitted) return this.#forgetAll();
    for (const table of this.#tables) table.keepPending();
  }

  readonly #uncheck = (): void => {
    this.#isChecked = false;
  };

  #forgetAll(): void {
    for (const table of this.#tables) table.clear();
  }
}

/** The rows of one table that are in memory. */
export class KnownRows<K, V> {
  readonly #memory: Memory;
  readonly #committed: BoundedMap<K, V>;
  readonly #pending = new Map<K, V>();

  constructor(memory: Memory, committed: BoundedMap<K, V>) {
    this.#memory = memory;
    this.#committed = committed;
  }

  /** The row as the database has it now, or within a transaction as that has it; `undefined`: not in memory. */
  get(key: K): V | undefined {
    this.#memory.check();
    return (this.#pending.size === 0 ? undefined : this.#pending.get(key)) ?? this.#committed.get(key);
  }

  /** The same; a row that is not in memory is read, and kept. */
  find(key: K, readRow: (key: K) => V | undefined): V | undefined {
    const known = this.get(key);
    if (known !== undefined) return known;
    const row = readRow(key);
    return row === undefined ? undefined : this.remember(key, row);
  }

  /** Keeps a row that was read or written just now; within a transaction, for when it is committed. Answers the row. */
  remember(key: K, row: V): V {
    if (this.#memory.isInTransaction) this.#pending.set(key, row);
    else this.#committed.set(key, row);
    return row;
  }

  /** To be called by whatever is about to alter or delete a row. */
  forget(key: K): void {
    this.#pending.delete(key);
    this.#committed.delete(key);
  }

  keepPending(): void {
    for (const [key, row] of this.#pending) this.#committed.set(key, row);
    this.#pending.clear();
  }

  forgetPending(): void {
    this.#pending.clear();
  }

  clear(): void {
    this.#pending.clear();
    this.#committed.clear();
  }
}
