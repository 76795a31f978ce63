import { describe, expect, test } from "vitest";
import { bundleForBrowsers, gzipBytesOf } from "../../scripts/bundle/browser.ts";

const limitBytes = 6000;

describe("what a page or a worker loads, minified and gzipped", async () => {
  const bundles = await bundleForBrowsers(["core", "keeper"]);
  const core = gzipBytesOf(await bundleForBrowsers(["core"]));

  test("the core verbs (exchange, refresh, introspect, revoke): 6 kB at most", () =>
    expect(core).toBeLessThanOrEqual(limitBytes));
  test("the keeper, whole: 14.8 kB more at most", () =>
    expect(gzipBytesOf(bundles) - core).toBeLessThanOrEqual(14_800));
  test("nothing but files of ours is imported, and nothing needs Node", () => {
    const names = new Set(bundles.map(({ name }) => name));
    expect(bundles.flatMap(({ imports }) => imports).filter((name) => !names.has(name))).toEqual([]);
    for (const { text } of bundles) expect(text).not.toMatch(/["'`]node:|\brequire\(|\bBuffer\b/);
  });
  test("who loads both has one class Sealed, so that one knows the other's secrets", () =>
    expect(bundles.filter(({ text }) => text.includes('toJSON(){return"[sealed]"}')).length).toBe(1));
});
