import type { DatabaseSync, StatementSync } from "node:sqlite";
import { grantIdFromBytes, type EpochSeconds, type GrantId } from "@symbolon/protocol";
import { endedRetentionSeconds, offerRetentionSeconds } from "@symbolon/server";
import type { Access } from "./access.ts";
import { erasing } from "./erasing.ts";

/**
 * A table to sweep: `look` walks its primary key and tells of each row whether it may go; `remove` checks that again.
 * `isPersonal`: its rows may hold the name of a person.
 */
type Lane = {
  look: StatementSync;
  remove: StatementSync;
  start: Key;
  after: Key;
  isPersonal?: true;
  forget?: (key: Uint8Array) => void;
};
type Key = Uint8Array | number;
type Seen = { key: Key; ended: number | null };
type Times = { now: EpochSeconds; offersUntil: EpochSeconds; endedUntil: EpochSeconds };

const rowsLookedAtPerRowRemoved = 10;

/**
 * Removes rows that have no effect any more (grants/sweep.ts). No index knows when a row ends, because every rotation
 * would have to update it. Instead each call continues to walk the tables from where the last one stopped. A call looks
 * at ten rows for each row that it may remove, so it is short however large the table is, and it takes the lock only to
 * delete (faults.md R-22).
 */
export function sweeper(
  database: DatabaseSync,
  { read, write }: Access,
  forgetGrant: (id: GrantId) => void,
): (now: EpochSeconds, limit: number) => Promise<number> {
  const lanes = prepareLanes(database, forgetGrant);
  const erasingWrite = erasing(database, write);
  return async (now, limit) => {
    const times = { now, offersUntil: now - offerRetentionSeconds, endedUntil: now - endedRetentionSeconds };
    const share = Math.max(1, Math.floor((limit * rowsLookedAtPerRowRemoved) / lanes.length));
    let removed = 0;
    for (const lane of lanes) {
      if (removed >= limit) break;
      const keys = await read(() => endedKeys(lane, times, share, limit - removed));
      const writeLane = lane.isPersonal ? erasingWrite : write;
      if (keys.length > 0) removed += await writeLane(() => remove(lane, times, keys));
    }
    lanes.push(...lanes.splice(0, 1));
    return removed;
  };
}

/** Walks at most `share` rows further, but not past the last row that may still be removed in this call. */
function endedKeys(lane: Lane, times: Times, share: number, room: number): Key[] {
  const seen = lane.look.all({ ...times, after: lane.after, share }) as Seen[];
  const keys: Key[] = [];
  lane.after = seen.length < share ? lane.start : seen.at(-1)!.key;
  for (const { key, ended } of seen) {
    if (ended !== 1) continue;
    keys.push(key);
    if (keys.length < room) continue;
    lane.after = key;
    break;
  }
  return keys;
}

function remove(lane: Lane, times: Times, keys: readonly Key[]): number {
  let removed = 0;
  for (const key of keys) {
    if (typeof key !== "number") lane.forget?.(key);
    removed += Number(lane.remove.run({ ...times, key }).changes);
  }
  return removed;
}

function prepareLanes(database: DatabaseSync, forgetGrant: (id: GrantId) => void): Lane[] {
  const prepare = (sql: string): StatementSync => {
    const statement = database.prepare(sql);
    statement.setAllowUnknownNamedParameters(true);
    return statement;
  };
  const first = new Uint8Array(0);
  return [
    {
      look: prepare(`
        SELECT id AS key, CASE state
            WHEN 0 THEN offer_expires_at <= :offersUntil
            WHEN 1 THEN min(expires_at, idle_expires_at) <= :endedUntil
            ELSE revoked_at <= :endedUntil END AS ended
        FROM grants WHERE id > :after ORDER BY id LIMIT :share`),
      remove: prepare(`
        DELETE FROM grants WHERE id = :key AND CASE state
            WHEN 0 THEN offer_expires_at <= :offersUntil
            WHEN 1 THEN min(expires_at, idle_expires_at) <= :endedUntil
            ELSE revoked_at <= :endedUntil END`),
      start: first,
      after: first,
      forget: (key) => forgetGrant(grantIdFromBytes(key)),
    },
    {
      look: prepare(
        "SELECT fingerprint AS key, until <= :now AS ended FROM revoked_tokens WHERE fingerprint > :after ORDER BY fingerprint LIMIT :share",
      ),
      remove: prepare("DELETE FROM revoked_tokens WHERE fingerprint = :key AND until <= :now"),
      start: first,
      after: first,
    },
    {
      look: prepare(
        "SELECT position AS key, until <= :now AS ended FROM revocations WHERE position > :after ORDER BY position LIMIT :share",
      ),
      remove: prepare("DELETE FROM revocations WHERE position = :key AND until <= :now"),
      start: 0,
      after: 0,
    },
    {
      look: prepare(
        "SELECT digest AS key, min(idle_expires_at, expires_at) <= :now AS ended FROM sessions WHERE digest > :after ORDER BY digest LIMIT :share",
      ),
      remove: prepare("DELETE FROM sessions WHERE digest = :key AND min(idle_expires_at, expires_at) <= :now"),
      isPersonal: true,
      start: first,
      after: first,
    },
    {
      look: prepare("SELECT id AS key, until <= :now AS ended FROM once WHERE id > :after ORDER BY id LIMIT :share"),
      remove: prepare("DELETE FROM once WHERE id = :key AND until <= :now"),
      isPersonal: true,
      start: first,
      after: first,
    },
  ];
}
