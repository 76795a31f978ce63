import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compilePackages } from "./compile.ts";
import { publishedManifest } from "./manifest.ts";
import { published, readManifest, root, type Published } from "./published.ts";
import { stageSources } from "./stage.ts";

/**
 * Builds every package that is published into `outdir/NAME`, ready for `npm pack`.
 *
 * @see docs/decisions/0042-what-is-published-is-built.md
 */
export async function buildPackages(outdir: string): Promise<void> {
  rmSync(outdir, { recursive: true, force: true });
  for (const one of published) {
    const folder = join(outdir, one.name);
    mkdirSync(folder, { recursive: true });
    writeJson(join(folder, "package.json"), publishedManifest(one));
    stageSources(one, join(folder, "src"));
  }
  await compilePackages(outdir);
  for (const one of published) finish(one, join(outdir, one.name));
}

/** Everything that is not compiled: what the formats are, the license, the README, assets and programs. */
function finish({ folder }: Published, target: string): void {
  // Without this file Node and TypeScript would take cjs/ for ES modules, as the package.json above it says.
  writeJson(join(target, "cjs/package.json"), { type: "commonjs", sideEffects: readManifest(folder).sideEffects });
  cpSync(join(root, "LICENSE"), join(target, "LICENSE"));
  const readme = join(root, folder, "README.md");
  if (existsSync(readme)) cpSync(readme, join(target, "README.md"));
  for (const name of readdirSync(join(target, "src"), { recursive: true, encoding: "utf8" })) {
    const [source, copy] = [join(target, "src", name), join(target, "esm", name)];
    if (name.endsWith(".mjs")) writeFileSync(copy, readFileSync(source, "utf8").replace('"./main.ts"', '"./main.js"'));
    if (name.endsWith("assets")) cpSync(source, copy, { recursive: true });
  }
}

const writeJson = (path: string, value: unknown): void => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
