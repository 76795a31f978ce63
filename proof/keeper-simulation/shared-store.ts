import type { Entry, KeeperStore } from "@symbolon/client/keeper";
import type { Dice, Scheduler } from "@symbolon/testing";
import type { KeeperOracle } from "./oracle.ts";
import { noFaults, type Faults } from "./plan.ts";
import type { VirtualProcess } from "./virtual-process.ts";

/** How long a client of the store waits before it gives up. */
const storeTimeoutMs = 2000;
/** A call that takes longer may outlast a lease. */
const promptMs = 5000;

/** What the store uses of the simulation. */
type StoreWorld = {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly oracle: KeeperOracle;
  readonly faults: Faults;
  readonly cutFromStore: ReadonlySet<VirtualProcess>;
  kill(process: VirtualProcess): void;
  mayStandStill(process: VirtualProcess): void;
};

/**
 * The store, and what each process sees of it. A call takes a while in both directions; a write may arrive after its
 * process has died, and after it was reported as failed.
 */
export class SharedStore {
  readonly entries = new Map<string, Entry>();
  readonly #world: StoreWorld;
  #revision = 0;

  constructor(world: StoreWorld) {
    this.#world = world;
  }

  seenBy(process: VirtualProcess): KeeperStore {
    return {
      read: (key) => this.#call(process, false, () => this.entries.get(key)),
      write: (key, expected, value) => this.#call(process, true, () => this.#write(process, key, expected, value)),
      remove: (key, expected) =>
        this.#call(process, true, () => this.entries.get(key)?.revision === expected && this.entries.delete(key)),
      entries: (prefix) => this.#list(process, prefix),
      close: async () => {},
    };
  }

  async *#list(process: VirtualProcess, prefix: string): AsyncIterable<Entry & { key: string }> {
    const found = await this.#call(process, false, () =>
      [...this.entries].filter(([key]) => key.startsWith(prefix)).toSorted(([one], [other]) => (one < other ? -1 : 1)),
    );
    for (const [key, entry] of found) yield { key, ...entry };
  }

  #write(process: VirtualProcess, key: string, expected: number, value: string): number | undefined {
    const { oracle } = this.#world;
    const before = this.entries.get(key);
    if ((before?.revision ?? 0) !== expected) {
      oracle.saw("write refused: another process was first");
      return undefined;
    }
    const revision = ++this.#revision;
    this.entries.set(key, { revision, value });
    oracle.written(process, key, before?.value, value);
    return revision;
  }

  #call<T>(process: VirtualProcess, isWrite: boolean, perform: () => T): Promise<T> {
    const { scheduler, dice, oracle, faults } = this.#world;
    const life = process.life;
    oracle.count();
    return new Promise((resolve, reject) => {
      if (!process.isUp) return;
      const later = (run: () => void): void => {
        const isFast = isWrite && faults.storeWritesFast;
        const delayMs = dice.delay(isFast ? noFaults.storeSlowMs : faults.storeSlowMs);
        if (delayMs > promptMs) oracle.trouble("store", process);
        scheduler.after(delayMs, run);
      };
      const unavailable = process.own(() => reject(new Error("the store does not answer")));
      const failed = (): void => oracle.trouble("store", process);
      const diesWhen = isWrite && dice.chance(faults.diesAtWrite) ? dice.pick(["before", "after"] as const) : undefined;
      const die = (): void => {
        if (process.life === life && process.isUp) this.#world.kill(process);
      };
      if (diesWhen === "before") {
        oracle.saw("death before a write");
        return die();
      }
      this.#world.mayStandStill(process);
      later(() => {
        if (this.#world.cutFromStore.has(process)) {
          failed();
          return scheduler.after(storeTimeoutMs, unavailable);
        }
        if (dice.chance(faults.storeFailsBefore)) {
          failed();
          return later(unavailable);
        }
        if (isWrite && dice.chance(faults.storeAppliesLate)) {
          failed();
          scheduler.after(dice.delay(10_000), () =>
            perform() === undefined ? undefined : oracle.saw("write done after it was reported as failed"),
          );
          return unavailable();
        }
        const value = perform();
        if (diesWhen === "after") {
          oracle.saw("death after a write");
          return die();
        }
        if (dice.chance(faults.storeFailsAfter)) {
          failed();
          if (isWrite) oracle.saw("write done, acknowledgement lost");
          return later(unavailable);
        }
        later(process.own(() => resolve(value)));
      });
    });
  }
}
