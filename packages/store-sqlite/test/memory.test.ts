import { DatabaseSync } from "node:sqlite";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ClientId } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { StoreUnavailable, type Grant, type MaybePromise } from "@symbolon/server";
import {
  exampleAccount,
  exampleApplication,
  exampleDigest,
  exampleGrant,
  exampleGrantId,
  exampleNow,
  exampleResourceServer,
  exampleClientCredentialsGrant,
  editRow,
  removeRow,
} from "@symbolon/testing";
import { startWorker } from "./child.ts";
import { temporaryStores } from "./temporary-stores.ts";

const { newPath, open, openWithConnection } = temporaryStores();
const { id, application } = exampleGrant();
const revoke = (grant: Grant | undefined) => ({
  answer: 1,
  write: { ...grant!, state: "revoked", revokedAt: exampleNow, revokedBecause: "revoked_by_operator" } as const,
});
const rotate = (grant: Grant | undefined) => ({ answer: 1, write: { ...grant!, generation: grant!.generation + 1 } });

describe("I5: rows in memory are those of the database, even if another process wrote last", () => {
  test("the next read sees a write that another process has acknowledged", async () => {
    const path = newPath();
    const store = open({ path });
    await store.grants.insert(exampleGrant());
    await store.applications.insert(exampleApplication());
    const ask = async () => [(await store.grants.find(id))?.state, (await store.applications.find(application))?.name];
    expect(await ask()).toEqual(["active", "Payroll Reports"]);

    const answers: Promise<unknown[]>[] = [];
    const child = startWorker(["end", path, id, application], () => answers.push(ask()));
    expect(await child.ended).toBe(0);
    expect(child.lines).toEqual(["revoked", "deleted"]);
    const [afterFirst, afterSecond] = await Promise.all(answers);
    expect(afterFirst?.[0]).toBe("revoked");
    expect(afterSecond).toEqual(["revoked", undefined]);
    expect(await ask()).toEqual(["revoked", undefined]);
  });

  test("OP-06: a missing client is remembered, until another process adds it", async () => {
    const path = newPath();
    const [writer, reader] = [open({ path }), open({ path })];
    const resourceServer = exampleResourceServer();
    const ask = async () => [
      (await reader.applications.find(application))?.name,
      (await reader.resourceServers.find(resourceServer.id))?.name,
    ];
    expect([await ask(), await ask()]).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    await writer.applications.insert(exampleApplication());
    await writer.resourceServers.insert(resourceServer);
    expect(await ask()).toEqual(["Payroll Reports", resourceServer.name]);
  });

  test("each of a thousand writes of another process is seen by the read that follows its answer", async () => {
    const path = newPath();
    const store = open({ path });
    await store.grants.insert(exampleGrant({ generation: 0 }));
    const lags: Promise<number>[] = [];
    const child = startWorker(["hammer", path, id, "1000", "3"], (lines) => {
      const promised = Math.max(...lines.map(Number));
      const lag = async () => promised - (await store.grants.find(id))!.generation;
      lags.push(lag());
    });
    expect(await child.ended).toBe(0);
    expect(lags).toHaveLength(1000);
    expect(Math.max(...(await Promise.all(lags)))).toBeLessThanOrEqual(0);
  });

  test("a read, a decision and a look-up of client credentials in the turn of another store's answer see its write", async () => {
    const path = newPath();
    const [writer, reader] = [open({ path }), open({ path })];
    const clientCredentials = () =>
      reader.grants.findOrCreateClientCredentials(application, [], () =>
        exampleClientCredentialsGrant({ id: exampleGrantId(3) }),
      );
    await writer.grants.insert(exampleGrant());
    await writer.grants.insert(exampleClientCredentialsGrant({ id: exampleGrantId(2) }));
    await writer.applications.insert(exampleApplication());
    await writer.accounts.insert(exampleAccount());
    const account = exampleAccount().id;
    await Promise.all([reader.grants.find(id), reader.applications.find(application), reader.accounts.find(account)]);
    expect((await clientCredentials()).id).toBe(exampleGrantId(2));

    await writer.grants.change(id, revoke);
    expect((await reader.grants.find(id))?.state).toBe("revoked");
    await writer.grants.change(exampleGrantId(2), revoke);
    expect((await clientCredentials()).id).toBe(exampleGrantId(3));
    await writer.grants.change(id, rotate);
    expect(await reader.grants.change(id, (grant) => ({ answer: grant!.generation }))).toBe(2);
    await editRow(writer.applications, application, {
      secrets: [{ digest: exampleDigest(9), createdAt: exampleNow }],
      authMethod: "client_secret_basic",
    });
    expect((await reader.applications.find(application))?.secrets[0]?.digest).toEqual(exampleDigest(9));
    await removeRow(writer.applications, application);
    expect(await reader.applications.find(application)).toBeUndefined();
    await editRow(writer.accounts, account, { passwordHash: "new" });
    expect((await reader.accounts.find(account))?.passwordHash).toBe("new");
  });

  test("a program that blocks for another within a turn reads what that one wrote", async () => {
    const { path, store } = openWithConnection();
    await store.applications.insert(exampleApplication());
    await store.applications.find(application);
    const other = new DatabaseSync(path);
    other.exec("DELETE FROM applications");
    other.close();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    expect(await store.applications.find(application)).toBeUndefined();
  });

  test("a row in memory is not read again", async () => {
    const { store, database } = openWithConnection();
    await store.applications.insert(exampleApplication());
    await store.applications.find(application);
    // By the store's own connection, whose commits it is expected to know of.
    database.exec("UPDATE applications SET name = 'Changed behind its back'");
    expect((await store.applications.find(application))?.name).toBe("Payroll Reports");
  });
});

