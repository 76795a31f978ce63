import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parameterNames } from "./parameters.ts";

test("RFC 6749 §3.1: every parameter that the server reads is in the list of those that must not repeat", () => {
  const root = join(import.meta.dirname, "..");
  const files = globSync("**/*.ts", { cwd: root }).filter((file) => !file.endsWith(".test.ts"));
  const protocol = join(root, "../../protocol/src/client-authentication.ts");
  const read = [...files.map((file) => join(root, file)), protocol].flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/form\.(?:get|has)\("([a-z_]+)"\)/g)].map(([, name]) => name!),
  );
  expect(read.length).toBeGreaterThan(20);
  expect(read.filter((name) => !parameterNames.has(name))).toEqual([]);
});
