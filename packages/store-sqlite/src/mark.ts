import type { DatabaseSync } from "node:sqlite";
import type { Access } from "./access.ts";

/**
 * How far this database has come: a number that only grows while it is served, and goes back when an older copy takes
 * its place.
 */
export type Mark = {
  /** 0: it was never served. */
  read(): Promise<number>;
  /** One further; answers the new number. */
  advance(): Promise<number>;
  /**
   * To be called once on a copy that has taken the place of a newer database, whose mark was `lost`. Sets the mark
   * beyond it, ends every session, and leaves a gap in the revocation feed, so that no position is given out a second
   * time.
   */
  beginAfterRestore(lost: number): Promise<number>;
};

/** More revocations than a database sees between a backup and its return. */
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
