import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * The packages that other people's programs import. Inside the repository everybody runs their TypeScript as it is;
 * what is published is built into folders of the same shape, because Node 20 and bundlers of other people strip no
 * types.
 */
export const published = ["protocol", "client", "keeper-stores", "emulator"] as const;

const root = join(import.meta.dirname, "../..");

type Manifest = {
  name: string;
  exports: Record<string, string>;
  private?: boolean | undefined;
  engines?: object;
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
  for (const name of published) dress(name, join(outdir, name));
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
  include: published.map((name) => join(root, "packages", name, "src")),
  exclude: [join(root, "packages/*/src/**/*.test.ts"), join(root, "packages/*/src/**/*-contract.ts")],
});

function dress(name: string, folder: string): void {
  const source = join(root, "packages", name);
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as Manifest;
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
  cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  if (existsSync(join(source, "README.md"))) cpSync(join(source, "README.md"), join(folder, "README.md"));
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
    private: undefined,
    engines: { node: ">=20" },
    files: ["src"],
    exports: Object.fromEntries(built),
  };
}
