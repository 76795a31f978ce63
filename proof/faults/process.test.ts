import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { commandLine } from "../harness/server.ts";
import { setFaultStage, type FaultStage } from "./stage.ts";

let stage: FaultStage;
beforeEach(async () => {
  stage = await setFaultStage();
});
afterEach(() => stage.close());

describe("R-30, I9: an error in the server process outside of a request", () => {
  test.each(["SIGUSR2", "SIGWINCH"] as const)("(%s) is logged, and the process goes on", async (signal) => {
    const preload = join(import.meta.dirname, "breaks-on-signal.ts");
    const server = await stage.start({ env: { NODE_OPTIONS: `--import=${preload}` } });
    process.kill(server.pid, signal);
    await vi.waitFor(
      () =>
        expect(server.events).toContainEqual(
          expect.objectContaining({
            level: "error",
            name: "server.fault",
            cause: expect.stringContaining("broken on purpose"),
          }),
        ),
      10_000,
    );
    const [tokens] = await stage.grants(1);
    stage.client.tokensOf(await stage.client.refresh(server, tokens!.refresh_token));
    expect(await server.stop()).toBe(0);
  });
});

test("R-19: a wall clock that is set by an hour while the server runs is logged as an error, and the server goes on", async () => {
  const preload = join(import.meta.dirname, "strays-on-signal.ts");
  const server = await stage.start({ env: { NODE_OPTIONS: `--import=${preload}` } });
  process.kill(server.pid, "SIGWINCH");
  await vi.waitFor(
    () =>
      expect(server.events).toContainEqual(
        expect.objectContaining({ level: "error", name: "clock.stepped", bySeconds: 3600 }),
      ),
    10_000,
  );
  const [tokens] = await stage.grants(1);
  stage.client.tokensOf(await stage.client.refresh(server, tokens!.refresh_token));
  expect(await server.stop()).toBe(0);
});

describe("R-26: the server does not start, prints the reason and changes nothing", () => {
  const start = () => {
    const { args, env } = commandLine(stage.data, { port: 1, issuer: "http://127.0.0.1:1" });
    return spawnSync(process.execPath, args, { env, encoding: "utf8", timeout: 30_000 });
  };

  test("on the database of a newer Symbolon", () => {
    const database = new DatabaseSync(stage.path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    const before = readFileSync(stage.path);
    expect(start()).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/newer Symbolon \(schema 99.*restore the backup/),
    });
    expect(readFileSync(stage.path).equals(before)).toBe(true);
  });

  test("on the database of another program", () => {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(stage.path + suffix, { force: true });
    const other = new DatabaseSync(stage.path);
    other.exec("CREATE TABLE notes (text TEXT)");
    other.close();
    spawnSync("chmod", ["600", stage.path]);
    const before = readFileSync(stage.path);
    expect(start()).toMatchObject({ status: 1, stderr: expect.stringContaining("not a Symbolon database") });
    expect(readFileSync(stage.path).equals(before)).toBe(true);
  });

  test("R-08: on a file whose first page was overwritten", () => {
    for (const suffix of ["-wal", "-shm"]) rmSync(stage.path + suffix, { force: true });
    const bytes = readFileSync(stage.path);
    bytes.fill(0x5a, 0, 100);
    writeFileSync(stage.path, bytes);
    expect(start()).toMatchObject({ status: 1, stderr: expect.stringContaining("not a Symbolon database") });
    expect(readFileSync(stage.path).equals(bytes)).toBe(true);
  });
});
