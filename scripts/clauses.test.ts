import { describe, expect, test } from "vitest";
import { clausesOf } from "./clauses.ts";
import { Syntax } from "./house/syntax.ts";
import { attackIdsIn, clausesIn, readTestTitles } from "./test-titles.ts";

const titlesOf = (source: string): string[] =>
  readTestTitles("a.test.ts", new Syntax("a.test.ts", source)).map(({ title }) => title);

describe("finding the titles of tests", () => {
  test("a group without a test proves nothing", () =>
    expect(titlesOf(`describe("RFC 1 §1: a", () => {});`)).toEqual([]));
  test("nor does a comment or a mere string", () =>
    expect(titlesOf(`// test("RFC 1 §1: a", f)\nconst a = 'test("RFC 1 §1: b", f)'; f("c");`)).toEqual([]));
  test("a group counts through groups within groups", () =>
    expect(
      titlesOf(
        `describe("a", () => { describe("b", () => { it("c", f); }); describe("d", () => {}); }); describe("e", () => {});`,
      ),
    ).toEqual(["a", "b", "c"]));
  test("tables, modifiers, templates and callbacks on the next line", () =>
    expect(
      titlesOf(
        "describe.each([['x', /[)]/]])(\n  `a ${b}`, () => { test.concurrent('c', f); test.for([1, ')'])(\"d %s\", f); });",
      ),
    ).toEqual(["a ${}", "c", "d %s"]));
  test("a row of a table counts when it begins with a clause or an id, in a file that has tests", () => {
    expect(titlesOf(`test.each([["RFC 1 §1: a", 1], ["AZ-01: b", 2], ["c: d", 3]])("%s", f);`)).toEqual([
      "%s",
      "RFC 1 §1: a",
      "AZ-01: b",
    ]);
    expect(titlesOf(`export const rows = [["RFC 1 §1: a", 1]];`)).toEqual([]);
  });
});

describe("reading a title", () => {
  test("a clause is not the one that begins alike", () =>
    expect(clausesIn("RFC 6749 §4.1.2.1: a")).toEqual(["RFC 6749 §4.1.2.1"]));
  test("several clauses, of several documents", () =>
    expect(
      clausesIn("AP-05, RFC 6749 §3.1, §4.1 and §5, RFC 7636 Appendix B, OAuth 2.1 §7.5.2; RFC 9101: a §9"),
    ).toEqual([
      "RFC 6749 §3.1",
      "RFC 6749 §4.1",
      "RFC 6749 §5",
      "RFC 7636 Appendix B",
      "OAuth 2.1 §7.5.2",
      "RFC 9101",
    ]));
  test("attack ids", () => expect(attackIdsIn("CA-14, TK-05: XX-01 CA-1 a")).toEqual(["CA-14", "TK-05"]));
});

describe("what fails the check", () => {
  const clause = { clause: "RFC 1 §1", keeps: "It is kept.", files: ["a.ts"] };
  const named = { file: "a.test.ts", title: "RFC 1 §1: it is kept" };

  test("a clause without a test", () =>
    expect(clausesOf([clause], [{ ...named, title: "RFC 1 §1.2: b" }], () => true).problems).toEqual([
      expect.stringContaining("has no test"),
    ]));
  test("a file that does not exist", () =>
    expect(clausesOf([clause], [named], () => false).problems).toEqual([
      expect.stringContaining("a.ts, which does not exist"),
    ]));
  test("no file at all", () =>
    expect(clausesOf([{ ...clause, files: [] }], [named], () => true).problems).toEqual([
      expect.stringContaining("names no file"),
    ]));
  test("a clause listed twice", () =>
    expect(clausesOf([clause, clause], [named], () => true).problems).toContain("RFC 1 §1 is listed twice"));
  test("nothing else", () => expect(clausesOf([clause], [named], () => true).problems).toEqual([]));
});

test("the page joins clause, file and test, and survives what titles hold", () => {
  const { page } = clausesOf(
    [{ clause: "RFC 1 §1", keeps: "a|b", files: ["packages/server/src/a.ts"] }],
    [{ file: "x/a.test.ts", title: "AZ-02, RFC 1 §1: [c] | <d>" }],
    () => true,
  );
  expect(page).toContain(
    "| RFC 1 §1 | a\\|b | [server/a.ts](../packages/server/src/a.ts) | [AZ-02, RFC 1 §1: \\[c\\] \\| \\<d\\>](../x/a.test.ts) |",
  );
});
