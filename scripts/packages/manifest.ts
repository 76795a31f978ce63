import { inlined, readManifest, type Published } from "./published.ts";

/** What Node, TypeScript and bundlers read of one entry. */
type Entry = Record<string, string | { types: string; default: string }>;

/**
 * The package.json that is published: the one of the repository, with what was built in place of the sources.
 *
 * `module-sync` comes first: Node 20.19, 22.12 and later take it for `import` and for `require`, so that a program that
 * does both has one copy of every class. Older ones and bundlers read `import` and `require`.
 */
export function publishedManifest(one: Published): Record<string, unknown> {
  const { exports, bin, dependencies: _, private: _private, ...manifest } = readManifest(one.folder);
  const entries = Object.entries(exports).map(([entry, source]) => [
    entry,
    entryOf(source.replace(/^\.\/src\//, "").replace(/\.ts$/, ""), one.esmOnly?.includes(entry) ?? false),
  ]);
  const main = exports["."] === undefined ? {} : { main: "./cjs/index.js", types: "./cjs/index.d.ts" };
  return {
    ...manifest,
    engines: { node: one.engines },
    ...main,
    ...(bin === undefined ? {} : { bin: mapValues(bin, (file) => file.replace(/^\.\/src\//, "./esm/")) }),
    exports: { ...Object.fromEntries(entries), "./package.json": "./package.json" },
    files: ["esm", "cjs", "src"],
    dependencies: dependenciesOf(one.folder),
    ...peersOf(one),
  };
}

/** What npm has to install beside it: in place of a package that is inlined, what that one depends on. */
function dependenciesOf(folder: string): Record<string, string> {
  const found = Object.entries(readManifest(folder).dependencies ?? {}).flatMap(([name, version]) =>
    inlined[name] === undefined ? [[name, version]] : Object.entries(dependenciesOf(inlined[name])),
  );
  return Object.fromEntries(found.sort(([one], [other]) => (one! < other! ? -1 : 1)));
}

const peersOf = ({ optionalPeers }: Published): Record<string, unknown> =>
  optionalPeers === undefined
    ? {}
    : { peerDependencies: optionalPeers, peerDependenciesMeta: mapValues(optionalPeers, () => ({ optional: true })) };

function entryOf(path: string, isEsmOnly: boolean): Entry {
  const esm = { types: `./esm/${path}.d.ts`, default: `./esm/${path}.js` };
  if (isEsmOnly) return esm;
  return {
    "module-sync": `./esm/${path}.js`,
    import: esm,
    require: { types: `./cjs/${path}.d.ts`, default: `./cjs/${path}.js` },
  };
}

const mapValues = <T>(record: Readonly<Record<string, string>>, change: (value: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
