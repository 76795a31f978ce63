import { DatabaseSync } from "node:sqlite";
import { stepOf, type Amounts } from "./seed.ts";

const grantsPerAccount = 4;
const perCommit = 500_000;

/**
 * Copies the existing grants and account until there are `count` grants, as after years of use: ids in the order of
 * time, random owners, a quarter as many accounts. Returns the ids of the grants in use.
 */
export function multiplyGrants(path: string, amounts: Amounts): Uint8Array[] {
  const database = new DatabaseSync(path);
  database.exec(
    "PRAGMA synchronous = OFF; PRAGMA cache_size = -1500000; CREATE TEMP TABLE template AS SELECT * FROM grants; DELETE FROM grants;",
  );
  const accounts = Math.max(1, Math.floor(amounts.grants / grantsPerAccount));
  addAccounts(database, accounts);
  addGrants(database, amounts.grants, accounts);
  const chosen = database
    .prepare(
      "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM grants) WHERE place % ? = 0 LIMIT ?",
    )
    .all(stepOf(amounts), amounts.inUse) as { id: Uint8Array }[];
  database.exec("DROP TABLE template; PRAGMA wal_checkpoint(TRUNCATE);");
  database.close();
  return chosen.map(({ id }) => id);
}

/** The id of an account is made of its number, so that a grant can name its owner without looking. */
function addAccounts(database: DatabaseSync, count: number): void {
  database
    .prepare(`
      WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < ? - 1)
      INSERT INTO accounts (id, email, password_hash, resources, created_at, suspended_at)
        SELECT unhex(printf('01960000%04x7%03x8000%012x', n >> 12, n & 4095, n)), printf('person.%d@example.com', n), password_hash, resources, created_at, suspended_at
        FROM number, (SELECT * FROM accounts LIMIT 1)`)
    .run(count);
}

function addGrants(database: DatabaseSync, count: number, accounts: number): void {
  const columns = database
    .prepare("SELECT name FROM pragma_table_info('grants')")
    .all()
    .map(({ name }) => String(name));
  const own: Record<string, string> = {
    id: "unhex(printf('%012x7%.3s8%.15s', :time + n, hex(randomblob(2)), hex(randomblob(8))))",
    owner: "unhex(printf('01960000%04x7%03x8000%012x', o >> 12, o & 4095, o))",
    resource: "CAST(randomblob(16) || substr(resource, 17) AS BLOB)",
    challenge: "randomblob(32)",
  };
  const insert = database.prepare(`
    WITH RECURSIVE number(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM number WHERE n < :last)
    INSERT INTO grants (${columns.join(", ")})
      SELECT ${columns.map((name) => own[name] ?? name).join(", ")}
      FROM (SELECT n, (n * 2654435761 % 4294967296) % :accounts AS o FROM number) JOIN template ON template.rowid = n % 16 + 1`);
  const time = Date.now() - count - 60_000;
  for (let first = 0; first < count; first += perCommit) {
    insert.run({ time, first, last: Math.min(count, first + perCommit) - 1, accounts });
  }
}
