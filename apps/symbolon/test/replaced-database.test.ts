import { chmodSync, copyFileSync, cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { claimAsServer, withoutServers } from "../src/data/process-lock.ts";
import { runJson, runSymbolon, startServer, temporaryDirectory } from "./start-server.ts";

type Restored = { replaced_database: string };

/** A data directory with one application, and a backup of it. */
async function withBackup(): Promise<{ data: string; backup: string }> {
  const [data, backup] = [join(temporaryDirectory(), "data"), join(temporaryDirectory(), "monday.sqlite")];
  await runJson(["app", "create", "--name", "Monday"], { data });
  await runJson(["backup", "--to", backup], { data });
  return { data, backup };
}

const restoreFrom = (backup: string, data: string): Promise<Restored> =>
  runJson(["restore", "--from", backup, "--keep-grants"], { data });

async function namesIn(data: string): Promise<string[]> {
  const { applications } = await runJson<{ applications: { client_name: string }[] }>(["app", "list"], { data });
  return applications.map((application) => application.client_name).toSorted();
}

test("ST-07: each restore keeps the database that it replaces, and says where", async () => {
  const { data, backup } = await withBackup();
  await runJson(["app", "create", "--name", "Tuesday"], { data });
  const first = await restoreFrom(backup, data);
  const kept = readFileSync(first.replaced_database);
  const second = await restoreFrom(backup, data);
  const third = await runSymbolon(["restore", "--from", backup, "--keep-grants"], { data });

  expect(readFileSync(first.replaced_database).equals(kept)).toBe(true);
  expect(second.replaced_database).not.toBe(first.replaced_database);
  expect(third.stdout).toContain(join(data, "symbolon.sqlite.replaced-"));
  const databases = readdirSync(data).filter((name) => /\.replaced-\d{8}T\d{6}Z(?:-\d+)?$/.test(name));
  expect(databases).toHaveLength(3);
});

test("ST-07: the replaced database can be restored, with the commits of its write-ahead log", async () => {
  const { data, backup } = await withBackup();
  const killed = join(temporaryDirectory(), "killed");
  cpSync(data, killed, { recursive: true });
  chmodSync(killed, 0o700);
  await addWithoutCheckpoint(data, killed);
  const { replaced_database } = await restoreFrom(backup, killed);
  expect(await namesIn(killed)).toEqual(["Monday"]);
  expect(existsSync(`${replaced_database}-wal`)).toBe(true);
  await restoreFrom(replaced_database, killed);
  expect(await namesIn(killed)).toEqual(["Monday", "Tuesday"]);
});

test("ST-07: restore refuses while a server runs on the directory, and changes nothing", async () => {
  const { data, backup } = await withBackup();
  const server = await startServer({ data });
  for (const from of [["--from", backup], []]) {
    const { code, stderr } = await runSymbolon(["restore", ...from, "--revoke-all"], { data });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`runs on ${data}`)]);
    expect(stderr).toContain("Stop every server of this directory");
  }
  expect(readdirSync(data).filter((name) => /replaced|incoming/.test(name))).toEqual([]);
  expect((await fetch(`${server.url}/ready`)).status).toBe(200);
  await server.kill();
  await restoreFrom(backup, data);
});

test("two servers share a directory, and no server starts during a restore", async () => {
  const data = temporaryDirectory();
  const endClaims = [await claimAsServer(data), await claimAsServer(data)];
  await expect(withoutServers(data, () => Promise.resolve("ran"))).rejects.toThrow("A server, or another restore");
  for (const endClaim of endClaims) endClaim();
  const story: string[] = [];
  let claimed: Promise<() => void> | undefined;
  await withoutServers(data, async () => {
    claimed = claimAsServer(data).finally(() => void story.push("claimed"));
    await sleep(50);
    story.push("restored");
  });
  (await claimed!)();
  expect(story).toEqual(["restored", "claimed"]);
});

/** Adds an application whose row is only in the write-ahead log, as after a kill. */
async function addWithoutCheckpoint(data: string, killed: string): Promise<void> {
  const reader = new DatabaseSync(join(data, "symbolon.sqlite"));
  reader.exec("BEGIN; SELECT 1 FROM applications");
  await runJson(["app", "create", "--name", "Tuesday"], { data });
  for (const part of ["", "-wal"])
    copyFileSync(join(data, `symbolon.sqlite${part}`), join(killed, `symbolon.sqlite${part}`));
  reader.close();
}
