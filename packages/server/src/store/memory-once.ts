import type { EpochSeconds } from "@symbolon/protocol";
import { longestOnceValue, type OnceStore } from "./contract.ts";
import { keyOf, type Rows } from "./memory-rows.ts";

export function onceStore(rows: Rows): OnceStore {
  const live = (key: string, now: EpochSeconds): Uint8Array | undefined => {
    rows.assertOpen();
    const record = rows.once.get(key);
    return record === undefined || record.until <= now ? undefined : record.value.slice();
  };
  return {
    put: async ({ id, value, until }, now) => {
      if (value.length > longestOnceValue) throw new Error(`a record holds at most ${longestOnceValue} bytes`);
      const key = keyOf(id);
      if (live(key, now) !== undefined) return false;
      rows.once.set(key, { value: value.slice(), until });
      return true;
    },
    find: async (id, now) => live(keyOf(id), now),
    take: async (id, now) => {
      const key = keyOf(id);
      const value = live(key, now);
      if (value !== undefined) rows.once.delete(key);
      return value;
    },
  };
}
