import { describe, expect, test } from "vitest";
import { bundleForBrowsers, gzipBytesOf } from "../../scripts/bundle/browser.ts";

const limitBytes = 6700;

describe("the size of what a page or worker loads, minified and gzipped", async () => {
  const bundles = await bundleForBrowsers(["core", "keeper"]);
  const core = gzipBytesOf(await bundleForBrowsers(["core"]));

  test("the core operations (exchange, refresh, introspect, revoke) are at most 6.7 kB", () =>
    expect(core).toBeLessThanOrEqual(limitBytes));
  test("the whole keeper adds at most 15.5 kB", () => expect(gzipBytesOf(bundles) - core).toBeLessThanOrEqual(15_500));
  test("imports only its own files, and needs no Node", () => {
    const names = new Set(bundles.map(({ name }) => name));
    expect(bundles.flatMap(({ imports }) => imports).filter((name) => !names.has(name))).toEqual([]);
    for (const { text } of bundles) expect(text).not.toMatch(/["'`]node:|\brequire\(|\bBuffer\b/);
  });
  test("core and keeper share one class Sealed, so that each accepts the other's secrets", () =>
    expect(bundles.filter(({ text }) => text.includes('toJSON(){return"[sealed]"}')).length).toBe(1));
});
