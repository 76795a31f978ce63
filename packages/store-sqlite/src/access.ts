import type { DatabaseSync } from "node:sqlite";
import { StoreUnavailable, type MaybePromise } from "@symbolon/server";
import type { Connection } from "./connection.ts";
import { monotonicMs, pause, pauseMs } from "./edge.ts";
import { asStoreError, isBusy, isStorageFault, unavailable } from "./faults.ts";
import { Memory } from "./memory.ts";

/** The two ways to the database. A promise of `write` resolves after the commit that holds it has reached the disk. */
export type Access = {
  read<T>(look: () => T): Promise<T>;
  /** The same, and at once unless somebody else is in the way: for the look-ups that every request makes. */
  readNow<T>(look: () => T): MaybePromise<T>;
  write<T>(operate: () => T): Promise<T>;
  /** For use within `look` and `operate` only. */
  memory: Memory;
};

/** `isAlone`: in a savepoint of its own. */
type Operation = { operate: () => unknown; settle: (outcome: Outcome) => void; askedAtMs: number; isAlone: boolean };
type Outcome = { ok: true; answer: unknown } | { ok: false; error: unknown };

const maximumGroup = 500;
const maximumWaiting = 20_000;
const placeCheckMs = 100;
/** A group runs without a pause, so whoever waits for this goes on after it. */
const afterThisStep = Promise.resolve();

/**
 * Group commit: the writes asked for within one turn of the event loop share one `BEGIN IMMEDIATE … COMMIT`, hence one
 * fsync. If one of them throws, which is rare, the transaction is undone and all run again, each in a savepoint of its
 * own: the one that throws leaves no trace and harms no other. When the commit fails, the outcome is unknown and every
 * promise of the group says so.
 *
 * Another process may hold the lock: then the group waits in pauses, while the event loop goes on, for `patienceMs`.
 */
export class GroupCommit implements Access {
  /** Transactions committed so far; each is one fsync of the log if anything was written. */
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
  /** Whether a transaction may still be open that could neither be committed nor undone. */
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

  /** Sees every commit made before the call, in whichever process, and none that is under way. */
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

  /** After the poll phase: whatever the requests of this turn have asked for is in the group. */
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
   * One that is alone throws only what ends the whole group: a fault of the storage, or a transaction that SQLite has
   * given up.
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

  /** Before those that came later, so that the order stays. */
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

  /** Those whose patience is over are told; the others try again in a moment. */
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

  /** While something is wrong every call looks again, so the first after a repair succeeds. */
  #assertPlace(): void {
    this.#placeCheckedAtMs = Number.NEGATIVE_INFINITY;
    this.#connection.place.assertUnmoved();
    this.#placeCheckedAtMs = monotonicMs();
  }
}
