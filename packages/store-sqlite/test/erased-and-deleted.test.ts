import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import type { AccountId, ClientId } from "@symbolon/protocol";
import { decideRevoke, newAccountId, newGrantId } from "@symbolon/server";
import {
  exampleAccount,
  exampleApplication,
  exampleDigest,
  exampleGrant,
  exampleGrantId,
  exampleNow,
  exampleSession,
  editRow,
  removeRow,
} from "@symbolon/testing";
import { temporaryStores } from "./temporary-stores.ts";

const { newPath, open, openWithConnection } = temporaryStores();
const random = (length: number) => new Uint8Array(randomBytes(length));
const clock = { epochMs: () => exampleNow * 1000, monotonicMs: () => 0 };

/** Every row of every table but one, as text. */
function rowsBut(path: string, left: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  const tables = (
    database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[]
  ).filter(({ name }) => name !== left && !name.startsWith("sqlite_"));
  const text = tables
    .map(({ name }) => `${name}: ${JSON.stringify(database.prepare(`SELECT * FROM "${name}"`).all())}`)
    .join("\n");
  database.close();
  return text;
}

describe("ST-08: only the account names a person", () => {
  test("grants, sessions, revocations and revoked access tokens hold an id, and no address, name or label", async () => {
    const path = newPath();
    const store = open({ path });
    const account = exampleAccount({
      email: "ada.lovelace@good.example",
      resources: [{ name: "Company/8f1c" as never, label: "Lovelace & Daughters" }],
    });
    await store.accounts.insert(account);
    await store.sessions.insert(exampleSession({ owner: account.id }));
    await store.grants.insert(exampleGrant({ owner: account.id, resource: "Company/8f1c" as never }));
    await store.grants.change(exampleGrantId(1), decideRevoke("revoked_by_owner", exampleNow));
    await store.ready();
    const rows = rowsBut(path, "accounts");
    expect(rows).toContain("revoked_by_owner");
    for (const personal of ["ada", "lovelace", "good.example", "Daughters", "argon2"])
      expect(rows.toLowerCase()).not.toContain(personal.toLowerCase());
  });
  test("a session holds what the provider's own sign-in said of a person, until it is deleted or swept", async () => {
    const path = newPath();
    const store = open({ path });
    const person = { name: "Ada Lovelace ".repeat(300), resources: [], acr: null };
    const sessions = [1, 2, 3].map((n) =>
      exampleSession({ digest: exampleDigest(n), owner: `subject:${n}` as never, person, expiresAt: exampleNow + n }),
    );
    for (const session of sessions) await store.sessions.insert(session);
    await store.truncateLog();
    expect(readFileSync(path, "latin1")).toContain("Lovelace");
    await store.sessions.delete(exampleDigest(1));
    await store.sessions.deleteOf("subject:2" as never);
    for (let call = 0; call < 8; call++) await store.sweep(exampleNow + 3, 5);
    await store.truncateLog();
    expect(readFileSync(path, "latin1")).not.toContain("Lovelace");
  });
  test("a deleted account leaves no address in the database file, and none in the log after the next checkpoint", async () => {
    const path = newPath();
    const store = open({ path });
    const accounts = Array.from({ length: 400 }, (_, n) =>
      exampleAccount({ id: newAccountId(clock, random), email: `erased-${n}@good.example`, createdAt: n }),
    );
    const kept = accounts.slice(0, 5);
    await Promise.all(accounts.map((account) => store.accounts.insert(account)));
    await store.truncateLog();
    for (const { id, passwordHash } of accounts)
      await editRow(store.accounts, id, { passwordHash: `${passwordHash}A` });
    await store.truncateLog();
    for (const { id } of accounts.slice(5)) expect(await removeRow(store.accounts, id)).toBe(true);
    const found = () => [path, `${path}-wal`, `${path}-shm`].map((name) => readFileSync(name, "latin1"));
    expect(found().join("")).toContain("erased-");
    expect(await store.truncateLog()).toBe(true);
    const left = new Set(found().flatMap((text) => text.match(/erased-\d+@good.example/g) ?? []));
    expect([...left].toSorted()).toEqual(kept.map(({ email }) => email).toSorted());
  });
  test("truncating the log does not wait: it answers false while a reader needs the log", async () => {
    const { path, store } = openWithConnection();
    await store.accounts.insert(exampleAccount());
    const reader = new DatabaseSync(path);
    reader.exec("BEGIN; SELECT * FROM accounts");
    await removeRow(store.accounts, exampleAccount().id);
    expect(await store.truncateLog()).toBe(false);
    reader.close();
    expect(await store.truncateLog()).toBe(true);
    expect(readFileSync(`${path}-wal`)).toHaveLength(0);
  });
  test("the grants of a deleted account are without effect, and the account is found neither by id nor by address", async () => {
    const path = newPath();
    const first = open({ path });
    await first.accounts.insert(exampleAccount());
    await first.grants.insert(exampleGrant());
    await first.close();
    const editor = new DatabaseSync(path);
    editor.exec("DELETE FROM accounts");
    editor.close();
    const store = open({ path });
    expect([
      await store.accounts.find(exampleAccount().id),
      await store.accounts.findByEmail("ada@good.example"),
    ]).toEqual([undefined, undefined]);
    expect((await store.grants.find(exampleGrantId(1)))?.owner).toBe(exampleAccount().id);
    expect(rowsBut(path, "accounts")).not.toContain("ada@");
  });
});

