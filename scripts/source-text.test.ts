import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closingBracket, lineOf, openingBracket, readSourceText } from "./source-text.ts";

/** The code, each run of blanks as one. */
const codeOf = (source: string): string => readSourceText(source).code.replace(/ +/g, " ").trimEnd();

describe("telling code from what is not", () => {
  test("comments are blank", () => {
    expect(codeOf("a(); // b('c')")).toBe("a();");
    expect(codeOf("a(); /* 'b */ c();")).toBe("a(); c();");
  });

  test("the inside of strings is blank, and is read", () => {
    const source = `f("a \\" // b", 'c');`;
    expect(codeOf(source)).toBe(`f(" ", ' ');`);
    expect(readSourceText(source).literals.map(({ text }) => text)).toEqual([`a " // b`, "c"]);
  });

  test("the code inside a template's substitution is code, strings in it are strings", () => {
    const source = "`a${b({ c: `d` }, 'e')}f` + g";
    expect(codeOf(source)).toBe("` {b({ c: ` ` }, ' ')} ` + g");
    expect(readSourceText(source).literals.map(({ text, substitutions }) => [text, substitutions])).toEqual([
      ["a${}f", 1],
      ["d", 0],
      ["e", 0],
    ]);
  });

  test("a quote or a slash in a regular expression opens nothing", () => {
    expect(codeOf(`x.match(/["'\`/]/g); y("z");`)).toBe(`x.match( ); y(" ");`);
    expect(codeOf(`return /'/; "a"`)).toBe(`return ; " "`);
  });

  test("a division is no regular expression", () =>
    expect(readSourceText(`a / b; c = d[0] / e; "f" / g;`).literals).toHaveLength(1));

  test("any text is read, and keeps its length and its lines", () => {
    const snippets = fc.array(
      fc.constantFrom("`", "${", "}", '"', "'", "/", "//", "/*", "*/", "\\", "\n", "a", "(", " ", "[", "😀"),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(snippets, (parts) => {
        const source = parts.join("");
        const { code } = readSourceText(source);
        expect(code).toHaveLength(source.length);
        expect(code.split("\n")).toHaveLength(source.split("\n").length);
      }),
    );
  });
});

test("brackets are matched across nested ones", () => {
  expect(closingBracket("f(a[b(c)], {})d", 1)).toBe(13);
  expect(openingBracket("f(a[b(c)], {})d", 13)).toBe(1);
  expect(closingBracket("f(a", 1)).toBe(3);
  expect(openingBracket("a)", 1)).toBe(-1);
});

test("lines are counted from one", () => {
  expect(lineOf("a\nb", 0)).toBe(1);
  expect(lineOf("a\nb", 2)).toBe(2);
});
