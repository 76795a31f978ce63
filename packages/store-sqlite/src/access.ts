import type { DatabaseSync } from "node:sqlite";
import { StoreUnavailable, type Beside, type MaybePromise } from "@symbolon/server";
import type { Connection } from "./connection.ts";
import { monotonicMs, pause, pauseMs } from "./edge.ts";
import { asStoreError, isBusy, isStorageFault, unavailable } from "./faults.ts";
import { Memory } from "./memory.ts";

/**
 * Reading and writing the database. A promise of `write` resolves after the commit that holds it has reached the disk.
 */
export type Access = {
  read<T>(look: () => T): Promise<T>;
  /** As `read`, and without a promise unless another connection holds a lock: for the look-ups of every request. */
  readNow<T>(look: () => T): MaybePromise<T>;
  write<T>(operate: () => T): Promise<T>;
  /** Used only within `look` and `operate`. */
  memory: Memory;
};

/** For tables whose changes have something written in the same transaction. `storeBeside` is used within `operate`. */
export type ChangeAccess = Access & { storeBeside(beside: Beside): void };

/** `isAlone`: in its own savepoint. */
type Operation = { operate: () => unknown; settle: (outcome: Outcome) => void; askedAtMs: number; isAlone: boolean };
type Outcome = { ok: true; answer: unknown } | { ok: false; error: unknown };

const maximumGroup = 500;
const maximumWaiting = 20_000;
const placeCheckMs = 100;
/** A group runs without a pause; what waits for this promise continues after it. */
const afterThisStep = Promise.resolve();

/**
 * Group commit: the writes requested within one turn of the event loop share one `BEGIN IMMEDIATE … COMMIT`, hence one
 * fsync. If one of them throws, which is rare, the transaction is rolled back and all run again, each in its own
 * savepoint: the one that throws writes nothing and does not affect the others. If the commit fails, its outcome is
 * unknown, and every promise of the group rejects with that.
 *
 * If another process holds the lock, the group is retried with pauses for `patienceMs`, without blocking the event
 * loop.
 */
export class GroupCommit implements Access {
  /** Transactions committed so far; each is one fsync of the log if it wrote anything. */
  commits = 0;
  readonly memory: Memory;
  readonly #database: DatabaseSync;
  readonly #connection: Connection;
  readonly #patienceMs: number;
  readonly #statements;
  #waiting: Operation[] = [];
  #isScheduled = false;
  #attempt = 0;
  #placeCheckedAtMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;
  /** Whether a transaction may still be open because it could neither be committed nor rolled back. */
  #isInDoubt = false;

