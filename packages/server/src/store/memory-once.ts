import type { EpochSeconds } from "@symbolon/protocol";
import { longestOnceValue, type OnceRecord, type OnceStore } from "./contract.ts";
import { keyOf, type Rows } from "./memory-rows.ts";

export function onceStore(rows: Rows): OnceStore {
  return {
    put: async (record, now) => {
      rows.assertOpen();
      if (record.value.length > longestOnceValue) throw tooLong();
      if (isOnceLive(rows, record.id, now)) return false;
      putOnce(rows, record);
      return true;
    },
    find: async (id, now) => live(rows, id, now),
    take: async (id, now) => {
      const value = live(rows, id, now);
      if (value !== undefined) rows.once.delete(keyOf(id));
      return value;
    },
  };
}

function live(rows: Rows, id: Uint8Array, now: EpochSeconds): Uint8Array | undefined {
  rows.assertOpen();
  const record = rows.once.get(keyOf(id));
  return record === undefined || record.until <= now ? undefined : record.value.slice();
}

export const isOnceLive = (rows: Rows, id: Uint8Array, now: EpochSeconds): boolean => live(rows, id, now) !== undefined;

export function putOnce(rows: Rows, { id, value, until }: OnceRecord): void {
  if (value.length > longestOnceValue) throw tooLong();
  rows.once.set(keyOf(id), { value: value.slice(), until });
}

const tooLong = (): Error => new Error(`a record holds at most ${longestOnceValue} bytes`);
