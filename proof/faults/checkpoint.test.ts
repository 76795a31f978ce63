import { spawnSync } from "node:child_process";
import { chmodSync, closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { openSqliteStore } from "@symbolon/store-sqlite";
import type { Tokens } from "../harness/client.ts";
import { generationOf } from "../harness/registration.ts";
import { setFaultStage, type FaultStage } from "./stage.ts";

let stage: FaultStage;
let copies: string;
beforeEach(async () => {
  stage = await setFaultStage();
  copies = mkdtempSync(join(tmpdir(), "symbolon-checkpoints-"));
});
afterEach(async () => {
  await stage.close();
  rmSync(copies, { recursive: true, force: true });
});

const pageBytes = 4096;
const frameHeaderBytes = 24;
const rotations = 10;

/** A killed server's files: many grants, some of them rotated, all of it in the log. Answers the newest tokens. */
async function leaveLogBehind(): Promise<Tokens> {
  const server = await stage.start();
  let [newest] = await stage.grants(100);
  for (let rotation = 0; rotation < rotations; rotation++)
    newest = stage.client.tokensOf(await stage.client.refresh(server, newest!.refresh_token));
  await server.kill();
  return newest!;
}

/**
 * What a checkpoint copies: each page of the log as its last commit left it, in the order of their numbers. @see
 * https://www.sqlite.org/fileformat2.html#walformat
 */
function pagesOf(wal: Buffer): [number: number, bytes: Buffer][] {
  const committed = new Map<number, Buffer>();
  let pending: [number, Buffer][] = [];
  const salts = wal.subarray(16, 24);
  for (let at = 32; at + frameHeaderBytes + pageBytes <= wal.length; at += frameHeaderBytes + pageBytes) {
    // Left over from before the log was used from its start again.
    if (!wal.subarray(at + 8, at + 16).equals(salts)) break;
    pending.push([wal.readUInt32BE(at), wal.subarray(at + frameHeaderBytes, at + frameHeaderBytes + pageBytes)]);
    if (wal.readUInt32BE(at + 4) === 0) continue;
    for (const [number, bytes] of pending) committed.set(number, bytes);
    pending = [];
  }
  return [...committed].sort(([one], [other]) => one - other);
}

/**
 * Opens a copy of the files to whose database so many bytes of the checkpoint got; answers the newest generation and
 * what verify finds.
 */
async function afterCheckpointOf(
  bytes: number,
  newest: Tokens,
): Promise<{ generation: number | undefined; findings: string[] }> {
  const directory = join(copies, `killed-after-${bytes}`);
  cpSync(stage.data.path, directory, { recursive: true });
  chmodSync(directory, 0o700);
  const path = join(directory, "symbolon.sqlite");
  const database = openSync(path, "r+");
  let left = bytes;
  for (const [number, page] of pagesOf(readFileSync(`${path}-wal`))) {
    if (left <= 0) break;
    writeSync(database, page, 0, Math.min(left, pageBytes), (number - 1) * pageBytes);
    left -= pageBytes;
  }
  closeSync(database);
  const store = openSqliteStore({ path, create: false });
  try {
    const { findings } = await store.verify();
    return {
      generation: (
        await store.grants.find(stage.data.keyring.read("refresh", new Sealed(newest.refresh_token))!.grantId)
      )?.generation,
      findings,
    };
  } finally {
    await store.close();
    rmSync(directory, { recursive: true });
  }
}

describe("R-03: killed in the middle of a checkpoint", () => {
  test("I4: at any page, also with that page half written, the log survives and everything acknowledged is there", async () => {
    const newest = await leaveLogBehind();
    const pages = pagesOf(readFileSync(`${stage.path}-wal`));
    expect(pages.length).toBeGreaterThan(5);
    for (let half = 0; half <= 2 * pages.length; half++) {
      expect(await afterCheckpointOf((half * pageBytes) / 2, newest), `${half / 2} of ${pages.length} pages`).toEqual({
        generation: rotations + 1,
        findings: [],
      });
    }
  }, 60_000);

  const isTraced = spawnSync("strace", ["-V"]).status === 0;
  const how = isTraced ? "its own write of a page is its last" : "strace is not installed: on its way into one";

  test(`I3, I4: a real process (${how}): the next server has everything acknowledged, and its client goes on`, async () => {
    const newest = await leaveLogBehind();
    const program = `const { DatabaseSync } = require("node:sqlite"); new DatabaseSync(${JSON.stringify(stage.path)}).exec("PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)");`;
    const pages = pagesOf(readFileSync(`${stage.path}-wal`)).length;
    for (const nth of [1, 2, Math.floor(pages / 2), pages - 1]) {
      const under = isTraced
        ? [
            "strace",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-P",
            stage.path,
            "-e",
            "trace=pwrite64",
            "-e",
            `inject=pwrite64:signal=SIGKILL:when=${nth}`,
          ]
        : ["timeout", "-s", "KILL", String(0.02 * nth)];
      const { signal, status } = spawnSync(under[0]!, [...under.slice(1), process.execPath, "-e", program], {
        encoding: "utf8",
      });
      if (isTraced) expect([signal, status], `at write ${nth} of ${pages}`).toEqual(["SIGKILL", null]);
    }
    const server = await stage.start();
    const next = stage.client.tokensOf(await stage.client.refresh(server, newest.refresh_token));
    expect(generationOf(next.refresh_token)).toBe(rotations + 2);
    expect(server.events.filter(({ level }) => level === "error")).toEqual([]);
    expect(await server.stop()).toBe(0);
    const store = openSqliteStore({ path: stage.path, create: false });
    expect((await store.verify()).findings).toEqual([]);
    await store.close();
  }, 60_000);
});
