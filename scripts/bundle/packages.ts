import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { promisify } from "node:util";

/**
 * The packages that other people's programs import. Inside the repository everybody runs their TypeScript as it is;
 * what is published is built into folders of the same shape, because Node 20 and bundlers of other people strip no
 * types.
 */
export const published = ["protocol", "client", "keeper-stores", "emulator"] as const;

/** Small packages that are not published; each package that imports one gets its own copy below `src/inlined`. */
const inlined: Readonly<Record<string, string>> = {
  "@symbolon/html": "html/src/html.js",
  "@symbolon/durable-files": "durable-files/src/index.js",
};
const inlinedFolders = Object.values(inlined).map((file) => file.slice(0, file.indexOf("/")));

const root = join(import.meta.dirname, "../..");

type Manifest = {
  name: string;
  exports: Record<string, string>;
  private?: boolean | undefined;
  engines?: object;
  dependencies?: Record<string, string>;
  files?: string[];
  [field: string]: unknown;
};

/**
 * Builds each into `outdir/NAME`: JavaScript (ES2022) and declarations of every file, and a package.json that names
 * them.
 */
export async function buildPackages(outdir: string): Promise<void> {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const config = join(outdir, "tsconfig.json");
  writeFileSync(config, JSON.stringify(compilation(outdir)));
  await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", config], {
    cwd: root,
  }).catch(({ stdout, message }: { stdout?: string; message: string }) => {
    throw new Error(`The packages do not compile: ${stdout || message}`);
  });
  rmSync(config);
  for (const name of published) {
    dress(name, join(outdir, name));
    inlinePackages(join(outdir, name), outdir);
  }
  for (const file of Object.values(inlined))
    rmSync(join(outdir, file.split("/")[0]!), { recursive: true, force: true });
}

const compilation = (outdir: string) => ({
  extends: join(root, "tsconfig.json"),
  compilerOptions: {
    noEmit: false,
    declaration: true,
    target: "es2022",
    rewriteRelativeImportExtensions: true,
    typeRoots: [join(root, "node_modules/@types")],
    rootDir: join(root, "packages"),
    outDir: outdir,
  },
  include: [...published, ...inlinedFolders].map((name) => join(root, "packages", name, "src")),
  exclude: [join(root, "packages/*/src/**/*.test.ts"), join(root, "packages/*/src/**/*-contract.ts")],
});

function dress(name: string, folder: string): void {
  const source = join(root, "packages", name);
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as Manifest;
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
  cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  if (existsSync(join(source, "README.md"))) cpSync(join(source, "README.md"), join(folder, "README.md"));
}

/** Points imports of an inlined package at a copy of it. */
function inlinePackages(folder: string, outdir: string): void {
  const files = readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" });
  for (const path of files.filter((name) => /\.(?:js|d\.ts)$/.test(name)).map((name) => join(folder, "src", name))) {
    for (const [specifier, file] of Object.entries(inlined)) {
      const text = readFileSync(path, "utf8");
      if (!text.includes(`"${specifier}"`)) continue;
      const copy = join(folder, "src/inlined", basename(dirname(dirname(file))), basename(file));
      cpSync(join(outdir, dirname(file)), dirname(copy), { recursive: true });
      writeFileSync(path, text.replaceAll(`"${specifier}"`, `"./${relative(dirname(path), copy)}"`));
    }
  }
}

/** The manifest of the repository, with what was built in place of the sources. */
export function publishedManifest({ exports, ...manifest }: Manifest): Manifest {
  const built = Object.entries(exports)
    .filter(([, source]) => !source.endsWith("-contract.ts"))
    .map(([entry, source]) => [
      entry,
      { types: source.replace(/\.ts$/, ".d.ts"), default: source.replace(/\.ts$/, ".js") },
    ]);
  return {
    ...manifest,
    ...(manifest.dependencies === undefined ? {} : { dependencies: withoutInlined(manifest.dependencies) }),
    private: undefined,
    engines: { node: ">=20" },
    files: ["src"],
    exports: Object.fromEntries(built),
  };
}

const withoutInlined = (dependencies: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(dependencies).filter(([name]) => !(name in inlined)));
