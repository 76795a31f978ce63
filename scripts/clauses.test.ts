import { describe, expect, test } from "vitest";
import { clausesOf } from "./clauses.ts";
import { Syntax } from "./house/syntax.ts";
import { attackIdsIn, clausesIn, readTestTitles } from "./test-titles.ts";

const titlesOf = (source: string): string[] =>
  readTestTitles("a.test.ts", new Syntax("a.test.ts", source)).map(({ title }) => title);

describe("readTestTitles", () => {
  test("ignores a group without a test", () => expect(titlesOf(`describe("RFC 1 §1: a", () => {});`)).toEqual([]));
  test("ignores comments and strings", () =>
    expect(titlesOf(`// test("RFC 1 §1: a", f)\nconst a = 'test("RFC 1 §1: b", f)'; f("c");`)).toEqual([]));
  test("reads groups with tests in nested groups", () =>
    expect(
      titlesOf(
        `describe("a", () => { describe("b", () => { it("c", f); }); describe("d", () => {}); }); describe("e", () => {});`,
      ),
    ).toEqual(["a", "b", "c"]));
  test("reads tables, modifiers, templates and calls over several lines", () =>
    expect(
      titlesOf(
        "describe.each([['x', /[)]/]])(\n  `a ${b}`, () => { test.concurrent('c', f); test.for([1, ')'])(\"d %s\", f); });",
      ),
    ).toEqual(["a ${}", "c", "d %s"]));
  test("reads rows of tables that begin with a clause or an id, in files with tests", () => {
    expect(titlesOf(`test.each([["RFC 1 §1: a", 1], ["AZ-01: b", 2], ["c: d", 3]])("%s", f);`)).toEqual([
      "%s",
      "RFC 1 §1: a",
      "AZ-01: b",
    ]);
    expect(titlesOf(`export const rows = [["RFC 1 §1: a", 1]];`)).toEqual([]);
  });
});

describe("clauses and ids in a title", () => {
  test("does not confuse clauses with the same beginning", () =>
    expect(clausesIn("RFC 6749 §4.1.2.1: a")).toEqual(["RFC 6749 §4.1.2.1"]));
  test("reads several clauses of several documents", () =>
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
  test("reads attack ids", () => expect(attackIdsIn("CA-14, TK-05: XX-01 CA-1 a")).toEqual(["CA-14", "TK-05"]));
});

describe("clausesOf", () => {
  const clause = { clause: "RFC 1 §1", keeps: "It is kept.", files: ["a.ts"] };
  const named = { file: "a.test.ts", title: "RFC 1 §1: it is kept" };

  test("reports a clause without a test", () =>
    expect(clausesOf([clause], [{ ...named, title: "RFC 1 §1.2: b" }], () => true).problems).toEqual([
      expect.stringContaining("has no test"),
    ]));
  test("reports a file that does not exist", () =>
    expect(clausesOf([clause], [named], () => false).problems).toEqual([
      expect.stringContaining("a.ts, which does not exist"),
    ]));
  test("reports a clause without a file", () =>
    expect(clausesOf([{ ...clause, files: [] }], [named], () => true).problems).toEqual([
      expect.stringContaining("names no file"),
    ]));
  test("reports a clause that is listed twice", () =>
    expect(clausesOf([clause, clause], [named], () => true).problems).toContain("RFC 1 §1 is listed twice"));
  test("accepts a clause with a file and a test", () =>
    expect(clausesOf([clause], [named], () => true).problems).toEqual([]));
});

test("writes clause, files and tests to the page, escaped", () => {
  const { page } = clausesOf(
    [{ clause: "RFC 1 §1", keeps: "a|b", files: ["packages/server/src/a.ts"] }],
    [{ file: "x/a.test.ts", title: "AZ-02, RFC 1 §1: [c] | <d>" }],
    () => true,
  );
  expect(page).toContain(
    "| RFC 1 §1 | a\\|b | [server/a.ts](../packages/server/src/a.ts) | [AZ-02, RFC 1 §1: \\[c\\] \\| \\<d\\>](../x/a.test.ts) |",
  );
});
