import { join } from "node:path";
import { replaceFileSync } from "@symbolon/durable-files";
import { headOf, trimAudit, type AuditHead } from "@symbolon/server";
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
const schema = z.strictObject({
  format: z.literal(1),
  database: z.int().nonnegative(),
  /** Where the audit log stood: shows that its last lines were removed (ST-15). */
  audit: z.strictObject({ position: z.int().positive(), mac: z.string() }).optional(),
});
type MarkFile = z.output<typeof schema>;
const advanceEveryMs = 60_000;

export const markPath = (directory: string): string => join(directory, "mark.json");

/** The mark that was last seen; 0 where no server has run on this directory. */
export const lastSeen = (directory: string): number => readMark(directory)?.database ?? 0;

/** Where the audit log stood when the mark was last written. */
export const lastAuditHead = (directory: string): AuditHead | undefined => readMark(directory)?.audit;

function readMark(directory: string): MarkFile | undefined {
  const path = markPath(directory);
  const file = readPrivateFile(path);
  if (file === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(file.text));
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
  await writeMark({ store, settings }, number);
}

export async function writeMark(
  { store, settings }: Pick<System, "store" | "settings">,
  database: number,
): Promise<void> {
  const [last] = await store.audit.list({ newestFirst: true, limit: 1 });
  const mark: MarkFile = { format: 1, database, ...(last === undefined ? {} : { audit: headOf(last) }) };
  replaceFileSync(markPath(settings.data), `${JSON.stringify(mark)}\n`);
}

/**
 * Each minute: removes audit lines that are too old, advances the mark, and empties the write-ahead log, so that a
 * deleted account is gone from it (ST-08). After a failure, again a minute later. Returns a function that stops this
 * and advances the mark a last time, so that the next server knows the time that this one has reached.
 */
export function keepMarking(system: System, onFailure: (cause: string) => void): () => Promise<void> {
  const advance = (): Promise<void> => advanceMark(system).catch((error: unknown) => onFailure(messageOf(error)));
  const eachMinute = async (): Promise<void> => {
    await trimOldLines(system).catch((error: unknown) => onFailure(messageOf(error)));
    await advance();
    await system.store.truncateLog().catch(() => false); // A store that does not answer has failed above already.
  };
  const timer = setInterval(() => void eachMinute(), advanceEveryMs).unref();
  return () => {
    clearInterval(timer);
    return advance();
  };
}

/** As far as auditRetentionDays says; by the time that is proven, so that a clock that is far ahead removes nothing. */
async function trimOldLines({ store, keyring, clock, settings }: System): Promise<void> {
  if (settings.auditRetentionDays === undefined) return;
  const until = Math.floor(clock.provenMs() / 1000) - settings.auditRetentionDays * 86_400;
  await trimAudit(until, { kind: "host", id: "serve" }, { store, keyring, clock });
}
