import type { DatabaseSync } from "node:sqlite";
import { longestOnceValue, type OnceStore } from "@symbolon/server";
import type { Access } from "./access.ts";
import { erasing } from "./erasing.ts";

export function onceStore(database: DatabaseSync, { read, write }: Access): OnceStore {
  const find = database.prepare("SELECT value FROM once WHERE id = ? AND until > ?");
  const put = database.prepare(`
    INSERT INTO once (id, value, until) VALUES (:id, :value, :until)
    ON CONFLICT (id) DO UPDATE SET value = excluded.value, until = excluded.until WHERE until <= :now`);
  const take = database.prepare("DELETE FROM once WHERE id = ? AND until > ? RETURNING value");
  const valueOf = (found: object | undefined): Uint8Array | undefined =>
    found === undefined ? undefined : (found as { value: Uint8Array }).value;
  const erasingWrite = erasing(database, write);
  return {
    put: async ({ id, value, until }, now) => {
      if (value.length > longestOnceValue) throw new Error(`a record holds at most ${longestOnceValue} bytes`);
      return await write(() => put.run({ id, value, until, now }).changes === 1);
    },
    find: (id, now) => read(() => valueOf(find.get(id, now))),
    take: (id, now) => erasingWrite(() => valueOf(take.get(id, now))),
  };
}
