import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/packages/published.ts";

type Locked = { dev?: boolean; devOptional?: boolean; optional?: boolean; link?: boolean; resolved?: string };
const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
  packages: Record<string, Locked>;
};
const installed = Object.entries(packages).filter(
  ([path, { dev, link }]) => path.includes("node_modules/") && dev !== true && link !== true,
);

test("npm ci --omit=dev installs Node, 80 packages at most, and no test tool", () => {
  const names = installed.map(([path]) => path.split("node_modules/").at(-1)!);
  expect(names).toEqual(expect.arrayContaining(["node", "fastify", "zod", "pg"]));
  expect(names.length).toBeLessThanOrEqual(80);
  expect(names.filter((name) => /vitest|esbuild|playwright|chromium|typescript|oxc|vite$/.test(name))).toEqual([]);
});

test("npm ci --omit=dev --omit=optional installs no Node", () => {
  const node = installed.filter(([path]) => /node_modules\/node(?:-bin-setup)?$/.test(path));
  expect(node.map(([, { optional }]) => optional)).toEqual([true, true]);
});

test("no package may come from anywhere but the registry that npm is set to", () =>
  expect(Object.values(packages).filter(({ resolved }) => resolved?.startsWith("http"))).toEqual([]));
