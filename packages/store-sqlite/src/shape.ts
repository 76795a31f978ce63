import { DatabaseSync } from "node:sqlite";
import { DatabaseRefused } from "./faults.ts";
import { migrate, pragma } from "./migrate.ts";
import { migrations } from "./schema.ts";

/** A table or an index, with the SQL that declared it; spaces do not count. */
type Part = { kind: string; name: string; sql: string };

/**
 * The tables and indexes whose declared shape is not the one that `steps` make, in words for an operator. Those that
 * another program has added do not count.
 */
export function findOtherShapes(
  database: Pick<DatabaseSync, "prepare">,
  steps: readonly string[],
): { kind: string; finding: string }[] {
  const found = new Map(partsOf(database).map((part) => [part.name, part]));
  return expectedParts(steps).flatMap(({ kind, name, sql }) => {
    const part = found.get(name);
    if (part?.sql === sql) return [];
    const what = part === undefined ? "is missing" : "has another shape than this version expects";
    return [{ kind, finding: `${kind} ${name}: ${what}` }];
  });
}

/**
 * Refuses a database whose tables are not those of its schema number. Before the first release, schema 1 was changed
 * once in place (`grants.application` became ANY): in a database from before, no grant could be found or revoked.
 */
export function refuseOtherShape(database: Pick<DatabaseSync, "prepare">, path: string): void {
  const version = Number(pragma(database, "user_version"));
  const [first] = findOtherShapes(database, migrations.slice(0, version)).filter(({ kind }) => kind === "table");
  if (first === undefined) return;
  throw new DatabaseRefused(
    `${path} was written by a Symbolon from before the first release, or was changed by another program (${first.finding}). ` +
      "Nothing was changed. Restore a backup, or begin anew with an empty directory.",
  );
}

function expectedParts(steps: readonly string[]): Part[] {
  const model = new DatabaseSync(":memory:");
  try {
    migrate(model, steps);
    return partsOf(model);
  } finally {
    model.close();
  }
}

const partsOf = (database: Pick<DatabaseSync, "prepare">): Part[] =>
  database
    .prepare(
      "SELECT type AS kind, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'",
    )
    .all()
    .map(({ kind, name, sql }) => ({
      kind: String(kind),
      name: String(name),
      sql: String(sql).replaceAll(/\s+/g, " "),
    }));
