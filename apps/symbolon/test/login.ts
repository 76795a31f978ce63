import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { symbolonPath, temporaryDirectory, type RunResult } from "./start-server.ts";

/** A user with an own home directory and a clean environment. `before`: a command that their shell runs first. */
export type Home = { path: string; env: Record<string, string>; records: string; keyFile: string; before?: string };

export function newHome(): Home {
  const path = temporaryDirectory();
  return {
    path,
    env: { HOME: path, PATH: process.env["PATH"] ?? "" },
    records: join(path, ".local/share/symbolon/keeper"),
    keyFile: join(path, ".config/symbolon/keeper.key"),
  };
}

/** Where a login sends the browser. */
export const address = /https?:\/\/\S+authorize\S*/;

/** Starts `symbolon login`, and answers what stderr said as soon as `wanted` is in it; `end` is how it ended. */
export async function startLogin(
  args: readonly string[],
  wanted: RegExp,
  { env, before = ":" }: Home,
  more: Record<string, string> = {},
): Promise<{ said: string; end: Promise<RunResult> }> {
  const child = spawn("sh", ["-c", `${before}; exec "$@"`, "sh", process.execPath, symbolonPath, "login", ...args], {
    env: { ...env, ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  const end = new Promise<RunResult>((resolve) =>
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
  const said = new Promise<string>((resolve) =>
    child.stderr
      .setEncoding("utf8")
      .on("data", (chunk: string) => wanted.test((stderr += chunk)) && resolve(wanted.exec(stderr)![0])),
  );
  const first = await Promise.race([said, end]);
  if (typeof first !== "string") throw new Error(`login ended with ${first.code}: ${first.stderr}`);
  return { said: first, end };
}

/** A `xdg-open` that opens nothing, and writes what it was given, one argument a line. */
export function watchedBrowser({ path, env }: Home): { env: Record<string, string>; given: string } {
  const folder = join(path, "bin");
  const given = join(path, "given");
  mkdirSync(folder);
  writeFileSync(
    join(folder, "xdg-open"),
    `#!/bin/sh\nprintf '%s\\n' "$@" > '${given}.new' && mv '${given}.new' '${given}'\n`,
  );
  chmodSync(join(folder, "xdg-open"), 0o700);
  return { env: { PATH: `${folder}:${env["PATH"]}`, DISPLAY: ":0" }, given };
}

/** Every byte below a folder. */
export async function bytesBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, "latin1")))).join("\n") + files.join("\n");
}
