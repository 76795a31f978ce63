import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** A program that runs JavaScript. `run` are the arguments before the file. */
export type Program = { title: string; path(): Promise<string>; run: readonly string[]; version: RegExp };

const here = import.meta.dirname;
const cache = join(here, ".cache");

const fromNpm = (title: string, variable: string, path: string, run: readonly string[], version: RegExp): Program => ({
  title,
  run,
  version,
  async path() {
    const named = process.env[variable];
    if (named !== undefined) return named;
    if (process.platform !== "linux" || process.arch !== "x64")
      throw new Error(
        `npm's ${title} of this repository is for Linux on x64, and this is ${process.platform} on ${process.arch}; name one of your own: ${variable}=/path/to/it`,
      );
    return join(await installed(), "node_modules", path);
  },
});

/** Deno may reach loopback and nothing else: no environment, no files, as a careful user would start it. */
export const programs: readonly Program[] = [
  fromNpm("Node 20", "NODE20", "node20/bin/node", [], /^v20\./),
  { title: "Node 24", path: async () => process.execPath, run: [], version: /^v24\./ },
  fromNpm("Node 26", "NODE26", "node26/bin/node", [], /^v26\./),
  fromNpm("Bun", "BUN", "@oven/bun-linux-x64-baseline/bin/bun", ["run"], /^1\./),
  fromNpm("Deno", "DENO", "@deno/linux-x64-glibc/deno", ["run", "--no-prompt", "--allow-net=127.0.0.1"], /^deno 2\./),
];

let installing: Promise<string> | undefined;

/** Where this folder's packages are installed; done once for each state of the lock file. */
const installed = (): Promise<string> => (installing ??= install());

/**
 * Several test files may come here at once: each installs into a folder of its own, and the first to finish gives it
 * the final name.
 */
async function install(): Promise<string> {
  const hash = createHash("sha256")
    .update(readFileSync(join(here, "package-lock.json")))
    .digest("hex")
    .slice(0, 16);
  const home = join(cache, hash);
  if (existsSync(home)) return home;
  mkdirSync(cache, { recursive: true });
  const stage = mkdtempSync(join(cache, "installing-"));
  for (const file of [".npmrc", "package.json", "package-lock.json"]) copyFileSync(join(here, file), join(stage, file));
  try {
    await promisify(execFile)("npm", ["ci", "--ignore-scripts"], { cwd: stage });
    renameSync(stage, home);
  } catch (failure) {
    rmSync(stage, { recursive: true, force: true });
    if (!existsSync(home)) throw failure;
  }
  return home;
}
