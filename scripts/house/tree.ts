import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Syntax } from "./syntax.ts";

/** A file of the repository, its path relative to the root, with forward slashes. */
export type HouseFile = { path: string; text: string; syntax: Syntax | undefined };

/** `line` is 0 where the file as a whole is meant. */
export type Violation = { path: string; line: number; message: string };

export type Rule = (file: HouseFile) => Violation[];

const ignoredFolders = new Set([".git", "node_modules", "symbolon-data", "coverage", ".cache"]);
const textual =
  /\.(?:ts|mts|js|mjs|json|jsonc|md|sql|css|html|sh|yml|yaml|toml|txt|svg)$|(?:^|\/)(?:run|LICENSE|\.[a-z]+)$/;

/** Every text file that git tracks or would track; without git, every one below the root that is not generated. */
export function readTree(root: string): HouseFile[] {
  const paths = existsSync(join(root, ".git")) ? pathsOfGit(root) : pathsBelow(root, "");
  return paths
    .filter((path) => textual.test(path) && existsSync(join(root, path)))
    .map((path) => houseFile(path, readFileSync(join(root, path), "utf8")));
}

export const isTypeScript = (path: string): boolean => /\.m?ts$/.test(path);
export const isTest = (path: string): boolean => /\.test\.m?ts$/.test(path);

/** `packages/server`, `apps/portal`; a folder without a package.json of its own, such as `scripts`, counts as one. */
export function packageOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "packages" || first === "apps" ? `${first}/${second}` : first;
}

/** A file of the tree with this text. */
export const houseFile = (path: string, text: string): HouseFile => ({
  path,
  text,
  syntax: isTypeScript(path) ? new Syntax(path, text) : undefined,
});

const pathsOfGit = (root: string): string[] =>
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root, encoding: "utf8" })
    .split("\0")
    .filter((path) => path !== "");

function pathsBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ignoredFolders.has(entry.name) ? [] : pathsBelow(root, path);
    return entry.isFile() ? [path] : [];
  });
}
