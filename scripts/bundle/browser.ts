import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** `imports`: what the file loads besides itself. */
export type Bundle = { name: string; bytes: number; gzipBytes: number; imports: readonly string[]; text: string };

const entries = join(import.meta.dirname, "entries");

/**
 * Builds what pages and workers load: one ES module for each entry, minified, with what two of them need in a file of
 * its own, so that a page that loads both has every class once. For platforms without Node: a `node:` import fails the
 * build.
 */
export async function bundleForBrowsers(names: readonly string[]): Promise<Bundle[]> {
  const { outputFiles, metafile } = await build({
    entryPoints: names.map((name) => join(entries, `${name}.ts`)),
    outdir: "nowhere",
    chunkNames: "shared-[hash]",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, { imports }]) => [
      nameOf(path),
      imports.map((one) => nameOf(one.path)),
    ]),
  );
  return outputFiles.map(({ path, contents, text }) => {
    const name = nameOf(path);
    return {
      name,
      bytes: contents.length,
      gzipBytes: gzipSync(contents, { level: 9 }).length,
      imports: outputs.get(name)!,
      text,
    };
  });
}

const nameOf = (path: string): string => path.split(/[\\/]/).at(-1)!;

/** What a page fetches, gzipped. */
export const gzipBytesOf = (bundles: readonly Bundle[]): number =>
  bundles.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
