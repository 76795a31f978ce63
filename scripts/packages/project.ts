import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { buildPackages } from "./build.ts";
import { packPackages, type Tarball } from "./pack.ts";
import { published, readManifest, root } from "./published.ts";

/** A project outside the repository that has the packages installed from their tarballs. */
export type Project = { folder: string; tarballs: Tarball[]; remove: () => void };

/** The packages, built and packed in a folder for temporary files. */
async function pack(): Promise<{ home: string; folder: string; tarballs: Tarball[] }> {
  const home = mkdtempSync(join(tmpdir(), "symbolon-packages-"));
  await buildPackages(join(home, "dist"));
  const tarballs = await packPackages(join(home, "dist"), join(home, "tarballs"));
  const folder = join(home, "project");
  mkdirSync(join(folder, "node_modules/@symbolon"), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "fresh-project", private: true, type: "module" }));
  return { home, folder, tarballs };
}

/**
 * Unpacks the tarballs the way npm does, and links what they depend on from the repository's own `node_modules`: it
 * needs no network.
 */
export async function projectFromTarballs(): Promise<Project> {
  const { home, folder, tarballs } = await pack();
  for (const { name, path } of tarballs) {
    const target = installedFolder(folder, name);
    mkdirSync(target);
    await promisify(execFile)("tar", ["-xzf", path, "-C", target, "--strip-components=1"]);
  }
  for (const name of [...foreignDependencies(), "vitest", "@types/node"]) link(name, folder);
  return { folder, tarballs, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** Installs the tarballs, and `others`, by `npm install`: this asks the registry for what they depend on. */
export async function projectFromRegistry(others: readonly string[]): Promise<Project> {
  const { home, folder, tarballs } = await pack();
  rmSync(join(folder, "node_modules"), { recursive: true });
  const args = ["install", "--no-audit", "--no-fund", ...tarballs.map(({ path }) => path), ...others];
  await promisify(execFile)("npm", args, { cwd: folder, maxBuffer: 16 * 1024 * 1024 });
  return { folder, tarballs, remove: () => rmSync(home, { recursive: true, force: true }) };
}

export const installedFolder = (project: string, name: string): string =>
  join(project, "node_modules", readManifest(published.find((one) => one.name === name)!.folder).name);

/** What the packages need of other people, by name. */
const foreignDependencies = (): string[] =>
  ["packages", "apps"]
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .flatMap((folder) => Object.keys(readManifest(folder).dependencies ?? {}))
    .filter((name) => !name.startsWith("@symbolon/"));

function link(name: string, project: string): void {
  const path = join(project, "node_modules", name);
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) symlinkSync(join(root, "node_modules", name), path);
}
