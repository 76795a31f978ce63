import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres, type PostgresServer } from "@symbolon/testing/postgres-server";
import { openPostgresKeeperStore } from "../src/postgres/index.ts";
import { openPool } from "../src/postgres/pool.ts";
import { PostgresKeeperStore } from "../src/postgres/store.ts";
import { startCuttingProxy, type CuttingProxy } from "./cutting-proxy.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const open = (connectionString = server.urlOf()) => openPostgresKeeperStore({ connectionString });

async function ask(text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: server.urlOf() });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe("faults.md §2.2: what PostgreSQL must guarantee", () => {
  test("rule 14: refuses a role with synchronous_commit=off", async () => {
    await ask("CREATE ROLE unsafe LOGIN PASSWORD 'unsafe'; ALTER ROLE unsafe SET synchronous_commit = off");
    const unsafe = server.urlOf().replace("postgres:postgres@", "unsafe:unsafe@");
    await expect(open(unsafe)).rejects.toMatchObject({
      name: "KeeperStoreRefused",
      message: expect.stringContaining("synchronous_commit is off"),
    });
  });

  test("rule 14: refuses a server with fsync=off", async () => {
    const unsynced = await startPostgres({ settings: ["fsync=off"] });
    await expect(open(unsynced.urlOf())).rejects.toThrow(/fsync is off/);
    await unsynced.stop();
  });

  test("rule 12: survives the end of an idle or busy backend, and uses another for the next operation", async () => {
    const store = await open();
    await store.write("backend", 0, "a");
    const end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'symbolon-keeper'";
    expect(await ask(end)).not.toEqual([]);
    expect(await eventually(() => store.read("backend"))).toEqual({ revision: 1, value: "a" });

    const blocker = new Client({ connectionString: server.urlOf() });
    await blocker.connect();
    await blocker.query("BEGIN; SELECT * FROM symbolon_keeper_entry FOR UPDATE");
    const write = store.write("backend", 1, "b");
    await Promise.all([
      expect(write).rejects.toMatchObject({ name: "KeeperStoreUnavailable" }),
      untilWaiting().then(() => ask(end)),
    ]);
    await blocker.query("ROLLBACK");
    await blocker.end();
    expect(await store.write("backend", 1, "b")).toBe(2);
    await store.close();
  });

  test("rule 15: a write waits for a lock no longer than the timeout", async () => {
    const store = new PostgresKeeperStore(await openPool(server.urlOf(), 100));
    await store.write("locked", 0, "a");
    const blocker = new Client({ connectionString: server.urlOf() });
    await blocker.connect();
    await blocker.query("BEGIN; SELECT * FROM symbolon_keeper_entry FOR UPDATE");
    await expect(store.write("locked", 1, "b")).rejects.toMatchObject({
      name: "KeeperStoreUnavailable",
      message: expect.stringContaining("timeout"),
    });
    await blocker.query("ROLLBACK");
    await blocker.end();
    expect(await store.write("locked", 1, "b")).toBe(2);
    await store.close();
  });

  test("rule 15: rejects operations once 200 are waiting for a connection", async () => {
    const store = await open();
    const turns = await Promise.allSettled(Array.from({ length: 400 }, () => store.read("crowd")));
    const refused = turns.filter((turn) => turn.status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.reason).toMatchObject({
      name: "KeeperStoreUnavailable",
      message: "200 operations are already waiting for a connection",
    });
    expect(await store.read("crowd")).toBeUndefined();
    await store.close();
  });

  test("creates the table once when several processes open it at once", async () => {
    const url = await server.createDatabase("fresh");
    const stores = await Promise.all(Array.from({ length: 8 }, () => open(url)));
    expect(
      (await Promise.all(stores.map((store) => store.write("entry", 0, "a")))).filter((turn) => turn !== undefined),
    ).toEqual([1]);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("reports a server that is not running, without the password", async () => {
    const { port, close } = await startCuttingProxy(1);
    await close();
    const refused = open(`postgres://postgres:hunter2@127.0.0.1:${port}/postgres`);
    await expect(refused).rejects.toMatchObject({
      name: "KeeperStoreUnavailable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    await expect(
      refused.catch((error: unknown) => JSON.stringify(error, Object.getOwnPropertyNames(error))),
    ).resolves.not.toContain("hunter2");
  });
});

describe("R-16, R-17: a broken network", () => {
  let proxy: CuttingProxy;
  let store: PostgresKeeperStore;
  beforeAll(async () => {
    proxy = await startCuttingProxy(Number(new URL(server.urlOf()).port));
    store = new PostgresKeeperStore(
      await openPool(`postgres://postgres:postgres@127.0.0.1:${proxy.port}/postgres`, 200),
    );
  });
  afterAll(async () => {
    await store.close();
    await proxy.close();
  });

  test("rejects a write whose connection breaks after it was sent; the write was applied", async () => {
    await store.write("cut", 0, "a");
    proxy.mode = "cut";
    await expect(store.write("cut", 1, "b")).rejects.toMatchObject({ name: "KeeperStoreUnavailable" });
    proxy.mode = "pass";
    expect(await eventually(async () => ((await store.read("cut"))?.revision === 2 ? "written" : undefined))).toBe(
      "written",
    );
  });

  test("rejects within the timeout where the connection delivers nothing, and works again afterwards", async () => {
    await store.write("silent", 0, "a");
    proxy.mode = "silent";
    await expect(store.read("silent")).rejects.toMatchObject({ name: "KeeperStoreUnavailable" });
    proxy.mode = "pass";
    expect(await store.read("silent")).toEqual({ revision: 1, value: "a" });
  });
});

/** Repeats the question until it resolves to a value. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    await new Promise(setImmediate);
  }
}

async function untilWaiting(): Promise<void> {
  await eventually(
    async () =>
      (
        await ask(
          "SELECT 1 AS waits FROM pg_stat_activity WHERE application_name = 'symbolon-keeper' AND wait_event_type = 'Lock'",
        )
      )[0],
  );
}
