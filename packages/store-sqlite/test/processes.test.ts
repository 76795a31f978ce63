import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import {
  exampleAccountId,
  exampleGrant,
  exampleGrantId,
  exampleClientCredentialsGrant,
  seededRandom,
} from "@symbolon/testing";
import { migrate, pragma } from "../src/migrate.ts";
import { migrations } from "../src/schema.ts";
import { startWorker, startWorkerUnder } from "./child.ts";
import { temporaryStores } from "./temporary-stores.ts";

const { newPath, open } = temporaryStores();
const { id } = exampleGrant();

describe("R-10: several processes on one file", () => {
  test("I1: two processes that rotate one grant at the same time lose no write", async () => {
    const path = newPath();
    const store = open({ path });
    await store.grants.insert(exampleGrant({ generation: 0 }));
    const children = [1, 2].map(() => startWorker(["hammer", path, id, "400", "8"]));
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0]);
    const promised = children.flatMap(({ lines }) => lines.map(Number));
    expect(promised.sort((one, other) => one - other)).toEqual(Array.from({ length: 800 }, (_, n) => n + 1));
    expect(await store.grants.find(id)).toMatchObject({ generation: 800, version: 801 });
  });

  test("three processes that start without a file, and request client credentials, get one database and one grant", async () => {
    const path = newPath();
    const children = [1, 2, 3].map((n) =>
      startWorker([
        "clientCredentials",
        path,
        JSON.stringify(exampleClientCredentialsGrant({ id: exampleGrantId(n) })),
      ]),
    );
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    expect(new Set(children.flatMap(({ lines }) => lines)).size).toBe(1);
    expect(await open({ path }).grants.list({ limit: 9 })).toHaveLength(1);
  });

  test("OP-16: three processes that offer grants at once store one, and find it after a restart", async () => {
    const path = newPath();
    const offers = Array.from({ length: 60 }, (_, n) =>
      exampleGrant({ id: exampleGrantId(n), owner: exampleAccountId(1), state: "offered", generation: 0 }),
    );
    const children = [0, 20, 40].map((from) =>
      startWorker(["offer", path, JSON.stringify(offers.slice(from, from + 20))]),
    );
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    const got = children.flatMap(({ lines }) => lines);
    expect([got.length, new Set(got).size]).toEqual([60, 1]);
    const store = open({ path });
    const found = await store.grants.offer(offers[59]!, ([newest]) => ({ use: newest! }));
    expect([found.id, (await store.grants.list({ limit: 9 })).length]).toEqual([got[0], 1]);
  });

  test("I5: a read sees a write that another connection has acknowledged", async () => {
    const path = newPath();
    const [writer, reader] = [open({ path }), open({ path })];
    await writer.grants.insert(exampleGrant());
    for (let generation = 2; generation < 50; generation++) {
      await writer.grants.change(id, (grant) => ({ answer: 1, write: { ...grant!, generation } }));
      expect((await reader.grants.find(id))?.generation).toBe(generation);
    }
  });
});

describe("R-01: kill -9 of a process that writes", () => {
  test("I4: in thirty rounds no acknowledged write is lost, and the file stays intact", async () => {
    const path = newPath();
    await open({ path }).grants.insert(exampleGrant({ generation: 0 }));
    const random = seededRandom(20_261_122);
    for (let round = 0; round < 30; round++) {
      const killAfter = 1 + random.below(60);
      const atOnce = String(1 + random.below(8));
      const child = startWorker(["hammer", path, id, "100000", atOnce], (lines, process) => {
        if (lines.length === killAfter) process.kill("SIGKILL");
      });
      expect(await child.ended).toBeNull();
      const store = open({ path });
      const found = await store.grants.find(id);
      expect(found!.generation).toBeGreaterThanOrEqual(Math.max(...child.lines.map(Number)));
      expect(found!.version).toBe(found!.generation + 1);
      expect((await store.verify({ quick: true })).findings).toEqual([]);
      await store.close();
    }
  }, 120_000);
});

describe("R-25: a migration that is killed midway", () => {
  const second = (middle: string) => `
    CREATE TABLE extra (id INTEGER PRIMARY KEY);
    INSERT INTO extra VALUES (1), (2), (3);
    ${middle}
    PRAGMA user_version = 2;`;

  test("has no effect, and runs at the next start", async () => {
    const path = newPath();
    const steps = [migrations[0]!, second("SELECT midway();")];
    const child = startWorker(["migrate", path, JSON.stringify(steps)], (_, process) => process.kill("SIGKILL"));
    expect(await child.ended).toBeNull();
    expect(child.lines).toEqual(["midway"]);

    const database = new DatabaseSync(path);
    expect(pragma(database, "user_version")).toBe(1);
    expect(database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'extra'").get()).toBeUndefined();
    migrate(database, [migrations[0]!, second("")]);
    expect(pragma(database, "user_version")).toBe(2);
    expect(database.prepare("SELECT count(*) AS count FROM extra").get()).toMatchObject({ count: 3 });
    database.close();
  });

  test("if it was the first, the store opens as on a new file", async () => {
    const fresh = newPath();
    const first = `${migrations[0]!.replace("PRAGMA user_version = 1;", "")} SELECT midway(); PRAGMA user_version = 1;`;
    const child = startWorker(["migrate", fresh, JSON.stringify([first])], (_, process) => process.kill("SIGKILL"));
    await child.ended;
    for (const part of ["", "-wal", "-shm"]) if (existsSync(fresh + part)) chmodSync(fresh + part, 0o600);
    const store = open({ path: fresh });
    await store.ready();
    expect((await store.verify()).findings).toEqual([]);
  });

  test("a step that does not end with its own number is refused and rolled back", () => {
    const database = new DatabaseSync(newPath());
    expect(() => migrate(database, ["CREATE TABLE a (b)"])).toThrow(/ends with the number 0/);
    expect(database.prepare("SELECT 1 FROM sqlite_schema").get()).toBeUndefined();
    database.close();
  });
});

/**
 * Counting fsyncs is the one way to see that an acknowledged write has reached the disk. Where strace is not installed,
 * the same is asserted from the inside: FULL is in force (opening.test.ts), and each acknowledged turn has its own
 * commit.
 */
describe("R-04: durable commits", () => {
  const commits = 200;
  const strace = spawnSync("strace", ["-V"]).status === 0;

  async function run(synchronous: "FULL" | "NORMAL"): Promise<{ reported: number; synced: number }> {
    const path = newPath();
    const store = open({ path });
    await store.grants.insert(exampleGrant());
    await store.close();
    const log = `${path}.strace`;
    const task = ["commit", path, id, String(commits), synchronous];
    const child = strace
      ? startWorkerUnder("strace", ["-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", log], task)
      : startWorker(task);
    expect(await child.ended).toBe(0);
    const synced = strace
      ? readFileSync(log, "utf8")
          .split("\n")
          .filter((line) => /f(?:data)?sync\(/.test(line)).length
      : commits;
    return { reported: Number(child.lines[0]), synced };
  }

  test("each acknowledged write has its own fsync", async () => {
    const { reported, synced } = await run("FULL");
    expect(reported).toBe(commits);
    expect(synced).toBeGreaterThanOrEqual(commits);
  });

  test("control: without FULL the count differs", async () => {
    const { reported, synced } = await run("NORMAL");
    expect(reported).toBe(commits);
    expect(strace ? synced : 0).toBeLessThan(commits / 2);
  });
});
