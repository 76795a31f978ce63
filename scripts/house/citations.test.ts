import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkCitations } from "./citations.ts";
import { houseFile, readTree } from "./tree.ts";

const library = {
  "docs/reference/ids.md":
    "| id | sentence |\n|---|---|\n| A7 | The state table. |\n| B3.5 | No token. |\n| R-22 | Sweeping. |\n| I5 | Inactive. |\n| rule 14 | Commits. |\n",
  "docs/attacks.md": "| AZ-01 | Another path is refused. | test |\n",
  "docs/reference/refresh-tokens.md": "# Refresh tokens\n\n## A7. States and events\n\n### B3.5 No refresh token\n",
  "docs/reference/gusto.md": "## §2 Gusto\n\n### §2.4 Refresh\n",
  "docs/reference/faults.md": "| R-22 | Sweeping. |\n",
  "docs/decisions/README.md":
    "| 0001 | [A pointer](0001-a-pointer.md) | one line | in force |\n| 0002 | – | | never used |\n",
  "docs/decisions/0001-a-pointer.md": "# 0001 A pointer\n",
  "packages/server/src/grants/refresh.ts": "export {};\n",
};

const breaches = (files: Record<string, string>): string[] =>
  checkCitations(Object.entries({ ...library, ...files }).map(([path, text]) => houseFile(path, text))).map(
    ({ path, line, message }) => `${path}:${line} ${message}`,
  );

const file = "packages/server/src/a.ts";
const commented = (comment: string): string[] => breaches({ [file]: `\n/** Meaning (${comment}). */\nexport {};\n` });

test("the tree of this repository cites nothing that is missing", () => {
  expect(checkCitations(readTree("."))).toEqual([]);
});

test("the files of the example cite nothing that is missing", () => expect(breaches({})).toEqual([]));

describe("pages and sections that comments cite", () => {
  test.each([
    "refresh-tokens.md",
    "refresh-tokens.md A7",
    "refresh-tokens.md B3.5",
    "gusto.md §2.4",
    "gusto.md §2, §2.4",
    "faults.md R-22",
    "docs/reference/refresh-tokens.md#a7-states-and-events",
    "docs/decisions/0001-a-pointer.md",
    "docs/decisions/0001",
    "decision 0001",
  ])("%s is found", (citation) => expect(commented(citation)).toEqual([]));

  test.each([
    ["nowhere.md", "cites nowhere.md, which does not exist"],
    ["gusto.md §2.5", "cites gusto.md §2.5, which that page does not have"],
    ["gusto.md §2, §2.5", "cites gusto.md §2.5, which that page does not have"],
    ["docs/reference/gusto.md#refresh", "cites docs/reference/gusto.md #refresh, which that page does not have"],
    ["docs/decisions/0001-another.md", "cites docs/decisions/0001-another.md, which does not exist"],
    ["decision 0002", "cites decision 0002, which does not exist"],
    ["docs/decisions/0003", "cites decision 0003, which does not exist"],
  ])("%s is reported", (citation, message) => expect(commented(citation)).toContain(`${file}:2 ${message}`));

  test("a citation that is broken over two lines of a comment is followed", () => {
    expect(breaches({ [file]: "/**\n * See gusto.md\n * §2.5.\n */\n" })).toEqual([
      `${file}:1 cites gusto.md §2.5, which that page does not have`,
    ]);
  });

  test("code is no citation", () => expect(breaches({ [file]: 'export const page = "nowhere.md A9";\n' })).toEqual([]));
  test("a comment of SQL is one", () =>
    expect(breaches({ "a.sql": "SELECT 1; -- nowhere.md\n" })).toEqual([
      "a.sql:1 cites nowhere.md, which does not exist",
    ]));
});

describe("ids in comments, titles and pages", () => {
  test.each(["A7", "B3.5", "I5", "R-22", "AZ-01", "rule 14"])("%s is explained", (id) =>
    expect(commented(id)).toEqual([]),
  );
  test.each(["A8", "B3.6", "I6", "S1", "R-01", "C-05", "AZ-02", "MX-04", "rule 15"])("%s is not", (id) => {
    const message = `uses the id ${id}, which docs/reference/ids.md does not explain`;
    expect(commented(id)).toEqual([`${file}:2 ${message}`]);
    expect(breaches({ "a.test.ts": `\ntest("${id}: does it", () => {});\n` })).toEqual([`a.test.ts:2 ${message}`]);
    expect(breaches({ "docs/a.md": `# A page\n\nSee ${id}.\n` })).toEqual([`docs/a.md:3 ${message}`]);
  });
  test.each(["S256", "%A8", "U+00A8", "SHA-22", "1A8", "B2B"])("%s is no id", (text) =>
    expect(commented(text)).toEqual([]),
  );
});

describe("links and paths in pages", () => {
  test.each([
    ["[one](reference/gusto.md)", []],
    ["[one](reference/gusto.md#24-refresh)", []],
    ["[a folder](decisions)", []],
    ["[elsewhere](https://example.com/a.md)", []],
    ["`server/src/grants/refresh.ts`", []],
    ["```\n[in an example](nowhere.md)\n```", []],
    ["[one](reference/nowhere.md)", ["docs/a.md:1 links to reference/nowhere.md, which does not exist"]],
    ["[one](reference/gusto.md#25)", ["docs/a.md:1 links to reference/gusto.md#25, and that page has no such heading"]],
    ["`server/src/grants/gone.ts`", ["docs/a.md:1 names server/src/grants/gone.ts, which does not exist"]],
  ])("%s", (text, expected) => expect(breaches({ "docs/a.md": `${text}\n` })).toEqual(expected));
});

describe("the index of decisions", () => {
  const index = "docs/decisions/README.md";
  const row = "| 0001 | [A pointer](0001-a-pointer.md) | one line | in force |\n";
  test.each([
    ["a number that is left out", `${row}| 0003 | – | | never used |\n`, `${index}:2 has 0003 where 0002 belongs`],
    ["a page that is not listed", "", `${index}:0 does not list docs/decisions/0001-a-pointer.md`],
    ["another title", row.replace("A pointer", "B"), `${index}:1 has another title than the page: "A pointer"`],
    ["another file", row.replace("0001-a", "0001-b"), `${index}:1 does not link to docs/decisions/0001-a-pointer.md`],
  ])("%s is reported", (_, text, expected) => expect(breaches({ [index]: text })).toContain(expected));

  test("a missing index is reported", () => {
    const { [index]: _, ...rest } = library;
    const files = Object.entries(rest).map(([path, text]) => houseFile(path, text));
    expect(checkCitations(files)).toContainEqual({ path: index, line: 0, message: "is missing" });
  });
});

test("docs/reference/ids.md explains each attack group that docs/attacks.md has", () => {
  const groups = new Set(
    readFileSync("docs/attacks.md", "utf8")
      .match(/^\| ([A-Z]{2})-\d{2}/gm)
      ?.map((id) => id.slice(2, 4)),
  );
  const ids = readFileSync("docs/reference/ids.md", "utf8");
  expect([...groups].filter((group) => !ids.includes(`| ${group} |`))).toEqual([]);
});
