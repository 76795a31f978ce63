import { join } from "node:path";
import { replaceFileSync } from "@symbolon/durable-files";
import { z } from "zod";
import { Failure, messageOf } from "../command/failure.ts";
import type { System } from "./open-system.ts";
import { readPrivateFile } from "./private-file.ts";
import { withProcessLock } from "./process-lock.ts";

/**
 * `mark.json` detects a restored backup (docs/decisions/0022-a-restored-database-is-detected.md). The database holds a
 * number that grows at each start, each minute and each backup; `mark.json` holds the last number outside of the
 * database.
 */
const schema = z.strictObject({ format: z.literal(1), database: z.int().nonnegative() });
const advanceEveryMs = 60_000;

export const markPath = (directory: string): string => join(directory, "mark.json");

/** The mark that was last seen; 0 where no server has run on this directory. */
export function lastSeen(directory: string): number {
  const path = markPath(directory);
  const file = readPrivateFile(path);
  if (file === undefined) return 0;
  try {
    return schema.parse(JSON.parse(file.text)).database;
  } catch (error) {
    throw new Failure(
      `${path} cannot be read: ${messageOf(error).split("\n")[0]}`,
      "If no other database was put here: symbolon restore --keep-grants",
    );
  }
}

/**
 * Advances the mark for a starting server. Throws a Failure for a database that is older than the one that ran here
 * last, or that ran in another directory: grants that were revoked since would be active again (ST-07). The lock keeps
 * two first starts apart, of which one could see the mark in the database and not yet in the file.
 */
export const claimDatabase = (system: System): Promise<void> =>
  withProcessLock(system.settings.data, async () => {
    await refuseOlderDatabase(system);
    await advanceMark(system);
  });

async function refuseOlderDatabase({ store, settings }: System): Promise<void> {
  const [found, seen] = [await store.mark.read(), lastSeen(settings.data)];
  const isMoved = found > 0 && seen === 0;
  if (found >= seen && !isMoved) return;
  const what = isMoved ? "was put here from elsewhere" : "is older than the one that ran here last";
  throw new Failure(
    `The database in ${settings.data} ${what}. Grants that were revoked since it was copied would be active again.`,
    "To use it: symbolon restore --revoke-all (users connect again), or symbolon restore --keep-grants (you revoke again by hand).",
  );
}

/** Advances the mark, and shares the time that this process and other servers have reached. */
export async function advanceMark({ store, settings, clock }: System): Promise<void> {
  const { number, latest } = await store.mark.advance(Math.floor(clock.provenMs() / 1000));
  clock.reach(latest * 1000);
  writeMark(settings.data, number);
}

export const writeMark = (directory: string, database: number): void =>
  replaceFileSync(markPath(directory), `${JSON.stringify({ format: 1, database })}\n`);

/**
 * Each minute: advances the mark, and empties the write-ahead log, so that a deleted account is gone from it (ST-08).
 * After a failure, again a minute later. Returns a function that stops this and advances the mark a last time, so that
 * the next server knows the time that this one has reached.
 */
export function keepMarking(system: System, onFailure: (cause: string) => void): () => Promise<void> {
  const advance = (): Promise<void> => advanceMark(system).catch((error: unknown) => onFailure(messageOf(error)));
  const eachMinute = async (): Promise<void> => {
    await advance();
    await system.store.truncateLog().catch(() => false); // A store that does not answer has failed above already.
  };
  const timer = setInterval(() => void eachMinute(), advanceEveryMs).unref();
  return () => {
    clearInterval(timer);
    return advance();
  };
}
