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

const breaches = (files: Record<string, string>): string[] =>
  checkHouse(treeOf(files)).map(({ path, line, says }) => `${path}:${line} ${says}`);

const biteOn = (path: string, text: string, line: number, words: string): void => {
  const found = breaches({ [path]: text });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(new RegExp(`^${path.replaceAll(".", "\\.")}:${line} .*${words}`));
};

const passes = (path: string, text: string): void => expect(breaches({ [path]: text })).toEqual([]);

describe("arrows point inward", () => {
  test.each([
    ["packages/protocol/src/a.ts", `import { b } from "@symbolon/server";`, "arrows"],
    ["packages/protocol/src/a.ts", `import { hash } from "node:crypto";`, "nothing but itself"],
    ["packages/protocol/src/a.ts", `import { z } from "zod";`, "nothing but itself"],
    ["packages/protocol/src/a.test.ts", `import { clock } from "@symbolon/testing";`, "arrows"],
    ["packages/server/src/a.ts", `import type { S } from "@symbolon/store-sqlite";`, "arrows"],
    ["packages/server/src/a.ts", `export * from "@symbolon/testing";`, "arrows"],
    ["packages/server/src/token/a.ts", `import fastify from "fastify";`, "outside packages/server/src/http"],
    ["packages/server/src/http/a.ts", `const { DatabaseSync } = await import("node:sqlite");`, "node:sqlite"],
    ["packages/server/src/token/a.ts", `import { readFile } from "node:fs/promises";`, "pass it in"],
    ["packages/client/src/a.ts", `import { z } from "zod";`, "no dependencies"],
    ["packages/client/src/a-edge.ts", `import { readFile } from "node:fs";`, "away from loopback"],
    ["packages/client/src/loopback/a.ts", `import { readFile } from "node:fs";`, "away from loopback"],
    ["packages/client/src/a.ts", `import { p } from "@symbolon/emulator";`, "arrows"],
    ["packages/store-sqlite/src/a.ts", `import { p } from "@symbolon/portal";`, "arrows"],
    ["packages/testing/src/a.ts", `import { p } from "@symbolon/store-sqlite";`, "arrows"],
    ["apps/portal/src/a.ts", `import { p } from "@symbolon/store-sqlite";`, "arrows"],
    ["packages/server/src/a.ts", `import { p } from "../../protocol/src/index.ts";`, "by a relative path"],
    ["examples/a.ts", `import { p } from "../packages/protocol/src/index.ts";`, "by a relative path"],
  ])("%s may not say %s", (path, text, words) => biteOn(path, `// first\n${text}\n`, 2, words));

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
  ])("%s may say %s", (path, text) => passes(path, text));
});

describe("the world is passed in", () => {
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
  ])("%s is a breach", (call) =>
    biteOn("packages/server/src/a.ts", `\nconst x = ${call};`, 2, "take it as an argument"),
  );

  test("a file named after that piece of the world may use it", () =>
    passes("packages/server/src/system-clock.ts", "Date.now();"));
  test("a test may use it", () => passes("packages/server/src/a.test.ts", "Date.now();"));
  test("an application may use it", () => passes("apps/symbolon/src/a.ts", "Date.now();"));
  test("a comment or a string does not use it", () =>
    passes("packages/server/src/a.ts", `/* Date.now() */ const a = "fetch(x)"; // new Date()`));
  test("a given time or an injected fetch is none", () =>
    passes("packages/server/src/a.ts", "new Date(5); deps.fetch(url); prefetch(url);"));
});

describe("nothing unfinished, nothing silenced", () => {
  test.each(["TO", "FIX", "XX", "HA"].map((half, at) => half + ["DO", "ME", "X", "CK"][at]!))(
    "%s is a breach",
    (mark) => {
      biteOn("packages/server/src/a.ts", `\n\n// ${mark}: later\n`, 3, "unfinished");
      biteOn("docs/a.md", `${mark} later\n`, 1, "unfinished");
    },
  );

  test.each(["test.skip", "it.only", "describe.todo", "test.concurrent.skip", "describe.skipIf(x)"])(
    "%s is a breach",
    (call) => biteOn("packages/server/src/a.test.ts", `${call}("a", f);`, 1, "silences tests"),
  );
});

