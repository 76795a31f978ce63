import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFileSync } from "@symbolon/durable-files";
import { z } from "zod";
import { Failure, messageOf } from "../command/failure.ts";
import type { System } from "./open-system.ts";

/*
 * How a restored backup is noticed: docs/decisions/0022-a-restored-database-is-detected.md. The database holds a number that grows
 * at
 * each start, each minute and each backup; this file, outside of it, holds the one that was last seen.
 */
const schema = z.strictObject({ format: z.literal(1), database: z.int().nonnegative() });
const advanceEveryMs = 60_000;

export const markPath = (directory: string): string => join(directory, "mark.json");

/** 0: no database was ever served from this directory. */
export function lastSeen(directory: string): number {
  const path = markPath(directory);
  if (!existsSync(path)) return 0;
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8"))).database;
  } catch (error) {
    throw new Failure(
      `${path} cannot be read: ${messageOf(error).split("\n")[0]}`,
      "If the database is the one that ran here last: symbolon restore --keep-grants",
    );
  }
}

/**
 * Refuses a database that is not as far as the one that ran here last, or has run elsewhere: what was revoked since
 * would be alive again (ST-07).
 */
export async function admitDatabase({ store, settings }: System): Promise<void> {
  const [found, seen] = [await store.mark.read(), lastSeen(settings.data)];
  const isMoved = found > 0 && seen === 0;
  if (found >= seen && !isMoved) return;
  const what = isMoved ? "was put here from elsewhere" : "is older than the one that ran here last";
  throw new Failure(
    `The database in ${settings.data} ${what}: whatever was revoked since it was copied would be alive again.`,
    "To go on with it: symbolon restore --revoke-all (everybody connects anew), or symbolon restore --keep-grants (you revoke by hand what has to be).",
  );
}

export async function advanceMark({ store, settings }: System): Promise<void> {
  writeMark(settings.data, await store.mark.advance());
}

export const writeMark = (directory: string, database: number): void =>
  replaceFileSync(markPath(directory), `${JSON.stringify({ format: 1, database })}\n`);

/** Moves the mark on while serving. Where it fails, it is moved a minute later. Answers how to stop. */
export function keepMarking(system: System, onFailure: (cause: string) => void): () => void {
  const timer = setInterval(
    () => void advanceMark(system).catch((error: unknown) => onFailure(messageOf(error))),
    advanceEveryMs,
  ).unref();
  return () => clearInterval(timer);
}
