import { statSync, writeFileSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { exampleGrant, exampleGrantId, exampleNow, exampleClientCredentialsGrant } from "@symbolon/testing";
import { temporaryStores } from "./temporary-stores.ts";

const { newPath, open, openWithConnection } = temporaryStores();
const { id } = exampleGrant();

describe("R-29: a backup of the running store", () => {
  test("never overwrites a file", async () => {
    const taken = newPath();
    writeFileSync(taken, "precious");
    const store = open();
    await expect(store.backup(taken)).rejects.toThrow(/exists already/);
    expect(readFileSync(taken, "utf8")).toBe("precious");
  });

  test("a backup that fails leaves no file behind", async () => {
    const target = `${newPath()}/no/such/folder/backup.db`;
    await expect(open().backup(target)).rejects.toThrow(/ENOENT|ENOTDIR/);
    expect(statSync(target, { throwIfNoEntry: false })).toBeUndefined();
  });

  test("holds every write that was acknowledged before it, is intact, and opens as a store", async () => {
    const store = open();
    await Promise.all(
      Array.from({ length: 500 }, (_, n) => store.grants.insert(exampleGrant({ id: exampleGrantId(n) }))),
    );
    const rotate = () =>
      store.grants.change(id, (grant) => ({ answer: 1, write: { ...grant!, generation: grant!.generation + 1 } }));
    const target = newPath();
    const backup = { isDone: false };
    const copied = store.backup(target).finally(() => (backup.isDone = true));
    while (!backup.isDone) await rotate();
    await copied;
    const copy = open({ path: target });
    expect(await copy.verify()).toEqual({ findings: [], counts: { offered: 0, active: 500, revoked: 0 } });
    expect((await copy.grants.find(id))!.version).toBeLessThanOrEqual((await store.grants.find(id))!.version);
  });
});

describe("verify", () => {
  test("counts the grants of each state, and finds no problem in what the store wrote", async () => {
    const store = open();
    const offer = { redirectUri: "https://good.example/cb", expiresAt: exampleNow, failures: 0 };
    await store.grants.insert(exampleGrant({ id: exampleGrantId(1), state: "offered", generation: 0, offer }));
    await store.grants.insert(exampleGrant({ id: exampleGrantId(2) }));
    await store.grants.insert(exampleClientCredentialsGrant({ id: exampleGrantId(3) }));
    await store.grants.insert(
      exampleGrant({ id: exampleGrantId(4), state: "revoked", revokedAt: exampleNow, revokedBecause: "code_replayed" }),
    );
    expect(await store.verify()).toEqual({ findings: [], counts: { offered: 1, active: 2, revoked: 1 } });
  });

  const damage: [string, string, RegExp][] = [
    ["a live grant without a generation", "UPDATE grants SET generation = 0", /an active grant has a generation/],
    [
      "a live grant with an offer",
      "UPDATE grants SET offer_redirect_uri = 'x', offer_expires_at = 1, offer_failures = 0",
      /an active grant has no offer/,
    ],
    ["an offer without its terms", "UPDATE grants SET state = 0, generation = 0", /an offered grant has an offer/],
    ["an offer with a generation", "UPDATE grants SET state = 0", /an offered grant has no generation/],
    [
      "a client-credentials grant with a token family",
      "UPDATE grants SET owner = NULL",
      /a client-credentials grant has no generation/,
    ],
    ["a revoked grant that does not say when", "UPDATE grants SET state = 2, revoked_because = 'x'", /says when/],
    ["a revoked grant that does not say why", "UPDATE grants SET state = 2, revoked_at = 1", /says why/],
    ["a live grant that says when it was revoked", "UPDATE grants SET revoked_at = 1", /says when/],
    [
      "an idle end after the absolute end",
      "UPDATE grants SET idle_expires_at = expires_at + 1",
      /idle end is not after/,
    ],
    ["a number below zero", "UPDATE grants SET replays = -1", /whole and not negative/],
    ["a list that does not decode", "UPDATE grants SET variants = '[['", /does not decode/],
    [
      "a table of another shape",
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'application ANY', 'application TEXT') WHERE name = 'grants'",
      /table grants: has another shape/,
    ],
    ["a missing index", "DROP INDEX sessions_by_account", /index sessions_by_account: is missing/],
    ["a missing table", "DROP TABLE pulse", /table pulse: is missing/],
    ["a schema of another number", "PRAGMA user_version = 99", /schema 99/],
    [
      "an index that lacks a row",
      "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'grants_by_owner'",
      /^file: /,
    ],
  ];
  test.each(damage)("finds %s", async (_, sql, finding) => {
    const { store, database } = openWithConnection();
    await store.grants.insert(exampleGrant());
    database.enableDefensive(false);
    database.exec(sql);
    const { findings } = await store.verify();
    expect(findings.join("\n")).toMatch(finding);
  });
});
