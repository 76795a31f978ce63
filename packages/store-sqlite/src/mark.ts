import type { DatabaseSync } from "node:sqlite";
import type { Access } from "./access.ts";

/**
 * How far this database has come: a number that only grows while it is served, and that is smaller after an older copy
 * has been restored.
 */
export type Mark = {
  /** 0 if it was never served. */
  read(): Promise<number>;
  /** Increments the mark; returns the new number. */
  advance(): Promise<number>;
  /**
   * Called once on a restored copy of the database; `lost` is the mark of the newer database that it replaces. Sets the
   * mark beyond it, ends every session, and leaves a gap in the revocation feed, so that no position is used twice.
   */
  beginAfterRestore(lost: number): Promise<number>;
};

/** More revocations than a database gets between a backup and its restore. */
const feedGap = 2 ** 32;

export function markOf(database: DatabaseSync, { read, write }: Access): Mark {
  const look = database.prepare("SELECT number FROM mark");
  const set = database.prepare("UPDATE mark SET number = ?");
  const endSessions = database.prepare("DELETE FROM sessions");
  const openFeed = database.prepare(
    "INSERT INTO sqlite_sequence (name, seq) SELECT 'revocations', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'revocations')",
  );
  const leaveGap = database.prepare("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'revocations'");
  const found = (): number => (look.get() as { number: number }).number;
  const move = (to: number): number => {
    set.run(to);
    return to;
  };
  return {
    read: () => read(found),
    advance: () => write(() => move(found() + 1)),
    beginAfterRestore: (lost) =>
      write(() => {
        endSessions.run();
        openFeed.run();
        leaveGap.run(feedGap);
        return move(Math.max(found(), lost) + 1);
      }),
  };
}