  constructor(connection: Connection, patienceMs: number) {
    const { database } = connection;
    this.#connection = connection;
    this.#database = database;
    this.memory = new Memory(database);
    this.#patienceMs = patienceMs;
    this.#statements = {
      begin: database.prepare("BEGIN IMMEDIATE"),
      commit: database.prepare("COMMIT"),
      rollback: database.prepare("ROLLBACK"),
      savepoint: database.prepare("SAVEPOINT operation"),
      release: database.prepare("RELEASE operation"),
      undo: database.prepare("ROLLBACK TO operation"),
    };
  }

  async read<T>(look: () => T): Promise<T> {
    return await this.readNow(look);
  }

  /** Sees every commit that any process made before the call, and none that is under way. */
  readNow<T>(look: () => T): MaybePromise<T> {
    if (this.memory.isInTransaction) return this.#readPatiently(look, afterThisStep);
    try {
      return this.#look(look);
    } catch (error) {
      return isBusy(error) ? this.#readPatiently(look, pause(pauseMs(0))) : Promise.reject(asStoreError(error));
    }
  }

  async #readPatiently<T>(look: () => T, wait: Promise<void>): Promise<T> {
    const askedAtMs = monotonicMs();
    await wait;
    for (let attempt = 1; ; attempt++) {
      try {
        return this.#look(look);
      } catch (error) {
        if (!isBusy(error) || monotonicMs() - askedAtMs > this.#patienceMs) throw asStoreError(error);
      }
      await pause(pauseMs(attempt));
    }
  }

  #look<T>(look: () => T): T {
    if (this.#isClosed) throw new StoreUnavailable("the store is closed");
    if (monotonicMs() - this.#placeCheckedAtMs > placeCheckMs) this.#assertPlace();
    if (this.#isInDoubt) this.#leaveTransaction();
    return look();
  }

  write<T>(operate: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#isClosed) return reject(new StoreUnavailable("the store is closed"));
      if (this.#waiting.length >= maximumWaiting) return reject(new StoreUnavailable("too many writes are waiting"));
      const settle = (outcome: Outcome) => (outcome.ok ? resolve(outcome.answer as T) : reject(outcome.error));
      this.#waiting.push({ operate, settle, askedAtMs: monotonicMs(), isAlone: false });
      this.#schedule();
    });
  }

  /** Commits what is waiting, then refuses everything. */
  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#waiting.length > 0) await pause(1);
  }

  /** After the poll phase, when every request of this turn has added its writes to the group. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#isScheduled = false;
    try {
      this.#assertPlace();
      this.#leaveTransaction();
      this.#statements.begin.run();
    } catch (error) {
      return isBusy(error) ? this.#postpone(error) : this.#fail(this.#waiting.splice(0), error);
    }
    this.#attempt = 0;
    this.#perform(this.#waiting.splice(0, maximumGroup));
    if (this.#waiting.length > 0) this.#schedule();
  }

  #perform(group: Operation[]): void {
    this.memory.begun();
    let outcomes: Outcome[];
    try {
      outcomes = group.map((operation) => this.#run(operation));
    } catch (error) {
      this.#undo();
      return isStorageFault(error) ? this.#fail(group, error) : this.#repeat(group);
    }
    try {
      this.#statements.commit.run();
      this.#assertPlace();
    } catch (error) {
      this.#undo();
      return this.#fail(group, error);
    }
    this.memory.ended(true);
    this.commits++;
    for (const [index, { settle }] of group.entries()) settle(outcomes[index]!);
  }

  /**
   * A savepoint throws only what ends the whole group: a fault of the storage, or a transaction that SQLite has rolled
   * back.
   */
  #run({ operate, isAlone }: Operation): Outcome {
    if (!isAlone) return { ok: true, answer: operate() };
    this.#statements.savepoint.run();
    try {
      const answer = operate();
      this.#statements.release.run();
      return { ok: true, answer };
    } catch (error) {
      if (isStorageFault(error) || !this.#database.isTransaction) throw unavailable(error);
      this.memory.undone();
      this.#statements.undo.run();
      this.#statements.release.run();
      return { ok: false, error };
    }
  }

  /** Ahead of the writes that were requested later, to keep the order. */
  #repeat(group: Operation[]): void {
    for (const operation of group) operation.isAlone = true;
    this.#waiting.unshift(...group);
  }

  #undo(): void {
    this.memory.ended(false);
    this.#isInDoubt = true;
    try {
      this.#leaveTransaction();
    } catch (error) {
      if (!isStorageFault(error)) throw error;
    }
  }

  #leaveTransaction(): void {
    if (this.#database.isTransaction) this.#statements.rollback.run();
    this.#isInDoubt = false;
  }

  /** Rejects the writes whose patience has run out; the others are tried again soon. */
  #postpone(busy: unknown): void {
    const latestMs = monotonicMs() - this.#patienceMs;
    const tired = this.#waiting.filter(({ askedAtMs }) => askedAtMs <= latestMs);
    this.#waiting = this.#waiting.filter(({ askedAtMs }) => askedAtMs > latestMs);
    this.#fail(tired, busy);
    if (this.#waiting.length === 0) return;
    this.#isScheduled = true;
    void pause(pauseMs(this.#attempt++)).then(() => this.#flush());
  }

  #fail(group: Operation[], cause: unknown): void {
    for (const { settle } of group) settle({ ok: false, error: unavailable(cause) });
  }

  /** While there is a fault every call checks again, so the first call after a repair succeeds. */
  #assertPlace(): void {
    this.#placeCheckedAtMs = Number.NEGATIVE_INFINITY;
    this.#connection.place.assertUnmoved();
    this.#placeCheckedAtMs = monotonicMs();
  }
}
