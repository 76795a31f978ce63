import { statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { StoreUnavailable, type Grant, type RevocationEntry } from "@symbolon/server";
import { exampleDigest, exampleGrant, exampleGrantId, exampleNow } from "@symbolon/testing";
import { temporaryStores } from "./temporary-stores.ts";

const { newPath, open, openWithConnection } = temporaryStores();
const some = (count: number) => Array.from({ length: count }, (_, n) => exampleGrant({ id: exampleGrantId(n) }));
const rotated = (grant: Grant | undefined) => ({ answer: 1, write: { ...grant!, generation: grant!.generation + 1 } });

describe("group commit", () => {
  test("the writes of one turn of the event loop share one commit; the next turn has its own", async () => {
    const store = open();
    await Promise.all(some(100).map((grant) => store.grants.insert(grant)));
    expect(store.commits).toBe(1);
    await store.grants.change(exampleGrantId(1), rotated);
    await store.grants.change(exampleGrantId(1), rotated);
    expect(store.commits).toBe(3);
  });

  test("writes that exceed the size of a group are committed in several groups, each acknowledged", async () => {
    const store = open();
    await Promise.all(some(1200).map((grant) => store.grants.insert(grant)));
    expect(store.commits).toBe(3);
    expect(await store.grants.list({ limit: 2000 })).toHaveLength(1200);
  });

  test("an operation that fails in its second statement leaves no effect of its first", async () => {
    const store = open();
    await store.grants.insert(exampleGrant());
    const unknownKind = {
      at: exampleNow,
      until: exampleNow,
      kind: "all" as RevocationEntry["kind"],
      hash: exampleDigest(1),
    };
    const outcomes = await Promise.allSettled([
      store.grants.insert(exampleGrant({ id: exampleGrantId(2) })),
      store.grants.change(exampleGrantId(1), (grant) => ({ ...rotated(grant), feed: unknownKind })),
      store.grants.insert(exampleGrant({ id: exampleGrantId(3) })),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await store.grants.find(exampleGrantId(1))).toStrictEqual(exampleGrant());
    expect(await store.grants.list({ limit: 9 })).toHaveLength(3);
  });

  test("I10: when the commit fails, every promise of the group rejects with an unknown outcome", async () => {
    const { store, database } = openWithConnection();
    // A foreign key that is checked at the commit only: the statements succeed, the commit does not.
    database.exec(`
      CREATE TABLE parents (id INTEGER PRIMARY KEY);
      CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
      CREATE TRIGGER orphan AFTER INSERT ON grants WHEN NEW.version = 666 BEGIN INSERT INTO children VALUES (1); END;
    `);
    const outcomes = await Promise.allSettled([
      store.grants.insert(exampleGrant({ id: exampleGrantId(2) })),
      store.grants.insert(exampleGrant({ id: exampleGrantId(3), version: 666 })),
      store.grants.change(exampleGrantId(4), () => ({ answer: 1 })),
    ]);
    expect(
      outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason instanceof StoreUnavailable),
    ).toEqual([true, true, true]);
    expect(await store.grants.list({ limit: 9 })).toEqual([]);
    await store.grants.insert(exampleGrant());
    expect(await store.grants.find(exampleGrantId(1))).toBeDefined();
  });

  test("holds at most 20,000 waiting writes; the next rejects with StoreUnavailable, and later ones succeed", async () => {
    const store = open();
    const touch = () => store.sessions.touch(exampleDigest(1), exampleNow);
    const waiting = Array.from({ length: 20_000 }, touch);
    await expect(touch()).rejects.toThrow(new StoreUnavailable("too many writes are waiting"));
    await Promise.all(waiting);
    await touch();
  });

  test("a rotation writes one page: no index is touched", async () => {
    const path = newPath();
    const store = open({ path });
    await Promise.all(some(300).map((grant) => store.grants.insert(grant)));
    const before = statSync(`${path}-wal`).size;
    await store.grants.change(exampleGrantId(150), rotated);
    expect(statSync(`${path}-wal`).size - before).toBe(24 + 4096);
  });

  test("a decision without a write commits nothing", async () => {
    const path = newPath();
    const store = open({ path });
    await store.grants.insert(exampleGrant());
    const before = statSync(`${path}-wal`).size;
    await store.grants.change(exampleGrantId(1), (grant) => ({ answer: grant }));
    expect(statSync(`${path}-wal`).size).toBe(before);
  });
});
