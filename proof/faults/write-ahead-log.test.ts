import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Sealed } from "@symbolon/protocol";
import type { Grant } from "@symbolon/server";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { seededRandom } from "@symbolon/testing";
import type { Tokens } from "../harness/client.ts";
import { nowSeconds, offeredGrant } from "../harness/population.ts";
import { generationOf } from "../harness/registration.ts";
import { setFaultStage, type FaultStage } from "./stage.ts";

let stage: FaultStage;
let copies: string;
beforeEach(async () => {
  stage = await setFaultStage();
  copies = mkdtempSync(join(tmpdir(), "symbolon-copies-"));
});
afterEach(async () => {
  await stage.close();
  rmSync(copies, { recursive: true, force: true });
});

const rotations = 40;
const frameBytes = 24 + 4096;

/**
 * A killed server's files: one grant, rotated forty times, all of it in the log. Answers the tokens that it
 * acknowledged.
 */
async function leaveLogBehind(): Promise<Tokens[]> {
  const server = await stage.start();
  const acknowledged = await stage.grants(1);
  for (let rotation = 0; rotation < rotations; rotation++) {
    acknowledged.push(stage.client.tokensOf(await stage.client.refresh(server, acknowledged.at(-1)!.refresh_token)));
  }
  await server.kill();
  return acknowledged;
}

/** Opens a copy of the files whose log was changed; answers the generation that stands in it, and what verify finds. */
async function recovered(
  token: string,
  name: string,
  change: (wal: Buffer) => Buffer,
): Promise<{ generation: number | undefined; findings: string[] }> {
  const directory = join(copies, name);
  cpSync(stage.data.path, directory, { recursive: true });
  chmodSync(directory, 0o700);
  const path = join(directory, "symbolon.sqlite");
  writeFileSync(`${path}-wal`, change(readFileSync(`${path}-wal`)));
  rmSync(`${path}-shm`, { force: true });
  const store = openSqliteStore({ path, create: false });
  try {
    const { findings } = await store.verify();
    return {
      generation: (await store.grants.find(stage.data.keyring.read("refresh", new Sealed(token))!.grantId))?.generation,
      findings,
    };
  } finally {
    await store.close();
  }
}

describe("R-08: the write-ahead log of a killed server", () => {
  test("I4: complete, with garbage at its end, or with its index deleted: everything acknowledged is there", async () => {
    const [first] = await leaveLogBehind();
    const garbage = Buffer.from(Array.from({ length: 10_000 }, (_, index) => (index * 7919) & 0xff));
    const tails: [string, (wal: Buffer) => Buffer][] = [
      ["whole", (wal) => wal],
      ["tail", (wal) => Buffer.concat([wal, garbage])],
      ["frame", (wal) => Buffer.concat([wal, wal.subarray(32, 32 + frameBytes)])],
    ];
    for (const [name, change] of tails) {
      expect(await recovered(first!.refresh_token, name, change), name).toEqual({
        generation: rotations + 1,
        findings: [],
      });
    }
  });

  test("cut anywhere, or with any bit flipped: the database has a committed state, and an earlier one the more is cut", async () => {
    const [first] = await leaveLogBehind();
    const size = statSync(`${stage.path}-wal`).size;
    const random = seededRandom(20_261_122);
    let last = 0;
    for (let cut = 0; cut <= 24; cut++) {
      const at = Math.floor((size * cut) / 24);
      const { generation = 0, findings } = await recovered(first!.refresh_token, `cut-${cut}`, (wal) =>
        wal.subarray(0, at),
      );
      expect(findings, `cut at ${at}`).toEqual([]);
      expect(generation).toBeGreaterThanOrEqual(last);
      expect(generation).toBeLessThanOrEqual(rotations + 1);
      last = generation;
    }
    expect(last).toBe(rotations + 1);
    for (let flip = 0; flip < 24; flip++) {
      const at = random.below(size);
      const flipped = (wal: Buffer): Buffer => Buffer.from(wal.with(at, wal[at]! ^ (1 << random.below(8))));
      const { generation = 0, findings } = await recovered(first!.refresh_token, `flip-${flip}`, flipped);
      expect(findings, `flipped at ${at}`).toEqual([]);
      expect(generation).toBeLessThanOrEqual(rotations + 1);
    }
  }, 60_000);

  test("I3: a client whose last rotations were lost with a cut log goes on: its token proves that the server issued it", async () => {
    const acknowledged = await leaveLogBehind();
    const wal = readFileSync(`${stage.path}-wal`);
    writeFileSync(`${stage.path}-wal`, wal.subarray(0, wal.length - 5 * frameBytes));
    rmSync(`${stage.path}-shm`, { force: true });
    const held = acknowledged.at(-1)!.refresh_token;
    const behind = (await stage.rowOf(held)).generation;
    expect(behind).toBeLessThan(generationOf(held));
    const server = await stage.start();
    expect(generationOf(stage.client.tokensOf(await stage.client.refresh(server, held)).refresh_token)).toBe(
      generationOf(held) + 1,
    );
    expect(server.events.map(({ name }) => name)).toContain("grant.caught_up");
  });
});

