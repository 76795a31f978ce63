import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pinned, type Cores } from "../cores.ts";
import { median } from "../measure.ts";
import { copySeed, type PlacedSeed } from "../seed-shelf.ts";

export type Start = {
  starts: number;
  /** From spawning the process to its first 200, in milliseconds: the median and the worst. */
  milliseconds: number;
  worstMilliseconds: number;
  /** Resident memory at that time; undefined if the system does not report it. */
  residentBytes: number | undefined;
};

const starts = 5;
const patienceMs = 20_000;
const main = join(import.meta.dirname, "..", "..", "apps", "symbolon", "src", "main.mjs");

/** Starts the real command, as in production, on a seeded data directory, and polls /ready. */
export async function timeStart(seeded: PlacedSeed, directory: string, cores: Cores | undefined): Promise<Start> {
  const data = join(directory, "start");
  copySeed(seeded, data);
  const times: number[] = [];
  const resident: number[] = [];
  for (let index = 0; index < starts; index++) {
    const port = await freePort();
    const [command = "", ...args] = pinned(cores?.server, [
      process.execPath,
      main,
      "serve",
      "--issuer",
      "https://id.example.com",
      "--port",
      String(port),
      "--data",
      data,
    ]);
    const startedMs = performance.now();
    const child = spawn(command, args, { stdio: "ignore" });
    try {
      while (!(await isReady(port))) {
        if (child.exitCode !== null || performance.now() - startedMs > patienceMs)
          throw new Error("the command did not start");
        await pause(2);
      }
      times.push(performance.now() - startedMs);
      resident.push(...residentOf(child.pid));
    } finally {
      const ended = child.exitCode === null ? once(child, "exit") : undefined;
      child.kill();
      await ended;
    }
  }
  return {
    starts,
    milliseconds: median(times),
    worstMilliseconds: Math.max(...times),
    residentBytes: resident.length === 0 ? undefined : median(resident),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const isReady = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request(
      { host: "localhost", port, path: "/ready", headers: { host: "id.example.com" }, agent: false },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      },
    );
    asked.on("error", () => resolve(false)).end();
  });

/** Only Linux has this file. */
function residentOf(pid: number | undefined): number[] {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? [] : [Number(kilobytes) * 1024];
  } catch {
    return [];
  }
}
