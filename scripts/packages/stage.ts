import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { parseSync } from "oxc-parser";
import { inlined, readManifest, root, type Published } from "./published.ts";

/**
 * Copies the sources of one package into `target`: every file that its entries reach, and below `inlined/` what they
 * reach of packages that are not published. Imports of the latter become relative; nothing else changes.
 */
export function stageSources({ folder }: Published, target: string): void {
  const { exports, bin = {} } = readManifest(folder);
  const entries = [...Object.values(exports), ...Object.values(bin)].map((file) => join(root, folder, file));
  const seen = new Set<string>();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const place = (path: string): string => placeOf(path, folder, target);
    const { text, imports } = rewriteImports(file, place);
    waiting.push(...imports);
    mkdirSync(dirname(place(file)), { recursive: true });
    writeFileSync(place(file), text);
    copyAssets(file, text, place);
  }
}

/** Where a source file of the repository lies in the package. */
function placeOf(path: string, folder: string, target: string): string {
  const own = join(root, folder, "src") + sep;
  if (path.startsWith(own)) return join(target, path.slice(own.length));
  for (const [name, home] of Object.entries(inlined)) {
    const source = join(root, home, "src") + sep;
    if (path.startsWith(source)) return join(target, "inlined", name.split("/")[1]!, path.slice(source.length));
  }
  throw new Error(`${path} is reached from ${folder}, and is neither its own nor of a package that is inlined`);
}

/** The text of a file with its imports as they read in the package, and the files that it imports. */
function rewriteImports(path: string, place: (path: string) => string): { text: string; imports: string[] } {
  let text = readFileSync(path, "utf8");
  const imports: string[] = [];
  for (const { start, end, specifier } of specifiersOf(path, text)) {
    const file = fileOf(specifier, path);
    if (file === undefined) continue;
    imports.push(file);
    const rewritten = relative(dirname(place(path)), place(file)).replaceAll(sep, "/");
    text = `${text.slice(0, start)}"${rewritten.startsWith(".") ? rewritten : `./${rewritten}`}"${text.slice(end)}`;
  }
  return { text, imports };
}

/** Every import and re-export with a literal specifier, last first, so that positions hold while the text changes. */
function specifiersOf(path: string, text: string): { start: number; end: number; specifier: string }[] {
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  const requests = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest ?? [])),
    ...module.dynamicImports.map(({ moduleRequest }) => moduleRequest),
  ];
  const spans = new Map(requests.map(({ start, end }) => [start, { start, end, literal: text.slice(start, end) }]));
  return [...spans.values()]
    .filter(({ literal }) => /^"[^"]*"$/.test(literal))
    .map(({ start, end, literal }) => ({ start, end, specifier: literal.slice(1, -1) }))
    .sort((one, other) => other.start - one.start);
}

/** The source file that a specifier leads to; undefined if it leads out of what is copied. */
function fileOf(specifier: string, from: string): string | undefined {
  if (specifier.startsWith(".")) return join(dirname(from), specifier);
  const [scope, name, ...entry] = specifier.split("/");
  const home = inlined[`${scope}/${name}`];
  if (home === undefined) return undefined;
  const file = readManifest(home).exports[entry.length === 0 ? "." : `./${entry.join("/")}`];
  if (file === undefined) throw new Error(`${from} imports ${specifier}, which ${home} does not export`);
  return join(root, home, file);
}

/** A file that reads an `assets` folder, beside it or above, takes that folder with it. */
function copyAssets(file: string, text: string, place: (path: string) => string): void {
  const assets = /["'`]((?:\.{1,2}\/)+assets)\//.exec(text)?.[1];
  if (assets !== undefined && text.includes("import.meta"))
    cpSync(join(dirname(file), assets), join(dirname(place(file)), assets), { recursive: true });
}
