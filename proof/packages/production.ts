import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../scripts/packages/published.ts";

const run = promisify(execFile);

/**
 * Installs the repository without development dependencies, under a Node that is too old to serve, and runs the
 * command. Answers the size of what was installed, without and with the Node that npm brings.
 */
export async function installForProduction(oldNode: string): Promise<string> {
  const clone = mkdtempSync(join(tmpdir(), "symbolon-production-"));
  const env = { ...process.env, PATH: `${dirname(oldNode)}${delimiter}${process.env["PATH"] ?? ""}` };
  const npm = (...args: string[]) => run("npm", args, { cwd: clone, env });
  try {
    const { stdout } = await run("git", ["ls-files"], { cwd: root });
    for (const file of stdout
      .trim()
      .split("\n")
      .filter((name) => /^(?:packages|apps)\/|^[^/]+$/.test(name))) {
      mkdirSync(dirname(join(clone, file)), { recursive: true });
      cpSync(join(root, file), join(clone, file));
    }
    await npm("ci", "--omit=dev", "--omit=optional");
    const small = await megabytesOf(join(clone, "node_modules"));
    await npm("ci", "--omit=dev");
    const withNode = await megabytesOf(join(clone, "node_modules"));
    const help = await run("npx", ["symbolon", "serve", "--help"], { cwd: clone, env });
    if (!help.stdout.includes("symbolon serve")) throw new Error(help.stdout);
    return `${small} MB, ${withNode} MB with Node`;
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

/** What a folder takes on disk. */
export const megabytesOf = async (folder: string): Promise<number> =>
  Number((await run("du", ["-sm", folder])).stdout.split("\t")[0]);
