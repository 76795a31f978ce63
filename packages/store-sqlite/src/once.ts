import type { DatabaseSync } from "node:sqlite";
import type { EpochSeconds } from "@symbolon/protocol";
import { longestOnceValue, OnceTaken, type OnceRecord, type OnceStore } from "@symbolon/server";
import type { Access } from "./access.ts";
import { erasing } from "./erasing.ts";

/** `putNow` runs inside the write of the change that the record is put beside. */
export type OnceRecords = OnceStore & { putNow(record: OnceRecord & { now: EpochSeconds }): void };

export function onceStore(database: DatabaseSync, { read, write }: Access): OnceRecords {
  const find = database.prepare("SELECT value FROM once WHERE id = ? AND until > ?");
  const put = database.prepare(`
    INSERT INTO once (id, value, until) VALUES (:id, :value, :until)
    ON CONFLICT (id) DO UPDATE SET value = excluded.value, until = excluded.until WHERE until <= :now`);
  const take = database.prepare("DELETE FROM once WHERE id = ? AND until > ? RETURNING value");
  const valueOf = (found: object | undefined): Uint8Array | undefined =>
    found === undefined ? undefined : (found as { value: Uint8Array }).value;
  const erasingWrite = erasing(database, write);
  const putRow = ({ id, value, until }: OnceRecord, now: EpochSeconds): boolean => {
    if (value.length > longestOnceValue) throw new Error(`a record holds at most ${longestOnceValue} bytes`);
    return put.run({ id, value, until, now }).changes === 1;
  };
  return {
    putNow: ({ now, ...record }) => {
      if (!putRow(record, now)) throw new OnceTaken("there is such a record");
    },
    put: (record, now) => write(() => putRow(record, now)),
    find: (id, now) => read(() => valueOf(find.get(id, now))),
    take: (id, now) => erasingWrite(() => valueOf(take.get(id, now))),
  };
}
