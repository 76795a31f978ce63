import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { exampleGrant } from "@symbolon/testing";
import { DatabaseRefused, openSqliteStore } from "@symbolon/store-sqlite";
import { assertDurable, connect, refuseSqliteVersion } from "../src/connection.ts";
import { migrate, refuseForeign } from "../src/migrate.ts";
import { migrations } from "../src/schema.ts";
import { temporaryStores } from "./temporary-stores.ts";

const { newFolder, newPath, open, openWithConnection } = temporaryStores();
const opening = (path: string) => () => openSqliteStore({ path });
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** Migrates the database at `path` as another process does, once, and passes `row` on. */
function migrateBehind<T>(path: string, row: T): T {
  if (existsSync(`${path}.migrated`)) return row;
  const other = new DatabaseSync(path);
  migrate(other, migrations);
  other.close();
  writeFileSync(`${path}.migrated`, "");
  return row;
}

describe("R-26: a file of another program or of a newer version", () => {
  const foreign: [string, string][] = [
    ["tables of another program", "CREATE TABLE notes (text TEXT)"],
    ["another program's mark", "PRAGMA application_id = 7"],
    ["another program's version", "PRAGMA user_version = 7"],
  ];
  test.each(foreign)("a file with %s is refused and unchanged", (_, sql) => {
    const path = newPath();
    const other = new DatabaseSync(path);
    other.exec(sql);
    other.close();
    chmodSync(path, 0o600);
    const before = readFileSync(path);
    expect(opening(path)).toThrow(/not a Symbolon database/);
    expect(opening(path)).toThrow(DatabaseRefused);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("a file that is not a database is refused and unchanged", () => {
    const path = newPath();
    writeFileSync(path, "Dear diary, today I was nearly overwritten. ".repeat(200), { mode: 0o600 });
    const before = readFileSync(path);
    expect(opening(path)).toThrow(/not a Symbolon database/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test.each(["PRAGMA application_id", "PRAGMA user_version", "SELECT 1 FROM sqlite_schema LIMIT 1"])(
    "a blank file that another process migrates right after %s was read is accepted",
    (read) => {
      const path = newPath();
      const database = new DatabaseSync(path);
      const prepare = (sql: string) => {
        const statement = database.prepare(sql);
        const get = statement.get.bind(statement);
        if (sql === read) statement.get = () => migrateBehind(path, get());
        return statement;
      };
      expect(() => refuseForeign({ prepare }, path, migrations.length)).not.toThrow();
      expect(existsSync(`${path}.migrated`)).toBe(true);
      database.close();
    },
  );

  test("a newer schema is refused with a message that says what to do", async () => {
    const { path, store, database } = openWithConnection();
    database.exec("PRAGMA user_version = 99");
    await store.close();
    expect(opening(path)).toThrow(`schema 99; this one knows ${migrations.length}`);
    expect(opening(path)).toThrow(/Start the newer version again, or restore the backup/);
  });
});

describe("R-06: a missing file", () => {
  test("is refused and not created if `create` is false", () => {
    const path = newPath();
    expect(() => openSqliteStore({ path, create: false })).toThrow(/no database at/);
    expect(existsSync(path)).toBe(false);
  });

  test("is created on the first start; an empty file of a killed start is completed", async () => {
    const path = newPath();
    writeFileSync(path, "", { mode: 0o600 });
    await open({ path }).grants.insert(exampleGrant());
    expect(await open({ path }).grants.find(exampleGrant().id)).toStrictEqual(exampleGrant());
  });
});

describe("ST-06: other users cannot read the database", () => {
  test("a directory that is open to others is refused with the chmod command", () => {
    const directory = join(newFolder(), "open");
    mkdirSync(directory);
    chmodSync(directory, 0o755);
    expect(opening(join(directory, "symbolon.db"))).toThrow(`chmod 700 ${directory}`);
  });

  test("a file that is open to others is refused", async () => {
    const path = newPath();
    await open({ path }).close();
    chmodSync(path, 0o640);
    expect(opening(path)).toThrow(`chmod 600 ${path}`);
  });

  test("directory, database, log, index and backup are created with modes 700 and 600", async () => {
    const directory = join(newFolder(), "deep", "data");
    const path = join(directory, "symbolon.db");
    const store = open({ path });
    await store.ready();
    await store.backup(join(directory, "backup.db"));
    expect(modeOf(directory)).toBe("700");
    const names = ["symbolon.db", "symbolon.db-wal", "symbolon.db-shm", "backup.db"];
    expect(names.map((name) => modeOf(join(directory, name)))).toEqual(["600", "600", "600", "600"]);
  });
});

describe("conditions for opening a store", () => {
  test.each(["3.45.1", "3.51.2", "3.52.0", "2.8.17", "of unknown version"])("SQLite %s is refused", (version) => {
    expect(() => refuseSqliteVersion(version)).toThrow(DatabaseRefused);
  });

  test.each(["3.51.3", "3.52.1", "3.53.4", "4.0.0"])("SQLite %s is taken", (version) => {
    expect(() => refuseSqliteVersion(version)).not.toThrow();
  });

  const weaker = [
    "synchronous = NORMAL",
    "synchronous = OFF",
    "mmap_size = 1048576",
    "trusted_schema = ON",
    "secure_delete = OFF",
    "journal_mode = DELETE",
  ];
  test.each(weaker)("R-04: a connection with %s is refused", (setting) => {
    const { database } = connect(newPath(), true, 50);
    expect(() => assertDurable(database, "here")).not.toThrow();
    database.exec(`PRAGMA ${setting}`);
    expect(() => assertDurable(database, "here")).toThrow(DatabaseRefused);
    database.close();
  });

  test.each(weaker)("R-04: opening refuses a database whose disk leaves the connection with %s", (setting) => {
    const exec = DatabaseSync.prototype.exec;
    const spied = vi.spyOn(DatabaseSync.prototype, "exec").mockImplementation(function (this: DatabaseSync, sql) {
      exec.call(this, sql.includes("journal_mode = WAL") ? `${sql} PRAGMA ${setting};` : sql);
    });
    onTestFinished(() => spied.mockRestore());
    const path = newPath();
    expect(opening(path)).toThrow(new RegExp(`${path}: ${setting.split(" ")[0]} is .* and must be`));
  });
});
