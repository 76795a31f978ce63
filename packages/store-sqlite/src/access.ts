import type { DatabaseSync } from "node:sqlite";
import { StoreUnavailable } from "@symbolon/server";
import type { Connection } from "./connection.ts";
import { monotonicMs, pause, pauseMs } from "./edge.ts";
import { asStoreError, isBusy, isStorageFault, unavailable } from "./faults.ts";

/** The two ways to the database. A promise of `write` resolves after the commit that holds it has reached the disk. */
export type Access = {
  read<T>(look: () => T): Promise<T>;
  write<T>(operate: () => T): Promise<T>;
};

type Operation = { operate: () => unknown; settle: (outcome: Outcome) => void; askedAtMs: number };
type Outcome = { ok: true; answer: unknown } | { ok: false; error: unknown };

const maximumGroup = 500;
const maximumWaiting = 20_000;
const placeCheckMs = 100;

/**
 * Group commit: the writes asked for within one turn of the event loop share one `BEGIN IMMEDIATE … COMMIT`, hence one
 * fsync. Each runs in a savepoint of its own, so one that throws leaves no trace and harms no other. When the commit fails,
 * the outcome is unknown and every promise of the group says so.
 *
 * Another process may hold the lock: then the group waits in pauses, while the event loop goes on, for `patienceMs`.
 */
export class GroupCommit implements Access {
  /** Transactions committed so far; each is one fsync of the log if anything was written. */
  commits = 0;
  readonly #database: DatabaseSync;
  readonly #connection: Connection;
  readonly #patienceMs: number;
  readonly #statements;
  #waiting: Operation[] = [];
  #isScheduled = false;
  #attempt = 0;
  #placeCheckedAtMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(connection: Connection, patienceMs: number) {
    const { database } = connection;
    this.#connection = connection;
    this.#database = database;
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

  /** Sees every commit made before the call, in whichever process. */
  async read<T>(look: () => T): Promise<T> {
    const askedAtMs = monotonicMs();
    for (let attempt = 0; ; attempt++) {
      if (this.#isClosed) throw new StoreUnavailable("the store is closed");
      try {
        if (monotonicMs() - this.#placeCheckedAtMs > placeCheckMs) this.#assertPlace();
        return look();
      } catch (error) {
        if (!isBusy(error) || monotonicMs() - askedAtMs > this.#patienceMs) throw asStoreError(error);
      }
      await pause(pauseMs(attempt));
    }
  }

  write<T>(operate: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#isClosed) return reject(new StoreUnavailable("the store is closed"));
      if (this.#waiting.length >= maximumWaiting) return reject(new StoreUnavailable("too many writes are waiting"));
      const settle = (outcome: Outcome) => (outcome.ok ? resolve(outcome.answer as T) : reject(outcome.error));
      this.#waiting.push({ operate, settle, askedAtMs: monotonicMs() });
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
      if (this.#database.isTransaction) this.#statements.rollback.run();
      this.#statements.begin.run();
    } catch (error) {
      return isBusy(error) ? this.#postpone(error) : this.#fail(this.#waiting.splice(0), error);
    }
    this.#attempt = 0;
    this.#perform(this.#waiting.splice(0, maximumGroup));
    if (this.#waiting.length > 0) this.#schedule();
  }

  #perform(group: Operation[]): void {
    const outcomes: Outcome[] = [];
    try {
      for (const { operate } of group) outcomes.push(this.#attemptOne(operate));
      this.#statements.commit.run();
      this.#assertPlace();
      this.commits++;
    } catch (error) {
      this.#rollBack();
      return this.#fail(group, error);
    }
    for (const [index, { settle }] of group.entries()) settle(outcomes[index]!);
  }

  /** Throws only what ends the whole group: a fault of the storage, or a transaction that SQLite has given up. */
  #attemptOne(operate: () => unknown): Outcome {
    this.#statements.savepoint.run();
    try {
      const answer = operate();
      this.#statements.release.run();
      return { ok: true, answer };
    } catch (error) {
      if (isStorageFault(error) || !this.#database.isTransaction) throw error;
      this.#statements.undo.run();
      this.#statements.release.run();
      return { ok: false, error };
    }
  }

  #rollBack(): void {
    try {
      if (this.#database.isTransaction) this.#statements.rollback.run();
    } catch (error) {
      if (!isStorageFault(error)) throw error;
    }
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