describe("names and lengths", () => {
  test.each([
    "packages/server/src/utils/a.ts",
    "scripts/helpers.ts",
    "packages/server/src/common/a.ts",
    "apps/portal/src/session-manager.ts",
    "docs/misc.md",
  ])("%s says nothing", (path) => biteOn(path, "export {};\n", 0, "does not say"));

  test("301 lines are too long", () =>
    biteOn("packages/server/src/a.ts", "export {};\n".repeat(301), 301, "has 301 lines"));
  test("300 lines are listed", () => {
    const tree = treeOf({ "scripts/a.ts": "export {};\n".repeat(300), "scripts/b.ts": "export {};\n".repeat(250) });
    expect(checkHouse(tree)).toEqual([]);
    expect(longFiles(tree).map(({ path }) => path)).toEqual(["scripts/a.ts"]);
  });
  test("rejects a test of 301 lines", () =>
    biteOn("packages/server/src/a.test.ts", "export {};\n".repeat(301), 301, "has 301 lines"));
  test("accepts a page of 301 lines", () => passes("docs/a.md", "text\n".repeat(301)));
  test("rejects a comment of 121 columns and accepts one of 120", () => {
    biteOn("examples/a.ts", `\n// ${"x".repeat(118)}\n`, 2, "comment of 121 columns");
    passes("examples/a.ts", `// ${"x".repeat(117)}\n`);
  });
  test("rejects a line of code that is longer than 140 columns without one long literal", () => {
    const call = `f(${Array.from({ length: 30 }, () => `"one"`).join(", ")});`;
    biteOn("examples/a.ts", `\n${call}\n`, 2, "name the parts");
    passes("examples/a.ts", `f("${"x".repeat(140)}");\n`);
  });
});

describe("no trace of a machine", () => {
  const registry = ["https://registry", "packages.example"].join(".");
  test("a lock file without addresses passes, one with them does not", () => {
    passes("package-lock.json", `{\n"version": "1.0.0"\n}`);
    biteOn("package-lock.json", `{\n"resolved": "https://packages.example/a.tgz"\n}`, 2, "registry address");
  });
  test("a registry is nobody's business but the installer's", () => {
    biteOn("docs/a.md", `See ${registry}/x\n`, 1, "registry");
    biteOn(".npmrc", "save-exact=true\nregistry=https://packages.example/\n", 2, "registry");
  });
  test.each([
    ["/ho", "me/ann/x"],
    ["/wo", "rk/main"],
    ["/Us", "ers/ann"],
    ["/ro", "ot/x"],
  ])("a folder such as %s%s is a breach", (one, other) =>
    biteOn("docs/a.md", `Open \`${one}${other}\`\n`, 1, "somebody's machine"),
  );
  test("a path of a URL is not a folder", () =>
    passes("docs/a.md", "https://host.example/home/main and ./work/home/x\n"));
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
  ])("%s is a breach", (text) => biteOn("scripts/a.ts", `\n${text}\n`, 2, "type any"));
  test("the word alone is none", () =>
    passes("scripts/a.ts", `Promise.any(x); const a = { any: 1 }; // any: any\nexpect.any(String);`));
});

describe("ST-03: SQL is never built out of values", () => {
  test.each([
    "db.prepare(`SELECT * FROM grant WHERE id = ${id}`)",
    "db.exec(`pragma user_version = ${n}`)",
    `db.prepare("DELETE FROM t WHERE id = " + id)`,
    "const where = `${column} WHERE x`",
  ])("%s is a breach", (text) => biteOn("packages/store-sqlite/src/a.ts", `\n${text};\n`, 2, "bind parameters"));

  test("SQL in one piece passes, and so does a sentence", () =>
    passes(
      "packages/store-sqlite/src/a.ts",
      "db.prepare(`SELECT 1`); db.prepare('SELECT ' + '1'); throw new Error(`cannot update ${x}`);",
    ));
});