describe("rows in memory after a group of writes", () => {
  const failingCommit = `
    CREATE TABLE parents (id INTEGER PRIMARY KEY);
    CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE TRIGGER orphan AFTER UPDATE ON grants WHEN NEW.generation >= 666 BEGIN INSERT INTO children VALUES (1); END;`;

  test("I10: a failed commit leaves no row", async () => {
    const { store, database } = openWithConnection();
    database.exec(failingCommit);
    await store.grants.insert(exampleGrant());
    await store.applications.insert(exampleApplication());
    await store.grants.find(id);
    await store.applications.find(application);
    const outcomes = await Promise.allSettled([
      editRow(store.applications, application, { secrets: [], authMethod: "none" }),
      store.grants.change(id, (grant) => ({ answer: 1, write: { ...grant!, generation: 666 } })),
      removeRow(store.applications, application),
    ]);
    expect(
      outcomes.every((outcome) => outcome.status === "rejected" && outcome.reason instanceof StoreUnavailable),
    ).toBe(true);
    expect(await store.grants.find(id)).toStrictEqual(exampleGrant());
    expect(await store.applications.find(application)).toStrictEqual(exampleApplication());
    await store.grants.change(id, rotate);
    expect(await store.grants.find(id)).toStrictEqual(exampleGrant({ generation: 2, version: 2 }));
  });

  test("a failed operation leaves no row; the others of its group leave what they wrote", async () => {
    const store = open();
    await store.grants.insert(exampleGrant());
    const outcomes = await Promise.allSettled([
      store.grants.change(id, rotate),
      store.grants.change(id, (grant) => ({
        ...rotate(grant),
        feed: { at: 0, until: 0, kind: "all" as "grant", hash: exampleDigest(1) },
      })),
      store.grants.change(id, rotate),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await store.grants.find(id)).toStrictEqual(exampleGrant({ generation: 3, version: 3 }));
  });

  test("a read that a decision starts is answered after the group", async () => {
    const store = open();
    await store.grants.insert(exampleGrant());
    let during: MaybePromise<Grant | undefined>;
    const failed = store.grants.change(id, (grant) => {
      during ??= store.grants.find(id);
      return { ...rotate(grant), feed: { at: 0, until: 0, kind: "all" as "grant", hash: exampleDigest(1) } };
    });
    await expect(failed).rejects.toThrow(/CHECK constraint/);
    expect(await during).toStrictEqual(exampleGrant());
  });

  test("a deleted application and a changed secret and method are seen by the next read", async () => {
    const store = open();
    await store.applications.insert(exampleApplication());
    await store.applications.find(application);
    await editRow(store.applications, application, { secrets: [], authMethod: "client_secret_post" });
    expect(await store.applications.find(application)).toStrictEqual(
      exampleApplication({ secrets: [], authMethod: "client_secret_post", version: 1 }),
    );
    await removeRow(store.applications, application);
    expect(await store.applications.find(application)).toBeUndefined();
  });

  test("a swept grant is removed from memory", async () => {
    const store = open();
    await store.grants.insert(exampleGrant({ expiresAt: 0, idleExpiresAt: 0 }));
    await store.grants.insert(exampleClientCredentialsGrant({ id: exampleGrantId(2), expiresAt: 0, idleExpiresAt: 0 }));
    await store.grants.find(id);
    await store.grants.findOrCreateClientCredentials(application, [], () => exampleClientCredentialsGrant());
    for (let call = 0; call < 12; call++) await store.sweep(exampleNow, 10);
    expect(await store.grants.find(id)).toBeUndefined();
    expect(
      (
        await store.grants.findOrCreateClientCredentials(application, [], () =>
          exampleClientCredentialsGrant({ id: exampleGrantId(3) }),
        )
      ).id,
    ).toBe(exampleGrantId(3));
  });
});

test("an object that is returned from memory cannot be changed", async () => {
  const store = open();
  await store.grants.insert(
    exampleGrant({ state: "offered", offer: { redirectUri: "https://good.example/cb", expiresAt: 0, failures: 0 } }),
  );
  await store.applications.insert(exampleApplication());
  await store.accounts.insert(exampleAccount());
  const grant = await store.grants.find(id);
  const found = [grant, grant!.scope, grant!.audiences, grant!.variants, grant!.variants[0], grant!.offer];
  const { secrets, ...rest } = (await store.applications.find(application))!;
  const account = await store.accounts.find(exampleAccount().id);
  for (const value of [...found, secrets, rest.redirectUris, rest.replay, account, account!.resources])
    expect(Object.isFrozen(value)).toBe(true);
});

test("HT-01: the id of an unknown client is remembered without the request that it was cut from", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const store = open({ path: newPath() });
  const heap = (): number => (collect(), process.memoryUsage().heapUsed);
  const before = heap();
  for (let at = 0; at < 300; at++) {
    const text = `app_${String(at).padStart(16, "0")}:${"x".repeat(100_000)}`;
    expect(await store.applications.find(text.slice(0, 20) as ClientId)).toBeUndefined();
  }
  expect(heap() - before).toBeLessThan(5e6);
});

test("OP-15: look-ups of 100,000 unknown clients take no more memory than the bounds of the two caches, 4 MiB each", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const store = open({ path: newPath() });
  const heap = (): number => (collect(), process.memoryUsage().heapUsed);
  const before = heap();
  const tail = "x".repeat(240);
  for (let at = 0; at < 50_000; at++) {
    expect(await store.applications.find(`app_${at}_${tail}` as ClientId)).toBeUndefined();
    expect(await store.resourceServers.find(`rs_${at}_${tail}` as ClientId)).toBeUndefined();
  }
  expect(heap() - before).toBeLessThan(9 * 2 ** 20);
});
