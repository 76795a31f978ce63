import { createHash } from "node:crypto";
import { join } from "node:path";

/**
 * The digest of each schema step that has been committed. A database in the field has the shape of the step that made
 * it, so such a step is never edited. A new step gets a new line, and a database in
 * packages/store-sqlite/test/schemas.
 */
const committed: Readonly<Record<string, string>> = {
  "store-sqlite 1": "33a6ddbbb1db0a9a1d5d4b9432be210f",
  "store-sqlite 2": "5681e514166e53cd7b72d452366287cb",
  "store-sqlite 3": "2d5abaaf2ca4c59ab4ca352f72759b1e",
  "store-sqlite 4": "b0df2f14f55cb15ff0ece2045e609075",
  "store-sqlite 5": "009330b295b96bca076e034baf0aeba0",
  "store-sqlite 6": "41855a0ad4c809daedcf8fbf1c5a90ef",
  "store-sqlite 7": "4422d6298a13202c5c6c1c5c28e6f9ee",
  "store-sqlite 8": "b89dd7a6fb977e5ea00671206e5784d2",
  "keeper-stores/sqlite 1": "954077db7438123bb6940c0541316762",
};

export const digestOf = (sql: string): string => createHash("sha256").update(sql).digest("hex").slice(0, 32);

/** What is wrong with `found`, as sentences; empty if every step is as it was committed. */
export function checkSchemas(
  found: Readonly<Record<string, string>>,
  known: Readonly<Record<string, string>>,
): string[] {
  const missing = Object.keys(known).filter((name) => !(name in found));
  return [
    ...missing.map((name) => `${name} is gone. Bring it back: databases that it made are in use.`),
    ...Object.entries(found).flatMap(([name, sql]) => {
      const digest = digestOf(sql);
      if (known[name] === digest) return [];
      if (known[name] === undefined) return [`${name} is new. Add to scripts/schemas.ts: "${name}": "${digest}",`];
      return [`${name} was edited. Undo that, and add a step: databases that it made are in use.`];
    }),
  ];
}

async function readSteps(): Promise<Record<string, string>> {
  const packages = join(import.meta.dirname, "..", "packages");
  const read = async (path: string): Promise<unknown> => await import(join(packages, path, "schema.ts"));
  const { migrations } = (await read("store-sqlite/src")) as { migrations: readonly string[] };
  const keeper = (await read("keeper-stores/src/sqlite")) as { schema: string };
  return {
    ...Object.fromEntries(migrations.map((sql, index) => [`store-sqlite ${index + 1}`, sql])),
    "keeper-stores/sqlite 1": keeper.schema,
  };
}

if (import.meta.main) {
  const problems = checkSchemas(await readSteps(), committed);
  for (const problem of problems) console.log(problem);
  if (problems.length === 0) console.log(`${Object.keys(committed).length} schema steps are as they were committed`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
