import { isSafeSqliteVersion } from "@symbolon/durable-files";
import { Failure } from "../command/failure.ts";

const nodeRemedy =
  "Run it with a Node from npm: npx -p node@24 -p symbolon symbolon …. In the repository, run `npm ci`, then `npx symbolon …`.";

/** The versions that the security releases of July 2026 and SQLite's WAL-reset bug leave us (attacks.md §0.1). */
export function refuseOldRuntime(versions: { node: string; sqlite?: string | undefined }): void {
  const problem = whyUnfitNode(versions.node) ?? whyUnfitSqlite(versions.sqlite);
  if (problem !== undefined) throw new Failure(problem, nodeRemedy);
}

export function whyUnfitNode(version: string): string | undefined {
  const [major = 0] = partsOf(version);
  const isFit = (major === 24 && isAtLeast(version, "24.18.1")) || isAtLeast(version, "26.5.1");
  return isFit
    ? undefined
    : `symbolon needs Node 24.18.1 or newer on the 24 line, or 26.5.1 or newer; this is ${version}.`;
}

export function whyUnfitSqlite(version: string | undefined): string | undefined {
  return isSafeSqliteVersion(version)
    ? undefined
    : `symbolon needs SQLite 3.51.3 or newer, and not 3.52.0; this Node carries ${version ?? "none"}.`;
}

const partsOf = (version: string): number[] => version.split(".").map((part) => Number.parseInt(part, 10));

function isAtLeast(version: string, wanted: string): boolean {
  const found = partsOf(version);
  for (const [index, part] of partsOf(wanted).entries()) {
    if ((found[index] ?? 0) !== part) return (found[index] ?? 0) > part;
  }
  return true;
}
