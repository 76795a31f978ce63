import type { DatabaseSync } from "node:sqlite";
import { DatabaseRefused, isNotADatabase } from "./faults.ts";
import { applicationId } from "./schema.ts";

/** Reads one number of the file header or of the settings of the connection. */
export function pragma(database: Pick<DatabaseSync, "prepare">, name: PragmaName): unknown {
  return Object.values(database.prepare(pragmas[name]).get() ?? {})[0];
}

const pragmas = {
  application_id: "PRAGMA application_id",
  user_version: "PRAGMA user_version",
  journal_mode: "PRAGMA journal_mode",
  synchronous: "PRAGMA synchronous",
  mmap_size: "PRAGMA mmap_size",
  trusted_schema: "PRAGMA trusted_schema",
  secure_delete: "PRAGMA secure_delete",
} as const;
type PragmaName = keyof typeof pragmas;

/**
 * Refuses a file of another program or of a newer version of this one. Writes nothing. Checks for a blank file
 * first: if another process migrates it between the two reads, the second read finds our id.
 */
export function refuseForeign(database: Pick<DatabaseSync, "prepare">, path: string, newest: number): void {
  const foreign = new DatabaseRefused(`${path} is not a Symbolon database. Name another path; nothing was changed.`);
  try {
    if (!isBlank(database) && pragma(database, "application_id") !== applicationId) throw foreign;
  } catch (error) {
    throw isNotADatabase(error) ? foreign : error;
  }
  const version = Number(pragma(database, "user_version"));
  if (version <= newest) return;
  throw new DatabaseRefused(
    `${path} was written by a newer Symbolon (schema ${version}; this one knows ${newest}). ` +
      "Start the newer version again, or restore the backup made before the upgrade.",
  );
}

/** A new file, or one whose first migration was interrupted. */
function isBlank(database: Pick<DatabaseSync, "prepare">): boolean {
  if (pragma(database, "application_id") !== 0 || pragma(database, "user_version") !== 0) return false;
  return database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
}

/**
 * Migrates the schema to the last of `steps`. Each step commits together with its number, so a killed step has either
 * happened or not, and the next start continues from there. Several processes may start at once.
 */
export function migrate(database: DatabaseSync, steps: readonly string[]): void {
  while (Number(pragma(database, "user_version")) < steps.length) {
    database.exec("BEGIN IMMEDIATE");
    try {
      const version = Number(pragma(database, "user_version"));
      const step = steps[version];
      if (step !== undefined) database.exec(step);
      const reached = Number(pragma(database, "user_version"));
      if (step !== undefined && reached !== version + 1)
        throw new Error(`migration ${version + 1} ends with the number ${reached}`);
      database.exec("COMMIT");
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }
}
