import type { DatabaseSync, StatementSync } from "node:sqlite";
import { BoundedMap } from "@symbolon/server";
import { monotonicMs, whenTurnEnds } from "./edge.ts";

/*
 * Rows in memory are checked: docs/decisions/0014-rows-in-memory-are-checked.md.
 *
 * Guarantee (I5): a read sees every write, of any process, that was acknowledged before the read's request was sent.
 *
 * Why it holds. `PRAGMA data_version` begins a read transaction: like a SELECT, it reads the head of the write-ahead
 * log in shared memory. It returns another number than before if another connection, of this process or another, has
 * committed in between. Own commits do not change it.
 *
 * 1. Rows that were read or written after the number was v, and are used after it was v again, are as the database had
 *    them at the second check. If the number has changed, every row is forgotten first.
 * 2. One check is good for one turn: a callback of the event loop with the promises and ticks that follow from it. All
 *    input of a turn has left the kernel before its callback was called, pipelined requests included. So a write that
 *    was acknowledged before such a request was sent was committed before the turn began, hence before the check. A
 *    request whose bytes come later is another turn, with its own check. `whenTurnEnds` runs as soon as the promises
 *    that are due have run, before the event loop reads input again.
 * 3. Only a program that blocks within a turn to wait for another process could know of a later commit within it. This
 *    server never does; a check that is a millisecond old is repeated nevertheless.
 * 4. A group of writes checks again after BEGIN IMMEDIATE. From there to its COMMIT no other connection can write.
 * 5. Within a group a written row is forgotten at once, and its successor waits in `pending`, which only operations of
 *    the same transaction see. It is kept after the COMMIT. If anything fails, every row is forgotten.
 */
const longestTurnMs = 1;

/** Tells whether the rows in memory are still those of the database. */
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
   * Rows by key, up to `maximumBytes` as estimated by `weigh`. Rows are frozen, because they are returned without a
   * copy.
   */
  table<K, V>(maximumBytes: number, weigh: (row: V, key: K) => number): KnownRows<K, V> {
    const table = new KnownRows<K, V>(this, new BoundedMap(maximumBytes, weigh));
    this.#tables.push(table as unknown as KnownRows<never, never>);
    return table;
  }

  /**
   * Forgets every row if another connection has committed since the last check; checks once per turn of the event loop.
   * Throws what reading throws.
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

  /** Called when BEGIN IMMEDIATE has succeeded. */
  begun(): void {
    this.#isInTransaction = true;
    this.#uncheck();
  }

  /** Called when a part of the transaction was rolled back. */
  undone(): void {
    for (const table of this.#tables) table.forgetPending();
  }

  /** Called when the transaction has ended. If its COMMIT may have failed, every row is forgotten. */
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

  /**
   * The row as the database has it now; within a transaction, as the transaction has it. `undefined` if it is not in
   * memory.
   */
  get(key: K): V | undefined {
    this.#memory.check();
    return (this.#pending.size === 0 ? undefined : this.#pending.get(key)) ?? this.#committed.get(key);
  }

  /** As `get`; a row that is not in memory is read and kept. */
  find(key: K, readRow: (key: K) => V | undefined): V | undefined {
    const known = this.get(key);
    if (known !== undefined) return known;
    const row = readRow(key);
    return row === undefined ? undefined : this.remember(key, row);
  }

  /** Keeps a row that was just read or written; within a transaction, for when it is committed. Returns the row. */
  remember(key: K, row: V): V {
    if (this.#memory.isInTransaction) this.#pending.set(key, row);
    else this.#committed.set(key, row);
    return row;
  }

  /** Called before a row is changed or deleted. */
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
