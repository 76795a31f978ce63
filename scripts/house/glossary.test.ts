import { describe, expect, test } from "vitest";
import { countByFolder, checkGlossary } from "./glossary.ts";
import { allowedWords } from "./glossary-words.ts";
import { houseFile } from "./tree.ts";

const found = (path: string, text: string): string[] =>
  checkGlossary(houseFile(path, text)).map(({ line, message }) => `${line} ${message}`);

describe("the glossary", () => {
  test.each([
    ["a comment", "/** The lineage of a grant. */"],
    ["a plural in a comment", "// two lineages"],
    ["a test title", `test("keeps the Lineage", f);`],
    ["a name", "const lineage = 1;"],
    ["the first part of a name", "const lineageOf = 1;"],
    ["the last part of a name", "const tokenLineage = 1;"],
    ["the middle of a name", "const readLineages = 1;"],
  ])("reports a word in %s", (_, text) =>
    expect(found("x/a.ts", `\n${text}\n`)).toEqual([`2 uses "lineage"; say token family`]),
  );

  test("reports a word in the name of a file", () =>
    expect(found("x/lineage-of.ts", "")).toEqual([`0 uses "lineage"; say token family`]));

  test("reports a phrase of several words in a page", () =>
    expect(found("docs/a.md", "of a standing grant")).toEqual([expect.stringContaining("client-credentials grant")]));

  test("accepts names in snake_case, which are stored or travel, and longer words", () =>
    expect(found("x/a.ts", `const a = "lineage_id, grant_lineage"; // lineaged`)).toEqual([]));

  test("reports a name in code that is a word like others in prose", () => {
    expect(found("x/a.ts", "const told = 1;")).toHaveLength(1);
    expect(found("x/a.ts", "// The user is told why.")).toEqual([]);
  });

  test.each(["docs/api/a.md", "docs/images/a.svg", "docs/clauses.md", "docs/reference/glossary.md"])(
    "does not read %s, which is generated or explains the words",
    (path) => expect(found(path, "lineage")).toEqual([]),
  );

  test("counts the words of each folder, most first", () =>
    expect(
      countByFolder([
        houseFile("packages/a/src/a.ts", "// lineage"),
        houseFile("packages/b/src/a.ts", "// lineage\n// lineage"),
        houseFile("README.md", "lineage"),
      ]),
    ).toEqual([
      ["packages/b/", 2],
      ["packages/a/", 1],
      ["README.md", 1],
    ]));

  test("every exception has a reason", () =>
    expect(Object.values(allowedWords).filter((reason) => reason.length < 10)).toEqual([]));
});
