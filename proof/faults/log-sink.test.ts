import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ClientPool } from "../harness/pipelined-client.ts";
import { refreshRequest } from "../harness/requests.ts";
import { freePort, commandLine } from "../harness/server.ts";
import { setFaultStage, type FaultStage } from "./stage.ts";

let stage: FaultStage;
let port: number;
let child: ChildProcess | undefined;
beforeEach(async () => {
  stage = await setFaultStage();
  port = await freePort();
});
afterEach(async () => {
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
  await stage.close();
});

/** A server whose events go where `stderr` says. */
async function serve(stderr: "pipe" | number): Promise<ChildProcess> {
  const { args, env } = commandLine(stage.data, { port, issuer: `http://127.0.0.1:${port}` });
  child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", stderr] });
  const [line] = (await once(createInterface(child.stdout!), "line")) as [string];
  expect(JSON.parse(line)).toMatchObject({ ready: true });
  return child;
}

/** So many refused requests, each an event of about 150 bytes, and then a refresh that must work. */
async function expectServed(refusals: number): Promise<void> {
  const pool = new ClientPool(port, 4);
  const refused = refreshRequest(port, stage.credentials, "x".repeat(60));
  const [tokens] = await stage.grants(1);
  for (let sent = 0; sent < refusals; sent += 500) {
    const replies = await Promise.all(Array.from({ length: 500 }, () => pool.send(refused)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([400]));
  }
  const { status } = await pool.send(refreshRequest(port, stage.credentials, tokens!.refresh_token));
  expect(status).toBe(200);
  pool.close();
}

/** Refreshes so many grants, each an event of about 200 bytes. Events of different grants are not left out (OP-15). */
async function refreshMany(count: number): Promise<void> {
  const pool = new ClientPool(port, 4);
  const grants = await stage.grants(count);
  for (let sent = 0; sent < count; sent += 500) {
    const batch = grants.slice(sent, sent + 500);
    await Promise.all(batch.map((held) => pool.send(refreshRequest(port, stage.credentials, held.refresh_token))));
  }
  pool.close();
}

async function expectStops(server: ChildProcess): Promise<void> {
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  expect((await ended)[0]).toBe(0);
}

describe("R-31, I9: authentication goes on", () => {
  test("while the log is not read: its pipe is full, and lines are dropped and counted", async () => {
    const server = await serve("pipe");
    await refreshMany(9_000);
    await expectServed(500);
    let log = "";
    server.stderr!.setEncoding("utf8").on("data", (text: string) => (log += text));
    await expectServed(500);
    await expectStops(server);
    expect(log).toMatch(/"name":"log\.dropped","lines":[1-9]/);
  }, 60_000);

  test("after the reader of the log has ended (EPIPE)", async () => {
    const server = await serve("pipe");
    server.stderr!.destroy();
    await expectServed(500);
    await expectStops(server);
  });

  test("R-05: while the disk of the log is full (ENOSPC)", async () => {
    const full = openSync("/dev/full", "w");
    const server = await serve(full);
    closeSync(full);
    await expectServed(500);
    await expectStops(server);
  });
});
