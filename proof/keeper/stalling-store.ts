import { setTimeout as sleep } from "node:timers/promises";
import type { KeeperStore } from "@symbolon/client/keeper";

/** A store whose writes sometimes take long: the disk before it has them, or the way back after. `share` of them. */
export function stallingStore(store: KeeperStore, share: number, ms: number): KeeperStore {
  const slowly = async <T>(write: () => Promise<T>): Promise<T> => {
    const draw = Math.random();
    if (draw < share / 2) await sleep(ms);
    const answer = await write();
    if (draw >= share / 2 && draw < share) await sleep(ms);
    return answer;
  };
  return {
    ...bare(store),
    write: (key, expected, value) => slowly(() => store.write(key, expected, value)),
    remove: (key, expected) => slowly(() => store.remove(key, expected)),
  };
}

/**
 * Calls `failed` whenever the store does not answer, as after a process was stopped for longer than a store is waited
 * for.
 */
export function watchedStore(store: KeeperStore, failed: () => void): KeeperStore {
  const watch = <T>(work: Promise<T>): Promise<T> => (work.catch(failed), work);
  return {
    ...bare(store),
    read: (key) => watch(store.read(key)),
    write: (key, expected, value) => watch(store.write(key, expected, value)),
    remove: (key, expected) => watch(store.remove(key, expected)),
  };
}

const bare = (store: KeeperStore): KeeperStore => ({
  read: (key) => store.read(key),
  write: (key, expected, value) => store.write(key, expected, value),
  remove: (key, expected) => store.remove(key, expected),
  entries: (prefix) => store.entries(prefix),
  close: () => store.close(),
});
