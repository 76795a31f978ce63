import { execFile } from "node:child_process";
import { readdirSync, readFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { published, readManifest, root, type Published } from "./published.ts";

type Format = "esm" | "cjs";

/**
 * Compiles `outdir/NAME/src` of every package to `outdir/NAME/esm` and `outdir/NAME/cjs`: one JavaScript file (ES2022),
 * one declaration and their source maps for each source file.
 */
export async function compilePackages(outdir: string): Promise<void> {
  const dependencies = join(outdir, "node_modules");
  symlinkSync(join(root, "node_modules"), dependencies);
  await Promise.all([compileTo("esm", outdir), compileTo("cjs", outdir)]);
  rmSync(dependencies);
}

async function compileTo(format: Format, outdir: string): Promise<void> {
  const stage = join(outdir, `.${format}`);
  const config = join(outdir, `tsconfig.${format}.json`);
  writeFileSync(config, JSON.stringify(compilation(outdir, stage, format)));
  await compile(config);
  for (const { name } of published) moveOutput(join(stage, name, "src"), join(outdir, name, format), outdir);
  rmSync(stage, { recursive: true });
  rmSync(config);
}

async function compile(config: string): Promise<void> {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  await promisify(execFile)(process.execPath, [tsc, "-p", config], { cwd: root }).catch(
    ({ stdout, message }: { stdout?: string; message: string }) => {
      throw new Error(`The packages do not compile: ${stdout || message}`);
    },
  );
}

const compilation = (outdir: string, stage: string, format: Format) => ({
  extends: join(root, "tsconfig.json"),
  compilerOptions: {
    noEmit: false,
    declaration: true,
    declarationMap: true,
    sourceMap: true,
    target: "es2022",
    rewriteRelativeImportExtensions: true,
    typeRoots: [join(root, "node_modules/@types")],
    rootDir: outdir,
    outDir: stage,
    paths: Object.fromEntries(published.flatMap((one) => pathsOf(one, outdir))),
    ...(format === "cjs" ? { module: "commonjs", moduleResolution: "bundler", verbatimModuleSyntax: false } : {}),
  },
  files: published.flatMap((one) => entriesOf(one, format).map((file) => join(outdir, one.name, file))),
  include: [],
});

/** The source files that are entries in a format, relative to the package. */
function entriesOf({ folder, esmOnly = [] }: Published, format: Format): string[] {
  const { exports, bin = {} } = readManifest(folder);
  if (format === "cjs")
    return Object.entries(exports)
      .filter(([entry]) => !esmOnly.includes(entry))
      .map(([, file]) => file);
  // A program is plain JavaScript that imports the TypeScript beside it.
  return [...Object.values(exports), ...Object.values(bin).map((file) => file.replace(/\.mjs$/, ".ts"))];
}

/** `@symbolon/client/keeper` is the source file in `outdir`, not the one in the repository. */
const pathsOf = ({ name, folder }: Published, outdir: string): [string, string[]][] =>
  Object.entries(readManifest(folder).exports).map(([entry, file]) => [
    readManifest(folder).name + entry.slice(1),
    [join(outdir, name, file)],
  ]);

/** Moves what the compiler wrote, and points its source maps at the sources from the new place. */
function moveOutput(from: string, to: string, outdir: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from, { recursive: true, encoding: "utf8" }).filter((file) => /\.\w+$/.test(file))) {
    const target = join(to, name);
    mkdirSync(dirname(target), { recursive: true });
    if (name.endsWith(".map")) writeFileSync(target, moveSourceMap(join(from, name), target, outdir));
    else if (name.endsWith(".d.ts")) writeFileSync(target, nameJavaScript(readFileSync(join(from, name), "utf8")));
    else renameSync(join(from, name), target);
  }
}

/** The compiler leaves `./x.ts` in declarations; not every reader of declarations looks for `x.d.ts` there. */
const nameJavaScript = (declaration: string): string =>
  declaration.replace(/(from |import\()"(\.[^"]*)\.ts"/g, '$1"$2.js"');

function moveSourceMap(from: string, to: string, outdir: string): string {
  const map = JSON.parse(readFileSync(from, "utf8")) as { sources: string[] };
  const sources = map.sources.map((source) => relative(dirname(to), join(dirname(from), source)).replaceAll(sep, "/"));
  if (sources.some((source) => !join(dirname(to), source).startsWith(outdir + sep)))
    throw new Error(`${from} names a source outside the package: ${map.sources.join(", ")}`);
  return JSON.stringify({ ...map, sources });
}