describe("R-09: a reader holds a transaction open for a long time", () => {
  test("the log grows and writers go on; after the reader has ended, the log is reused from its beginning", async () => {
    const store = openSqliteStore({ path: stage.path });
    const scope = Array.from({ length: 200 }, (_, index) => `scope-${index}`); // Two rows fill a page.
    const grants = Array.from({ length: 60 }, (): Grant => ({
      ...offeredGrant(stage.credentials, stage.owner, nowSeconds(), 60),
      scope,
      state: "active",
      generation: 1,
      offer: null,
    }));
    await Promise.all(grants.map((grant) => store.grants.insert(grant)));
    const rotated = (grant: Grant | undefined) => ({
      answer: grant!.generation,
      write: { ...grant!, generation: grant!.generation + 1 },
    });
    const walBytesAfter = async (rounds: number): Promise<number> => {
      for (let round = 0; round < rounds; round++)
        await Promise.all(grants.map(({ id }) => store.grants.change(id, rotated)));
      return statSync(`${stage.path}-wal`).size;
    };
    const pages = (await walBytesAfter(1)) / frameBytes;
    const rounds = Math.ceil(6_000 / Math.min(pages, 30));
    const withoutReader = await walBytesAfter(rounds);
    expect(await walBytesAfter(rounds)).toBeLessThan(withoutReader * 1.2);

    const reader = new DatabaseSync(stage.path, { readOnly: true });
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM grants").get();
    const grown = await walBytesAfter(rounds);
    expect(grown).toBeGreaterThan(withoutReader * 1.2);
    reader.exec("COMMIT");
    reader.close();
    expect(await walBytesAfter(rounds)).toBeLessThan(grown * 1.1);
    expect((await store.verify()).findings).toEqual([]);
    await store.close();
  }, 60_000);

  test("the server logs an error, reports it at /ready and goes on; after the reader has ended, it reports the recovery", async () => {
    const server = await stage.start();
    const [tokens] = await stage.grants(1);
    const warnings = async (): Promise<unknown> =>
      (JSON.parse((await server.send("GET", "/ready")).body) as { warnings?: unknown }).warnings;
    expect(await warnings()).toBeUndefined();
    const reader = new DatabaseSync(stage.path, { readOnly: true });
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM grants").get();
    await growLog(80 * 2 ** 20);
    await vi.waitFor(
      () =>
        expect(server.events).toContainEqual(expect.objectContaining({ name: "database.log_growing", level: "error" })),
      20_000,
    );
    expect(await warnings()).toEqual(["database_log_growing"]);
    stage.client.tokensOf(await stage.client.refresh(server, tokens!.refresh_token));

    reader.exec("COMMIT");
    reader.close();
    await growLog(2 ** 20);
    await vi.waitFor(
      () => expect(server.events).toContainEqual(expect.objectContaining({ name: "database.log_recovered" })),
      20_000,
    );
    expect(await warnings()).toBeUndefined();
    expect(await server.stop()).toBe(0);
  }, 60_000);
});

/** Writes so many bytes into the log, as any other program might. */
async function growLog(bytes: number): Promise<void> {
  const writer = new DatabaseSync(stage.path, { timeout: 5_000 });
  const write = writer.prepare("INSERT INTO pulse (beat) VALUES (zeroblob(?))");
  for (let written = 0; written < bytes; written += 2 ** 20) write.run(2 ** 20);
  writer.exec("DELETE FROM pulse");
  writer.close();
}
