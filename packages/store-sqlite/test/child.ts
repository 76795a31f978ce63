import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll } from "vitest";

/** Halves the start-up time of a child. */
const compileCache = mkdtempSync(join(tmpdir(), "symbolon-compiled-"));
afterAll(() => rmSync(compileCache, { recursive: true, force: true }));

const worker = join(import.meta.dirname, "worker.ts");

export type Child = { process: ChildProcess; lines: string[]; ended: Promise<number | null> };

/** Starts worker.ts in its own process; `onLine` gets each report as it comes. */
export function startWorker(
  args: readonly string[],
  onLine: (lines: string[], child: ChildProcess) => void = () => {},
): Child {
  return start(process.execPath, [worker, ...args], onLine);
}

/** As `startWorker`, under another program such as strace. */
export const startWorkerUnder = (command: string, options: readonly string[], args: readonly string[]): Child =>
  start(command, [...options, process.execPath, worker, ...args], () => {});

function start(
  command: string,
  args: readonly string[],
  onLine: (lines: string[], child: ChildProcess) => void,
): Child {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  const lines: string[] = [];
  const reader = createInterface(child.stdout!);
  reader.on("line", (line) => {
    lines.push(line);
    onLine(lines, child);
  });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const read = new Promise((resolve) => reader.once("close", resolve));
  return { process: child, lines, ended: Promise.all([exited, read]).then(([code]) => code) };
}
