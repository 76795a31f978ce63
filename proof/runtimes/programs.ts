import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** A JavaScript runtime. `run` are its arguments before the file. */
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
        `the npm package of ${title} runs on Linux x64 only, and this is ${process.platform} ${process.arch}; set ${variable} to the path of an installed one`,
      );
    return join(await installed(), "node_modules", path);
  },
});

/** Deno gets access to loopback only: no environment and no files. */
export const programs: readonly Program[] = [
  fromNpm("Node 20", "NODE20", "node20/bin/node", [], /^v20\./),
  { title: "Node 24", path: async () => process.execPath, run: [], version: /^v24\./ },
  fromNpm("Node 26", "NODE26", "node26/bin/node", [], /^v26\./),
  fromNpm("Bun", "BUN", "@oven/bun-linux-x64-baseline/bin/bun", ["run"], /^1\./),
  fromNpm("Deno", "DENO", "@deno/linux-x64-glibc/deno", ["run", "--no-prompt", "--allow-net=127.0.0.1"], /^deno 2\./),
];

let installing: Promise<string> | undefined;

/** The folder where the runtimes are installed, once for each state of the lock file. */
const installed = (): Promise<string> => (installing ??= install());

/**
 * Several test files may call this at once: each installs into its own folder, and the first to finish renames it to
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
