import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

/** The commit, day, Node version and cores of a long run. */
export function ranOn(): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" }).trim();
  const isChanged = git("status", "--porcelain", "--untracked-files=no") !== "";
  const day = new Date().toISOString().slice(0, 10);
  const commit = `${git("rev-parse", "--short", "HEAD")}${isChanged ? " with changes" : ""}`;
  return `commit ${commit}, ${day}, Node ${process.versions.node}, ${cpus().length} cores`;
}

/** Replaces the text between `<!-- name -->` and `<!-- /name -->` in docs/faults.md below `docs`. */
export function recordRun(docs: string, name: string, text: string): void {
  const path = join(docs, "faults.md");
  writeFileSync(path, withRecord(readFileSync(path, "utf8"), name, text));
}

export function withRecord(page: string, name: string, text: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(open), page.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`The page has no place for ${name}.`);
  return `${page.slice(0, from + open.length)}\n${text}\n${page.slice(to)}`;
}
