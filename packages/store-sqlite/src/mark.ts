import type { DatabaseSync } from "node:sqlite";
import type { EpochSeconds } from "@symbolon/protocol";
import type { Access } from "./access.ts";

/**
 * How far this database has come: a number that only grows while it is served, and that is smaller after an older copy
 * has been restored.
 */
export type Mark = {
  /** 0 if it was never served. */
  read(): Promise<number>;
  /** The latest time that a server noted; 0 if none did. */
  latestTime(): Promise<EpochSeconds>;
  /** Increments the mark, and notes `now` if it is later than the noted time. Returns both as they are then. */
  advance(now: EpochSeconds): Promise<{ number: number; latest: EpochSeconds }>;
  /**
   * Called once on a restored copy of the database; `lost` is the mark of the newer database that it replaces. Sets the
   * mark beyond it, ends every session, forgets the records that were to be used once, because they may have been, and
   * leaves a gap in the revocation feed, so that no position is used twice. The
   * noted time becomes `now`, even if it was later (ST-14).
   */
  beginAfterRestore(lost: number, now: EpochSeconds): Promise<number>;
};

/** More revocations than a database gets between a backup and its restore. */
const feedGap = 2 ** 32;

export function markOf(database: DatabaseSync, { read, write }: Access): Mark {
  const look = database.prepare("SELECT number, latest FROM mark");
  const set = database.prepare("UPDATE mark SET number = ?, latest = ?");
  const endSessions = database.prepare("DELETE FROM sessions");
  const forgetOnce = database.prepare("DELETE FROM once");
  const openFeed = database.prepare(
    "INSERT INTO sqlite_sequence (name, seq) SELECT 'revocations', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'revocations')",
  );
  const leaveGap = database.prepare("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'revocations'");
  const found = () => look.get() as { number: number; latest: EpochSeconds };
  return {
    read: () => read(() => found().number),
    latestTime: () => read(() => found().latest),
    advance: (now) =>
      write(() => {
        const before = found();
        const after = { number: before.number + 1, latest: Math.max(before.latest, now) };
        set.run(after.number, after.latest);
        return after;
      }),
    beginAfterRestore: (lost, now) =>
      write(() => {
        endSessions.run();
        forgetOnce.run();
        openFeed.run();
        leaveGap.run(feedGap);
        const number = Math.max(found().number, lost) + 1;
        set.run(number, now);
        return number;
      }),
  };
}
