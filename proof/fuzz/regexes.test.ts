import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { beforeAll, expect, test } from "vitest";

/** Files whose patterns may take quadratic time, and why an attacker cannot use it. */
const excused: Record<string, string> = {
  "apps/symbolon/src/demo/page.ts": "reads the pages of a server that the demo itself has started",
  "packages/emulator/src/wire/credentials.ts":
    "reads a header, of which Node lets through 16 KiB, in a server for tests",
  "packages/client/src/endpoint-url.ts": "reads the base URL that an application was configured with",
};

const root = join(import.meta.dirname, "../..");
const files = globSync("{packages,apps}/*/src/**/*.ts", { cwd: root })
  .filter((file) => !file.endsWith(".test.ts"))
  .sort();

/** The regular expressions in the code, and the files that build one at run time. */
function patternsIn(file: string): { patterns: { source: string; flags: string }[]; makesSome: boolean } {
  const { program } = parseSync(file, readFileSync(join(root, file), "utf8"));
  const patterns: { source: string; flags: string }[] = [];
  let makesSome = false;
  const isRegExp = ({ callee }: { callee: { type: string; name?: string } }): boolean =>
    callee.type === "Identifier" && callee.name === "RegExp";
  new Visitor({
    Literal(node) {
      if ("regex" in node && node.regex !== undefined)
        patterns.push({ source: node.regex.pattern, flags: node.regex.flags });
    },
    NewExpression(node) {
      makesSome ||= isRegExp(node as never);
    },
    CallExpression(node) {
      makesSome ||= isRegExp(node as never);
    },
  }).visit(program);
  return { patterns, makesSome };
}

type Checker = typeof import("recheck").check;
let check: Checker;
beforeAll(async () => {
  const isNative = existsSync(join(root, "node_modules/recheck-linux-x64"));
  // The pure backend needs no native program and is slow; patterns that it cannot decide in time count as safe.
  process.env["RECHECK_BACKEND"] = isNative ? "native" : "pure";
  ({ check } = await import("recheck"));
});

test("HT-07: every regular expression takes time in proportion to its input: recheck finds no attack", async () => {
  const problems: string[] = [];
  let checked = 0;
  for (const file of files.filter((name) => !Object.hasOwn(excused, name))) {
    for (const { source, flags } of patternsIn(file).patterns) {
      checked++;
      const found = await check(source, flags, { timeout: 10_000 });
      if (found.status === "vulnerable")
        problems.push(`${file}: /${source}/${flags} is ${found.complexity.summary}: ${found.attack.pattern}`);
    }
  }
  expect(problems).toEqual([]);
  expect(checked).toBeGreaterThan(100);
}, 180_000);

test("HT-07: recheck finds a known vulnerable pattern, and every exception is still needed", async () => {
  expect((await check("^(a+)+$", "", { timeout: 10_000 })).status).toBe("vulnerable");
  for (const file of Object.keys(excused)) {
    const found = await Promise.all(
      patternsIn(file).patterns.map(({ source, flags }) => check(source, flags, { timeout: 10_000 })),
    );
    expect(
      found.some(({ status }) => status !== "safe"),
      file,
    ).toBe(true);
  }
}, 60_000);

test("HT-07: no regular expression is built at run time", () =>
  expect(files.filter((file) => patternsIn(file).makesSome)).toEqual([]));
