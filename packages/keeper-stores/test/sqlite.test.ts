import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { assertDurable, connect, refuseSqliteVersion } from "../src/sqlite/connection.ts";
import { openSqliteKeeperStore } from "../src/sqlite/index.ts";
import { SqliteKeeperStore } from "../src/sqlite/store.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "symbolon-keeper-"));
  path = join(folder, "store", "keeper.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (where = path) => openSqliteKeeperStore({ path: where });

describe("faults.md §2.2: what SQLite must guarantee", () => {
  test("rule 11: the store's connection uses a write-ahead log and syncs it at each commit", async () => {
    const { database } = await connect(path, 50);
    expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    expect(database.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 });
    expect(database.prepare("PRAGMA mmap_size").get()).toEqual({ mmap_size: 0 });
    database.exec("PRAGMA synchronous = NORMAL");
    expect(() => assertDurable(database, path)).toThrow(/synchronous 1; they must be wal and 2/);
    database.close();
  });

  test.each(["3.51.2", "3.46.0", "3.52.0", "of unknown version"])("rule 10: refuses SQLite %s", (version) => {
    expect(() => refuseSqliteVersion(version)).toThrow(/can corrupt a database in WAL mode/);
  });

  test.each(["3.51.3", "3.53.4", "4.0.0"])("rule 10: accepts SQLite %s", (version) => {
    expect(() => refuseSqliteVersion(version)).not.toThrow();
  });

  test("R-07: while another program holds the lock, reads succeed and a write rejects within the timeout", async () => {
    await (await open()).close();
    const store = new SqliteKeeperStore(await connect(path, 60), 60);
    await store.write("entry", 0, "a");
    const backup = new DatabaseSync(path);
    backup.exec("BEGIN IMMEDIATE");
    await expect(store.write("entry", 1, "b")).rejects.toMatchObject({
      name: "KeeperStoreUnavailable",
      message: "database is locked",
    });
    expect(await store.read("entry")).toEqual({ revision: 1, value: "a" });
    backup.exec("ROLLBACK");
    expect(await store.write("entry", 1, "b")).toBe(2);
    backup.close();
    await store.close();
  });

  test("C-03: a write to a full disk rejects and keeps the old value", async () => {
    await (await open()).close();
    const connection = await connect(path, 50);
    const store = new SqliteKeeperStore(connection, 50);
    await store.write("entry", 0, "a");
    connection.database.exec("PRAGMA max_page_count = 4");
    await expect(store.write("entry", 1, "b".repeat(100_000))).rejects.toMatchObject({
      name: "KeeperStoreUnavailable",
      message: "database or disk is full",
    });
    expect(await store.read("entry")).toEqual({ revision: 1, value: "a" });
    connection.database.exec("PRAGMA max_page_count = 100000");
    expect(await store.write("entry", 1, "b".repeat(100_000))).toBe(2);
    await store.close();
  });

  test("R-06: rejects writes to a database file that was deleted, moved or replaced while open", async () => {
    const store = await open();
    await store.write("entry", 0, "a");
    renameSync(path, `${path}.away`);
    await expect(store.write("entry", 1, "b")).rejects.toThrow(/was moved, deleted or replaced/);
    writeFileSync(path, "", { mode: 0o600 });
    await expect(store.read("entry")).rejects.toThrow(/was moved, deleted or replaced/);
    rmSync(path);
    renameSync(`${path}.away`, path);
    expect(await store.write("entry", 1, "b")).toBe(2);
    await store.close();
  });
});

describe("ST-10: the SQLite store refuses what other users can read or replace", () => {
  test("creates the database and its -wal and -shm files with mode 0600", async () => {
    const store = await open();
    await store.write("entry", 0, "a");
    for (const name of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(name).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "store")).mode & 0o777).toBe(0o700);
    await store.close();
  });

  test("refuses a database that others can read, a symbolic link, a hard link, and an open or shared directory", async () => {
    await (await open()).close();
    chmodSync(path, 0o644);
    await expect(open()).rejects.toMatchObject({
      name: "KeeperStoreRefused",
      message: expect.stringContaining(`chmod 600 ${path}`),
    });
    chmodSync(path, 0o600);
    symlinkSync(path, join(folder, "store", "link"));
    await expect(open(join(folder, "store", "link"))).rejects.toThrow(/is a symbolic link/);
    linkSync(path, join(folder, "second"));
    await expect(open()).rejects.toThrow(/hard link/);
    rmSync(join(folder, "second"));
    chmodSync(join(folder, "store"), 0o755);
    await expect(open()).rejects.toThrow(/open to other users/);
    await expect(open(join(tmpdir(), "keeper.sqlite"))).rejects.toThrow(/open to other users|belongs to another user/);
    expect(existsSync(join(tmpdir(), "keeper.sqlite"))).toBe(false);
  });
});

describe("C-11: a file that is not a database of this store", () => {
  const foreign: [string, () => void][] = [
    ["another program's database", () => new DatabaseSync(path).exec("CREATE TABLE theirs (a)")],
    ["a file that is not a database", () => writeFileSync(path, "x".repeat(5000))],
  ];

  test.each(foreign)("refuses %s and does not change it", async (_, make) => {
    mkdirSync(join(folder, "store"), { mode: 0o700 });
    make();
    chmodSync(path, 0o600);
    const before = statSync(path).size;
    await expect(open()).rejects.toThrow(/is not a keeper's database/);
    expect(statSync(path).size).toBe(before);
  });

  test("refuses a database of a newer schema", async () => {
    await (await open()).close();
    new DatabaseSync(path).exec("PRAGMA user_version = 2");
    await expect(open()).rejects.toThrow(/newer version \(schema 2; this version reads 1\)/);
  });

  test("completes a database whose creation was interrupted", async () => {
    mkdirSync(join(folder, "store"), { mode: 0o700 });
    writeFileSync(path, "", { mode: 0o600 });
    const store = await open();
    expect(await store.write("entry", 0, "a")).toBe(1);
    await store.close();
  });
});
