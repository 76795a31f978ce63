import { build, type Metafile } from "esbuild";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

/** What a bundler makes of an import: minified, tree-shaken, for browsers and workers. */
async function bundle(code: string): Promise<{ gzipBytes: number; imports: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true, minify: true, format: "esm", target: "es2022", platform: "browser", write: false, metafile: true,
  });
  return { gzipBytes: gzipSync(outputFiles[0]!.contents, { level: 9 }).length, imports: foreignIn(metafile) };
}

/** Whatever in it is neither ours nor part of the web platform. */
const foreignIn = ({ inputs, outputs }: Metafile): string[] => [
  ...Object.keys(inputs).filter((path) => path.includes("node_modules/") && !path.includes("@symbolon")),
  ...Object.values(outputs).flatMap((output) => output.imports.map(({ path }) => path)),
];

const verbs = (names: string) => `export { ${names} } from "@symbolon/client";`;

describe("the client in other people's bundles", () => {
  test("the verbs exchange, refresh, introspect and revoke take at most 6 kB", async () => {
    const { gzipBytes, imports } = await bundle(verbs("exchangeCode, refresh, introspect, revoke, generic"));
    expect(imports).toEqual([]);
    expect(gzipBytes).toBeLessThanOrEqual(6000);
    expect(gzipBytes).toBeGreaterThan(3000);
  });
  test("sign-in with PKCE and its sealed transaction take at most 3 kB more", async () =>
    expect((await bundle(verbs("beginAuthorization, finishAuthorization, exchangeCode, refresh, introspect, revoke, generic"))).gzipBytes).toBeLessThanOrEqual(9000));
  test("everything there is takes at most 16 kB", async () => {
    const { gzipBytes, imports } = await bundle('export * from "@symbolon/client";');
    expect(imports).toEqual([]);
    expect(gzipBytes).toBeLessThanOrEqual(16_000);
  });
  test("one verb does not bring the others, nor any profile but its own", async () => {
    const one = await bundle(verbs("refresh, symbolon"));
    const all = await bundle('export * from "@symbolon/client";');
    expect(one.gzipBytes).toBeLessThan(all.gzipBytes / 2);
  });
});
