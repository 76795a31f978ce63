import { posix } from "node:path";
import { isTest, packageOf, type HouseFile, type Violation } from "./tree.ts";

/**
 * Which packages of ours each package may import. Tests may also import `testing`, except those of `protocol`; the
 * server's also the stores that it must work on.
 */
const inward: Record<string, readonly string[]> = {
  "packages/protocol": [],
  "packages/html": [],
  "packages/durable-files": [],
  "packages/server": ["protocol"],
  "packages/client": ["protocol"],
  "packages/keeper-stores": ["protocol", "client", "durable-files"],
  "packages/conformance": ["html"],
  "packages/testing": ["protocol", "server"],
  "packages/emulator": ["protocol", "html"],
  "apps/portal": ["server", "html"],
};
const inwardOfStores = ["protocol", "server", "durable-files"];

/** Files of the server that may touch the platform; everything else gets it passed in. */
const serverEdges =
  /^packages\/server\/src\/(?:http\/|accounts\/argon2-hasher\.ts$|(?:.*\/)?[^/]*(?:edge|clock|random|timer)[^/]*\.ts$)/;

/** Files of the client that need Node; they are an entry of their own, and no bundle for pages has them. */
const clientEdges = /^packages\/client\/src\/loopback\/[^/]*edge\.ts$/;

/** Pure functions; platform.ts sees to it that randomness does not come from it. */
const pureModules = new Set(["node:crypto"]);

/** Dependencies point inward. @see docs/reference/style.md §12 */
export function checkArrows({ path, syntax }: HouseFile): Violation[] {
  return (syntax?.specifiers ?? []).flatMap(({ value, start }) => {
    const message = problemOfImport(path, value);
    return message === undefined ? [] : [{ path, line: syntax!.lineAt(start), message }];
  });
}

function problemOfImport(path: string, specifier: string): string | undefined {
  const from = packageOf(path);
  if (specifier.startsWith(".")) {
    const target = packageOf(posix.normalize(posix.join(posix.dirname(path), specifier)));
    const elsewhere = target !== from && /^(?:packages|apps)\//.test(target);
    return elsewhere ? `imports ${target} by a relative path; import the package by its name` : undefined;
  }
  if (specifier.startsWith("@symbolon/")) return problemOfPackage(path, from, specifier.slice(10));
  if (isOfTests(path)) return undefined;
  if (from === "packages/protocol" || from === "packages/html")
    return `${from} imports ${specifier}; it imports nothing but itself`;
  if (from === "packages/server") return problemInServer(path, specifier);
  if (from === "packages/client") return problemInClient(path, specifier);
  return undefined;
}

function problemOfPackage(path: string, from: string, target: string): string | undefined {
  const own = from.replace(/^(?:packages|apps)\//, "");
  const allowed = from.startsWith("packages/store-") ? inwardOfStores : inward[from];
  const name = target.split("/")[0]!;
  if (allowed === undefined || allowed.includes(name) || name === own) return undefined;
  if (isOfTests(path) && name === "testing" && from !== "packages/protocol") return undefined;
  if (isTest(path) && name.startsWith("store-") && from === "packages/server") return undefined;
  return `${own} imports @symbolon/${target}; dependencies point inward: protocol, then server, then stores, then apps`;
}

/** A test, or what the tests of a package share. */
const isOfTests = (path: string): boolean => isTest(path) || /^packages\/[^/]+\/test\//.test(path);

function problemInServer(path: string, specifier: string): string | undefined {
  if (specifier === "node:sqlite") return "the server imports node:sqlite; only a store knows its database";
  if (specifier === "fastify" || specifier.startsWith("@fastify/"))
    return path.startsWith("packages/server/src/http/")
      ? undefined
      : "fastify is imported outside packages/server/src/http; operations do not know it";
  if (specifier.startsWith("node:") && !pureModules.has(specifier) && !serverEdges.test(path))
    return `the server imports ${specifier} away from its edges (http/, *edge*, *clock*, *random*, *timer*); pass it in`;
  return undefined;
}

/**
 * The client is bundled for browsers and workers, so it uses the web platform only, except for the loopback listener.
 */
function problemInClient(path: string, specifier: string): string | undefined {
  if (!path.startsWith("packages/client/src/") || path.endsWith("-contract.ts")) return undefined;
  if (!specifier.startsWith("node:")) return `the client imports ${specifier}; it has no dependencies`;
  return clientEdges.test(path)
    ? undefined
    : `the client imports ${specifier} away from loopback/*edge.ts; pages and workers have no Node`;
}
