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
    read: (key) => store.read(key),
    entries: (prefix) => store.entries(prefix),
    close: () => store.close(),
    write: (key, expected, value) => slowly(() => store.write(key, expected, value)),
    remove: (key, expected) => slowly(() => store.remove(key, expected)),
  };
}
