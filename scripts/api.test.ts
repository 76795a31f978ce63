import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { placesOf, textOf, type Page } from "./api/page.ts";
import { readExports } from "./api/read-exports.ts";

let built: string;
beforeEach(() => void (built = mkdtempSync(join(tmpdir(), "symbolon-api-test-"))));
afterEach(() => rmSync(built, { recursive: true, force: true }));

const write = (files: Record<string, string>): void => {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(built, file.replace("/src/", "/esm/"))), { recursive: true });
    writeFileSync(join(built, file.replace("/src/", "/esm/")), text);
  }
};
const read = (text: string) => {
  write({ "a/src/index.d.ts": text });
  return readExports(built, "a/src/index");
};

describe("what a package exports", () => {
  test("functions, constants, classes and types, each with the comment right before it", () => {
    const exports = read(`
      /** Not of anything. */
      import type { B } from "./b.ts";
      /**
       * Adds.
       * @see RFC 1 §2
       */
      export declare function add(one: number): number;
      export declare const arrow: <T>(one: T) => T;
      /** A number. */
      export declare const number: 7;
      export declare class Thing { #private; }
      /** Words. */
      export type Word = "a" | "b";
      declare const hidden: 1;
      export {};
    `);
    expect(exports.map(({ name, kind, doc }) => [name, kind, doc])).toEqual([
      ["add", "function", "Adds.\n@see RFC 1 §2"],
      ["arrow", "function", ""],
      ["number", "value", "A number."],
      ["Thing", "class", ""],
      ["Word", "type", "Words."],
    ]);
    expect(exports[0]).toMatchObject({ declaration: "function add(one: number): number;", file: "a/src/index" });
  });

  test("through `export *`, `export { as }`, and from another package of ours; the file is where it is declared", () => {
    write({
      "a/src/b.d.ts": "export type B = 1;\nexport type Left = 2;",
      "a/src/c.d.ts": "export type C = 1;",
      "p/src/index.d.ts": "/** Prints as nothing. */\nexport declare class Secret {}",
    });
    const exports = read(
      `export * from "./c.ts";\nexport { type B as Renamed } from "./b.ts";\nexport { Secret } from "@symbolon/p";\ndeclare const own: 3;\nexport { own };`,
    );
    expect(exports.map(({ name, file }) => `${name} ${file}`)).toEqual([
      "C a/src/c",
      "Renamed a/src/b",
      "Secret p/src/index",
      "own a/src/index",
    ]);
  });

  test("overloads are one export", () =>
    expect(read("export declare function f(a: 1): 1;\nexport declare function f(a: 2): 2;")).toMatchObject([
      { name: "f", declaration: "function f(a: 1): 1;\nfunction f(a: 2): 2;" },
    ]));

  test("a declaration that cannot be read is a failure, not a gap", () =>
    expect(() => read("export type = ;")).toThrow("a/esm/index.d.ts"));
});

describe("the page", () => {
  const page = (file: string, text: string): Page => ({
    file,
    title: "A",
    sections: [{ specifier: "@symbolon/a", summary: "All of it.", exports: read(text) }],
  });

  test("docstring, shape, types, clause and source", () => {
    const one = page(
      "a.md",
      `/** Asks <once>. @see RFC 1 §2 */\nexport declare const ask: (what: What) => import("./b.ts").Answer;\nexport type What = {\n    /** Never empty. */\n    text: string;\n};`,
    );
    const other = page("b.md", "export type Answer = 1;");
    const text = textOf(one, placesOf([one, other], "a.md"));
    expect(text).toContain(
      "### ask\n\nAsks &lt;once>.\n\n```ts\nconst ask: (what: What) => Answer;\n```\n\nTypes: [`Answer`](b.md#answer), [`What`](#what). See RFC 1 §2. Source: [a/index.ts](../../packages/a/src/index.ts)",
    );
    expect(text).toContain("type What = {\n  /** Never empty. */\n  text: string;\n};");
  });

  test("two names that differ by a capital have two places", () => {
    const one = page("a.md", "export declare function info(): Info;\nexport type Info = 1;");
    expect(textOf(one, placesOf([one], "a.md"))).toContain(
      "| Functions | [`info`](#info) |\n| Types | [`Info`](#info-1) |",
    );
  });
});
