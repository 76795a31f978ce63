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

describe("faults.md §2.2: what PostgreSQL must promise", () => {
  test("rule 14: a server, or a role, with synchronous_commit=off is refused", async () => {
    await ask("CREATE ROLE hasty LOGIN PASSWORD 'hasty'; ALTER ROLE hasty SET synchronous_commit = off");
    const hasty = server.urlOf().replace("postgres:postgres@", "hasty:hasty@");
    await expect(open(hasty)).rejects.toMatchObject({
      name: "KeeperStoreRefused",
      message: expect.stringContaining("synchronous_commit is off"),
    });
  });

  test("rule 14: a server with fsync=off is refused", async () => {
    const careless = await startPostgres({ settings: ["fsync=off"] });
    await expect(open(careless.urlOf())).rejects.toThrow(/fsync is off/);
    await careless.stop();
  });

  test("rule 12: a backend that dies, idle or at work, ends no process; the next operation has another", async () => {
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

  test("rule 15: a write waits for a lock no longer than the limit", async () => {
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

  test("rule 15: the queue for a connection is bounded", async () => {
    const store = await open();
    const turns = await Promise.allSettled(Array.from({ length: 400 }, () => store.read("crowd")));
    const refused = turns.filter((turn) => turn.status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.reason).toMatchObject({
      name: "KeeperStoreUnavailable",
      message: "200 operations wait for a connection already",
    });
    expect(await store.read("crowd")).toBeUndefined();
    await store.close();
  });

  test("several processes that open it for the first time find one table", async () => {
    const url = await server.createDatabase("fresh");
    const stores = await Promise.all(Array.from({ length: 8 }, () => open(url)));
    expect(
      (await Promise.all(stores.map((store) => store.write("entry", 0, "a")))).filter((turn) => turn !== undefined),
    ).toEqual([1]);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("a server that is not there is an answer in words, without the password", async () => {
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

describe("R-16, R-17: a network that lies", () => {
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

  test("a connection that breaks after the write was forwarded rejects it, and it has happened", async () => {
    await store.write("cut", 0, "a");
    proxy.mode = "cut";
    await expect(store.write("cut", 1, "b")).rejects.toMatchObject({ name: "KeeperStoreUnavailable" });
    proxy.mode = "pass";
    expect(await eventually(async () => ((await store.read("cut"))?.revision === 2 ? "written" : undefined))).toBe(
      "written",
    );
  });

  test("a connection that swallows everything rejects in bounded time, and the next one serves", async () => {
    await store.write("silent", 0, "a");
    proxy.mode = "silent";
    await expect(store.read("silent")).rejects.toMatchObject({ name: "KeeperStoreUnavailable" });
    proxy.mode = "pass";
    expect(await store.read("silent")).toEqual({ revision: 1, value: "a" });
  });
});

/** The first answer that is one; a rejection or undefined is asked again. */
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
