import { afterEach, beforeEach } from "vitest";
import type { Entry, KeeperStore } from "../store.ts";

/** An empty place where records live. Each `open` is another process's store over it. */
export type Place = { open(): Promise<KeeperStore> | KeeperStore; remove?(): Promise<void> };

/** For each test a new place, and a store over it. */
export class ContractStage {
  store!: KeeperStore;
  #place!: Place;
  #others: KeeperStore[] = [];

  constructor(makePlace: () => Promise<Place> | Place) {
    beforeEach(async () => {
      this.#place = await makePlace();
      this.store = await this.#place.open();
      this.#others = [];
    });
    afterEach(async () => {
      await Promise.all([this.store, ...this.#others].map((one) => one.close()));
      await this.#place.remove?.();
    });
  }

  /** Another process's store. */
  async another(): Promise<KeeperStore> {
    const opened = await this.#place.open();
    this.#others.push(opened);
    return opened;
  }

  /** The process ends, and another begins. */
  async reopen(): Promise<void> {
    await this.store.close();
    this.store = await this.#place.open();
  }

  async list(prefix: string): Promise<(Entry & { key: string })[]> {
    const found: (Entry & { key: string })[] = [];
    for await (const entry of this.store.entries(prefix))
      found.push({ key: entry.key, revision: entry.revision, value: entry.value });
    return found;
  }

  async keysOf(prefix: string): Promise<string[]> {
    return (await this.list(prefix)).map(({ key }) => key);
  }
}
