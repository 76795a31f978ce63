import { readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

/** A package.json of the repository: its exports name TypeScript. */
export type Manifest = {
  name: string;
  version: string;
  description: string;
  exports: Record<string, string>;
  bin?: Record<string, string>;
  dependencies?: Record<string, string>;
  sideEffects?: boolean | string[];
  [field: string]: unknown;
};

/**
 * One package on npm. `esmOnly` entries have no CommonJS build, because what they import has none. `optionalPeers` are
 * not in the package.json of the repository, where npm would install them for production.
 */
export type Published = {
  name: string;
  /** The folder below the repository that it is built from. */
  folder: string;
  engines: string;
  esmOnly?: readonly string[];
  optionalPeers?: Readonly<Record<string, string>>;
};

/** In the order in which they depend on each other. */
export const published: readonly Published[] = [
  { name: "protocol", folder: "packages/protocol", engines: ">=20" },
  {
    name: "client",
    folder: "packages/client",
    engines: ">=20",
    esmOnly: ["./keeper/store-contract"],
    optionalPeers: { vitest: ">=3" },
  },
  { name: "keeper-stores", folder: "packages/keeper-stores", engines: ">=20" },
  { name: "emulator", folder: "packages/emulator", engines: ">=20" },
  { name: "conformance", folder: "packages/conformance", engines: ">=20" },
  { name: "symbolon", folder: "apps/symbolon", engines: "^24.18.1 || >=26.5.1", esmOnly: ["./server"] },
];

/** Packages that are not published: each package that imports one carries a copy of what it uses. */
export const inlined: Readonly<Record<string, string>> = {
  "@symbolon/server": "packages/server",
  "@symbolon/store-sqlite": "packages/store-sqlite",
  "@symbolon/portal": "apps/portal",
  "@symbolon/html": "packages/html",
  "@symbolon/durable-files": "packages/durable-files",
};

export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;

/** Where the repository has the source of a built `NAME/src/…`, also of one that was copied from another package. */
export function sourceOf(built: string): string {
  const [name = "", src = "", ...rest] = built.split("/");
  const home = rest[0] === "inlined" ? inlined[`@symbolon/${rest[1]}`] : undefined;
  if (home !== undefined) return [home, src, ...rest.slice(2)].join("/");
  return [published.find((one) => one.name === name)?.folder ?? `packages/${name}`, src, ...rest].join("/");
}