describe("ST-09: an identifier is never issued twice", () => {
  test("ids of grants and accounts are time and 74 random bits: 20,000 ids of one millisecond differ", () => {
    for (const make of [newGrantId, newAccountId]) {
      const ids = Array.from({ length: 20_000 }, () => make(clock, random));
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids.slice(0, 100))
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });
  test("no identifier is a row number, and the only counter never decreases", async () => {
    const { store, database } = openWithConnection();
    const schema = (
      database.prepare("SELECT sql FROM sqlite_master WHERE type = 'table'").all() as { sql: string }[]
    ).map(({ sql }) => sql);
    expect(
      schema.filter((sql) => sql.includes("INTEGER PRIMARY KEY")).map((sql) => /TABLE (\w+)/.exec(sql)![1]),
    ).toEqual(["revocations"]);
    expect(schema.find((sql) => sql.includes("TABLE revocations"))).toContain("AUTOINCREMENT");
    for (const n of [1, 2]) {
      await store.grants.insert(exampleGrant({ id: exampleGrantId(n) }));
      await store.grants.change(exampleGrantId(n), decideRevoke("revoked_by_operator", exampleNow));
    }
    const positions = (await store.grants.revocations(0, 9)).map(({ position }) => position);
    for (let swept = 1; swept > 0;) swept = await store.sweep(exampleNow + 3650 * 86_400, 100);
    database.exec("DELETE FROM revocations");
    await store.grants.insert(exampleGrant({ id: exampleGrantId(3) }));
    await store.grants.change(exampleGrantId(3), decideRevoke("revoked_by_operator", exampleNow));
    expect((await store.grants.revocations(0, 9))[0]!.position).toBeGreaterThan(Math.max(...positions));
  });
  test("an insert with a taken id is refused, for a grant, an application and an account", async () => {
    const store = open();
    await store.grants.insert(exampleGrant());
    await store.applications.insert(exampleApplication());
    await store.accounts.insert(exampleAccount());
    await expect(store.grants.insert(exampleGrant({ owner: "other" as AccountId }))).rejects.toThrow(
      /UNIQUE|constraint/,
    );
    await expect(store.applications.insert(exampleApplication({ name: "Evil" }))).rejects.toThrow(/UNIQUE|constraint/);
    expect(await store.accounts.insert(exampleAccount({ id: "b" as AccountId }))).toBe(false);
    expect((await store.applications.find("app_one" as ClientId))?.name).toBe("Payroll Reports");
  });
});

describe("ST-06: the connection is hardened", () => {
  test("the schema is untrusted and cannot be rewritten, deleted secrets are overwritten, extensions are not loaded", () => {
    const { database } = openWithConnection();
    const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get()!)[0];
    expect([pragma("trusted_schema"), pragma("secure_delete"), pragma("mmap_size"), pragma("journal_mode")]).toEqual([
      0,
      2,
      0,
      "wal",
    ]);
    expect(() => database.loadExtension("x")).toThrow(/extension loading is not allowed/i);
    expect(() => database.prepare("SELECT load_extension('x')").get()).toThrow(/no such function|not authorized/);
    expect(() => database.enableLoadExtension(true)).toThrow(/not allowed|disabled/i);
    database.exec("PRAGMA writable_schema = ON");
    expect(() => database.exec("UPDATE sqlite_master SET sql = 'x'")).toThrow(/may not be modified/);
  });
});
