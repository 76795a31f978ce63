import { posix } from "node:path";
import type { HouseFile, Violation } from "./tree.ts";

type Imports = ReadonlyMap<string, readonly string[]>;

/**
 * No file imports itself through others, types included: such files can only be read together. The linter's own rule
 * does not see imports of types.
 */
export function checkImportCircles(files: readonly HouseFile[]): Violation[] {
  const imports = readImports(files);
  return circlesIn(imports).map((circle) => ({
    path: circle[0]!,
    line: 0,
    message: `imports itself: ${[...circle, circle[0]].join(" -> ")}; move what both need to a file of its own`,
  }));
}

function readImports(files: readonly HouseFile[]): Imports {
  const paths = new Set(files.map(({ path }) => path));
  return new Map(
    files.map(({ path, syntax }) => {
      const targets = (syntax?.specifiers ?? [])
        .filter(({ value }) => value.startsWith("."))
        .map(({ value }) => posix.normalize(posix.join(posix.dirname(path), value)))
        .filter((target) => paths.has(target));
      return [path, [...new Set(targets)]];
    }),
  );
}

/** The shortest circle through each file that no earlier circle has passed, so that one circle is reported once. */
function circlesIn(imports: Imports): string[][] {
  const reported = new Set<string>();
  const circles: string[][] = [];
  for (const path of imports.keys()) {
    const circle = reported.has(path) ? undefined : shortestCircle(path, imports);
    if (circle === undefined) continue;
    circles.push(circle);
    for (const member of circle) reported.add(member);
  }
  return circles;
}

/** Breadth first from `start` back to `start`. */
function shortestCircle(start: string, imports: Imports): string[] | undefined {
  const importer = new Map<string, string>();
  const queue = [start];
  for (const path of queue) {
    for (const target of imports.get(path) ?? []) {
      if (target === start) return pathTo(path, start, importer);
      if (importer.has(target)) continue;
      importer.set(target, path);
      queue.push(target);
    }
  }
  return undefined;
}

function pathTo(end: string, start: string, importer: ReadonlyMap<string, string>): string[] {
  const path = [end];
  while (path[0] !== start) path.unshift(importer.get(path[0]!)!);
  return path;
}
