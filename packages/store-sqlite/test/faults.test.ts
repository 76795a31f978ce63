import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { StoreUnavailable } from "@symbolon/server";
import { exampleGrant, exampleGrantId } from "@symbolon/testing";
import { temporaryStores } from "./temporary-stores.ts";

const { newPath, open, openWithConnection } = temporaryStores();
const grant = (number: number) => exampleGrant({ id: exampleGrantId(number) });

describe("R-05: a full disk", () => {
  test("writes and readiness reject with StoreUnavailable and reads go on, until there is room again", async () => {
    const { store, database } = openWithConnection();
    await store.grants.insert(grant(1));
    database.exec("PRAGMA max_page_count = 1");
    const many = Array.from({ length: 300 }, (_, n) => store.grants.insert(grant(n + 2)));
    const outcomes = await Promise.allSettled(many);
    expect(
      outcomes.filter((outcome) => outcome.status === "rejected" && outcome.reason instanceof StoreUnavailable),
    ).toHaveLength(300);
    await expect(store.ready()).rejects.toThrow(StoreUnavailable);
    expect(await store.grants.find(grant(1).id)).toStrictEqual(grant(1));

    database.exec("PRAGMA max_page_count = 1000000");
    await store.ready();
    await store.grants.insert(grant(2));
    expect((await store.verify()).findings).toEqual([]);
    expect((await store.verify()).counts.active).toBe(2);
  });
});

describe("R-06: the file changes under the running store", () => {
  test("writes to a read-only disk reject with StoreUnavailable, until it is writable again", async () => {
    const { store, database } = openWithConnection();
    await store.grants.insert(grant(1));
    database.exec("PRAGMA query_only = ON");
    await expect(store.grants.insert(grant(2))).rejects.toThrow(StoreUnavailable);
    await expect(store.ready()).rejects.toThrow(StoreUnavailable);
    expect(await store.grants.find(grant(1).id)).toBeDefined();
    database.exec("PRAGMA query_only = OFF");
    await store.grants.insert(grant(2));
  });

  test.each(["", "-wal", "-shm"])(
    "a vanished file (%s) is StoreUnavailable, none is made in its place, and it ends when the file is back",
    async (suffix) => {
      const path = newPath();
      const store = open({ path });
      await store.grants.insert(grant(1));
      renameSync(path + suffix, `${path}.away`);
      await expect(store.grants.insert(grant(2))).rejects.toThrow(/moved, deleted or replaced/);
      await expect(store.grants.find(grant(1).id)).rejects.toThrow(StoreUnavailable);
      expect(existsSync(path + suffix)).toBe(false);
      renameSync(`${path}.away`, path + suffix);
      expect(await store.grants.find(grant(1).id)).toBeDefined();
      await store.grants.insert(grant(3));
      expect(await store.grants.find(grant(2).id)).toBeUndefined();
    },
  );

  test.each(["", "-wal", "-shm"])(
    "a file (%s) that vanishes during a write: the write is not acknowledged, although its commit succeeded",
    async (suffix) => {
      const path = newPath();
      const store = open({ path });
      await store.grants.insert(grant(1));
      const writing = store.grants.change(grant(1).id, (found) => {
        renameSync(path + suffix, `${path}.away`);
        return { answer: "written", write: { ...found!, replays: 1 } };
      });
      await expect(writing).rejects.toThrow(/moved, deleted or replaced/);
      renameSync(`${path}.away`, path + suffix);
    },
  );

  test("another database in its place is not written to: every call rejects with StoreUnavailable", async () => {
    const path = newPath();
    const store = open({ path });
    await store.grants.insert(grant(1));
    const other = newPath();
    await open({ path: other }).close();
    const before = readFileSync(other);
    renameSync(other, path);
    await expect(store.grants.insert(grant(2))).rejects.toThrow(StoreUnavailable);
    await expect(store.ready()).rejects.toThrow(StoreUnavailable);
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe("R-07: another program holds the lock", () => {
  test("a write waits no longer than the patience of the store, and the next succeeds once the lock is free", async () => {
    const { path, store } = openWithConnection();
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    await expect(store.grants.insert(grant(1))).rejects.toThrow(StoreUnavailable);
    other.exec("ROLLBACK");
    other.close();
    await store.grants.insert(grant(2));
    expect((await store.grants.list({ limit: 9 })).map(({ id }) => id)).toEqual([grant(2).id]);
  });

  test("reads and the event loop go on while writes wait; the writes succeed once the lock is free", async () => {
    const { path, store } = openWithConnection(newPath(), 60_000);
    await store.grants.insert(grant(0));
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const waiting = Promise.all([store.grants.insert(grant(1)), store.grants.insert(grant(2))]);
    for (let turn = 0; turn < 20; turn++) {
      expect(await store.grants.find(grant(0).id)).toBeDefined();
      expect(await store.grants.find(grant(1).id)).toBeUndefined();
      await nextTurn();
    }
    const later = store.grants.insert(grant(3));
    other.exec("ROLLBACK");
    other.close();
    await Promise.all([waiting, later]);
    expect(await store.grants.list({ limit: 9 })).toHaveLength(4);
  });
});

describe("R-08: flipped bits", () => {
  test("are found by verify, and a damaged page is never served as a grant", async () => {
    const path = newPath();
    await open({ path }).close();
    const emptyBytes = readFileSync(path).length;
    const store = open({ path });
    await Promise.all(Array.from({ length: 300 }, (_, n) => store.grants.insert(grant(n))));
    await store.close();
    const bytes = readFileSync(path);
    expect(bytes.length).toBeGreaterThan(emptyBytes);
    // Without the pages of the tables' definitions, which the store reads when it opens.
    for (let page = emptyBytes; page < bytes.length; page += 4096) bytes.fill(0x5a, page, page + 64);
    writeFileSync(path, bytes);

    const damaged = open({ path });
    expect((await damaged.verify()).findings.join("\n")).toMatch(/^file: /m);
    await expect(damaged.grants.find(grant(150).id)).rejects.toThrow(StoreUnavailable);
  });
});
