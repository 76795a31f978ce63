import { describe, expect, test } from "vitest";
import { lineAt, Syntax } from "./syntax.ts";

const syntax = (text: string): Syntax => new Syntax("a.ts", text);

describe("strings", () => {
  test("resolves escapes and ignores comments and regular expressions", () =>
    expect(syntax(`f("a \\" // b", 'c'); // "d"\nx.match(/["'\`]/g); /* 'e' */`).strings).toEqual([
      { text: `a " // b`, start: 2, substitutions: 0 },
      { text: "c", start: 15, substitutions: 0 },
    ]));

  test("writes a substitution of a template as ${} and reads the strings inside of it", () =>
    expect(
      syntax("`a${b({ c: `d` }, 'e')}f` + g").strings.map(({ text, substitutions }) => [text, substitutions]),
    ).toEqual([
      ["a${}f", 1],
      ["d", 0],
      ["e", 0],
    ]));
});

describe("specifiers", () => {
  test.each([
    `import { b } from "./b.ts";`,
    `import type { B } from "./b.ts";`,
    `import "./b.ts";`,
    `export * from './b.ts';`,
    `export { b } from "./b.ts";`,
    `const b = await import("./b.ts");`,
    `type B = import("./b.ts").B;`,
    `vi.mock("./b.ts");`,
    `import.meta.resolve("./b.ts");`,
    `require("./b.ts");`,
  ])("reads the specifier of %s", (text) =>
    expect(syntax(text).specifiers.map(({ value }) => value)).toEqual(["./b.ts"]),
  );

  test("ignores specifiers in comments and strings", () =>
    expect(syntax(`const a = 'import "./b.ts"'; // import "./c.ts"`).specifiers).toEqual([]));
});

test("keeps the error of a file that does not parse", () => expect(syntax("const = 1;").errors).toHaveLength(1));

test("counts lines from one", () => {
  expect(lineAt("a\nb", 0)).toBe(1);
  expect(lineAt("a\nb", 2)).toBe(2);
});
