import { isKey, type Entry, type KeeperStore } from "./store.ts";

/** The entries of a memory store. Several stores over one place act like several processes on one database. */
export type MemoryPlace = {
  /** By key. */
  entries: Map<string, Entry>;
  /** The latest that was given. */
  revision: number;
};

/** An empty place, for memory stores to share. */
export const memoryPlace = (): MemoryPlace => ({ entries: new Map(), revision: 0 });

/** A store that ends with its process: for tests, and for grants that need not outlive it. */
export function memoryStore(place: MemoryPlace = memoryPlace()): KeeperStore {
  let closed = false;
  const { entries } = place;
  const check = (key: string): void => {
    if (closed) throw new Error("the store is closed");
    if (!isKey(key)) throw new TypeError("key: 1 to 200 of A-Z a-z 0-9 _ - and, not first, dots");
  };
  return {
    async read(key) {
      check(key);
      return entries.get(key);
    },
    async write(key, expected, value) {
      check(key);
      if ((entries.get(key)?.revision ?? 0) !== expected) return undefined;
      const revision = ++place.revision;
      entries.set(key, { revision, value });
      return revision;
    },
    async remove(key, expected) {
      check(key);
      return entries.get(key)?.revision === expected && entries.delete(key);
    },
    async *entries(prefix) {
      if (closed) throw new Error("the store is closed");
      for (const key of [...entries.keys()].filter((key) => key.startsWith(prefix)).sort()) {
        const entry = entries.get(key);
        if (entry !== undefined) yield { key, ...entry };
      }
    },
    async close() {
      closed = true;
    },
  };
}
