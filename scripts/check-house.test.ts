import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { checkHouse } from "./check-house.ts";
import { longFiles } from "./house/lengths.ts";
import { readTree, type HouseFile } from "./house/tree.ts";

/** Writes the files into a folder of their own and reads them as the checker does. */
function treeOf(files: Record<string, string>): HouseFile[] {
  const root = mkdtempSync(join(tmpdir(), "symbolon-house-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return readTree(root);
}

const problems = (files: Record<string, string>): string[] =>
  checkHouse(treeOf(files)).map(({ path, line, message }) => `${path}:${line} ${message}`);

const rejects = (path: string, text: string, line: number, words: string): void => {
  const found = problems({ [path]: text });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(new RegExp(`^${path.replaceAll(".", "\\.")}:${line} .*${words}`));
};

const accepts = (path: string, text: string): void => expect(problems({ [path]: text })).toEqual([]);

describe("imports between packages", () => {
  test.each([
    ["packages/protocol/src/a.ts", `import { b } from "@symbolon/server";`, "dependencies point inward"],
    ["packages/protocol/src/a.ts", `import { hash } from "node:crypto";`, "nothing but itself"],
    ["packages/protocol/src/a.ts", `import { z } from "zod";`, "nothing but itself"],
    ["packages/protocol/src/a.test.ts", `import { clock } from "@symbolon/testing";`, "dependencies point inward"],
    ["packages/server/src/a.ts", `import type { S } from "@symbolon/store-sqlite";`, "dependencies point inward"],
    ["packages/server/src/a.ts", `export * from "@symbolon/testing";`, "dependencies point inward"],
    ["packages/server/src/token/a.ts", `import fastify from "fastify";`, "outside packages/server/src/http"],
    ["packages/server/src/http/a.ts", `const { DatabaseSync } = await import("node:sqlite");`, "node:sqlite"],
    ["packages/server/src/token/a.ts", `import { readFile } from "node:fs/promises";`, "pass it in"],
    ["packages/client/src/a.ts", `import { z } from "zod";`, "no dependencies"],
    ["packages/client/src/a-edge.ts", `import { readFile } from "node:fs";`, "away from loopback"],
    ["packages/client/src/loopback/a.ts", `import { readFile } from "node:fs";`, "away from loopback"],
    ["packages/client/src/a.ts", `import { p } from "@symbolon/emulator";`, "dependencies point inward"],
    ["packages/store-sqlite/src/a.ts", `import { p } from "@symbolon/portal";`, "dependencies point inward"],
    ["packages/testing/src/a.ts", `import { p } from "@symbolon/store-sqlite";`, "dependencies point inward"],
    ["apps/portal/src/a.ts", `import { p } from "@symbolon/store-sqlite";`, "dependencies point inward"],
    ["packages/server/src/a.ts", `import { p } from "../../protocol/src/index.ts";`, "by a relative path"],
    ["examples/a.ts", `import { p } from "../packages/protocol/src/index.ts";`, "by a relative path"],
  ])("rejects %s with %s", (path, text, words) => rejects(path, `// first\n${text}\n`, 2, words));

  test.each([
    ["packages/server/src/a.ts", `import { p } from "@symbolon/protocol";`],
    ["packages/server/src/a.test.ts", `import { p } from "@symbolon/testing";`],
    ["packages/server/src/a.test.ts", `import { p } from "@symbolon/store-sqlite";`],
    ["packages/server/src/http/a.ts", `import fastify from "fastify"; import { hash } from "node:crypto";`],
    ["packages/server/src/system-clock.ts", `import { performance } from "node:perf_hooks";`],
    [
      "packages/store-sqlite/src/a.ts",
      `import { DatabaseSync } from "node:sqlite"; import { p } from "@symbolon/server";`,
    ],
    ["packages/protocol/src/a.test.ts", `import { hash } from "node:crypto"; import { p } from "./a.ts";`],
    ["packages/client/src/loopback/a-edge.ts", `import { createServer } from "node:http";`],
    ["packages/client/src/a.test.ts", `import { createServer } from "node:http"; import { test } from "vitest";`],
    ["packages/client/src/keeper/a-contract.ts", `import { test } from "vitest";`],
    ["apps/symbolon/src/a.ts", `import { p } from "@symbolon/portal";`],
    ["packages/protocol/src/a.ts", `const text = "an arrow from"; // import x from "fastify"`],
  ])("accepts %s with %s", (path, text) => accepts(path, text));
});

describe("the platform is passed in", () => {
  test.each([
    "Date.now()",
    "new Date()",
    "Math.random()",
    "performance.now()",
    "randomBytes(1)",
    "randomUUID()",
    "randomFillSync(x)",
    "crypto.getRandomValues(x)",
    "fetch(url)",
    "setTimeout(f, 1)",
    "setInterval(f, 1)",
    "`${Date.now()}`",
    "globalThis.Date.now()",
    'Date["now"]()',
    "globalThis.fetch(url)",
    "new globalThis.Date()",
  ])("rejects %s", (call) => rejects("packages/server/src/a.ts", `\nconst x = ${call};`, 2, "take it as an argument"));

  test("rejects a destructured one", () =>
    rejects("packages/server/src/a.ts", "const { now } = Date;", 1, "take it as an argument"));

  test("accepts it in a file whose name says so", () => accepts("packages/server/src/system-clock.ts", "Date.now();"));
  test("accepts it in a test", () => accepts("packages/server/src/a.test.ts", "Date.now();"));
  test("accepts it in an application", () => accepts("apps/symbolon/src/a.ts", "Date.now();"));
  test("ignores comments and strings", () =>
    accepts("packages/server/src/a.ts", `/* Date.now() */ const a = "fetch(x)"; // new Date()`));
  test("accepts a given time and an injected fetch", () =>
    accepts("packages/server/src/a.ts", "new Date(5); deps.fetch(url); prefetch(url);"));
});

describe("unfinished work and silenced tests", () => {
  test.each(["TO", "FIX", "XX", "HA"].map((half, at) => half + ["DO", "ME", "X", "CK"][at]!))("rejects %s", (mark) => {
    rejects("packages/server/src/a.ts", `\n\n// ${mark}: later\n`, 3, "unfinished");
    rejects("docs/a.md", `${mark} later\n`, 1, "unfinished");
  });

  test.each(["test.skip", "it.only", "describe.todo", "test.concurrent.skip", "describe.skipIf(x)"])(
    "rejects %s",
    (call) => rejects("packages/server/src/a.test.ts", `${call}("a", f);`, 1, "silences tests"),
  );
});

describe("names and lengths", () => {
  test.each([
    "packages/server/src/utils/a.ts",
    "scripts/helpers.ts",
    "packages/server/src/common/a.ts",
    "apps/portal/src/session-manager.ts",
    "docs/misc.md",
  ])("rejects the name %s", (path) => rejects(path, "export {};\n", 0, "does not say"));

  test("rejects a source of 301 lines", () =>
    rejects("packages/server/src/a.ts", "export {};\n".repeat(301), 301, "has 301 lines"));
  test("accepts 300 lines and lists the file as long", () => {
    const tree = treeOf({ "scripts/a.ts": "export {};\n".repeat(300), "scripts/b.ts": "export {};\n".repeat(250) });
    expect(checkHouse(tree)).toEqual([]);
    expect(longFiles(tree).map(({ path }) => path)).toEqual(["scripts/a.ts"]);
  });
  test("rejects a test of 301 lines", () =>
    rejects("packages/server/src/a.test.ts", "export {};\n".repeat(301), 301, "has 301 lines"));
  test("accepts a page of 301 lines", () => accepts("docs/a.md", "text\n".repeat(301)));
  test("rejects a comment of 121 columns and accepts one of 120", () => {
    rejects("examples/a.ts", `\n// ${"x".repeat(118)}\n`, 2, "comment of 121 columns");
    accepts("examples/a.ts", `// ${"x".repeat(117)}\n`);
  });
  test("rejects a line of code that is longer than 140 columns without one long literal", () => {
    const call = `f(${Array.from({ length: 30 }, () => `"one"`).join(", ")});`;
    rejects("examples/a.ts", `\n${call}\n`, 2, "name the parts");
    accepts("examples/a.ts", `f("${"x".repeat(140)}");\n`);
  });
});

describe("no trace of a machine", () => {
  const registry = ["https://registry", "packages.example"].join(".");
  test("accepts a lock file without addresses and rejects one with them", () => {
    accepts("package-lock.json", `{\n"version": "1.0.0"\n}`);
    rejects("package-lock.json", `{\n"resolved": "https://packages.example/a.tgz"\n}`, 2, "registry address");
  });
  test("rejects the name of a registry", () => {
    rejects("docs/a.md", `See ${registry}/x\n`, 1, "registry");
    rejects(".npmrc", "save-exact=true\nregistry=https://packages.example/\n", 2, "registry");
  });
  test.each([
    ["/ho", "me/ann/x"],
    ["/wo", "rk/main"],
    ["/Us", "ers/ann"],
    ["/ro", "ot/x"],
  ])("rejects a path such as %s%s", (one, other) =>
    rejects("docs/a.md", `Open \`${one}${other}\`\n`, 1, "path of one machine"),
  );
  test("accepts the path of a URL", () => accepts("docs/a.md", "https://host.example/home/main and ./work/home/x\n"));
});

describe("no any", () => {
  test.each([
    "let x: any;",
    "f(x as any);",
    "type A = Array<any>;",
    "let x: any[];",
    "type A = B | any;",
    "type F = () => any;",
    "type A = Record<string, any>;",
  ])("rejects %s", (text) => rejects("scripts/a.ts", `\n${text}\n`, 2, "type any"));
  test("accepts the word in other places", () =>
    accepts("scripts/a.ts", `Promise.any(x); const a = { any: 1 }; // any: any\nexpect.any(String);`));
});

describe("ST-03: SQL that is built out of values", () => {
  test.each([
    "db.prepare(`SELECT * FROM grant WHERE id = ${id}`)",
    "db.exec(`pragma user_version = ${n}`)",
    `db.prepare("DELETE FROM t WHERE id = " + id)`,
    "const where = `${column} WHERE x`",
  ])("rejects %s", (text) => rejects("packages/store-sqlite/src/a.ts", `\n${text};\n`, 2, "bind parameters"));

  test("accepts SQL in one literal, and sentences", () =>
    accepts(
      "packages/store-sqlite/src/a.ts",
      "db.prepare(`SELECT 1`); db.prepare('SELECT ' + '1'); throw new Error(`cannot update ${x}`);",
    ));
});
