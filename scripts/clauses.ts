import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keptClauses } from "./clauses-kept.ts";
import type { KeptClause } from "./clauses-kept/kept-clause.ts";
import type { Syntax } from "./house/syntax.ts";
import { readTree } from "./house/tree.ts";
import { cell, tableRow } from "./markdown-table.ts";
import { clausesIn, readTestTitles, type NamedTest } from "./test-titles.ts";

/**
 * Writes docs/clauses.md: each implemented clause, its code and its tests. With `--check` it writes nothing and fails
 * if the page is stale, a clause has no test, or a named file does not exist.
 */
export type Clauses = { page: string; problems: string[] };

export function clausesOf(
  kept: readonly KeptClause[],
  tests: readonly NamedTest[],
  exists: (path: string) => boolean,
): Clauses {
  const rows = kept.map((one) => ({
    ...one,
    tests: tests.filter(({ title }) => clausesIn(title).includes(one.clause)),
  }));
  const names = kept.map(({ clause }) => clause);
  const problems = [
    ...names.filter((clause, at) => names.indexOf(clause) !== at).map((clause) => `${clause} is listed twice`),
    ...rows.flatMap(({ clause, files }) =>
      files.filter((file) => !exists(file)).map((file) => `${clause} names ${file}, which does not exist`),
    ),
    ...rows.filter(({ files }) => files.length === 0).map(({ clause }) => `${clause} names no file`),
    ...rows
      .filter((row) => row.tests.length === 0)
      .map(({ clause, keeps }) => `${clause} has no test whose title names it: ${keeps}`),
  ];
  return { page: pageOf(rows), problems };
}

type Row = KeptClause & { tests: readonly NamedTest[] };

const pageOf = (rows: readonly Row[]): string => `# Clauses

Written by \`npm run clauses\`; \`npm test\` fails if it is stale or a clause has no test.
Each clause of a standard that the endpoints and the client implement: what it requires of them, the code, and the tests that name it.

| clause | requirement | code | tests |
|---|---|---|---|
${rows.map(rowOf).join("\n")}

The attack catalogue and its tests are in [attacks.md](attacks.md).
`;

const rowOf = ({ clause, keeps, files, tests }: Row): string =>
  tableRow([clause, cell(keeps), files.map(linkToFile).join("<br>"), tests.map(linkToTest).join("<br>")]);

const linkToFile = (path: string): string =>
  `[${path.replace(/^(?:packages|apps)\//, "").replace("/src/", "/")}](../${path})`;
export const linkToTest = ({ file, title }: NamedTest): string => `[${cell(title)}](../${file})`;

/** The titles of all test files, and of the contract suites that test files share. */
export const findTests = (root: string): NamedTest[] =>
  readTree(root)
    .filter(({ path, syntax }) => importsVitest(syntax) && !path.startsWith("scripts/"))
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
    .flatMap(({ path, syntax }) => readTestTitles(path, syntax!));

const importsVitest = (syntax: Syntax | undefined): boolean =>
  syntax?.specifiers.some(({ value }) => value === "vitest") === true;

if (import.meta.main) {
  const root = join(import.meta.dirname, "..");
  const target = join(root, "docs", "clauses.md");
  const { page, problems } = clausesOf(keptClauses, findTests(root), (path) => existsSync(join(root, path)));
  const isCheck = process.argv.includes("--check");
  if (isCheck && (!existsSync(target) || readFileSync(target, "utf8") !== page))
    problems.unshift("docs/clauses.md is stale; run `npm run clauses`");
  if (!isCheck) writeFileSync(target, page);
  for (const problem of problems) console.log(problem);
  console.log(`${keptClauses.length} clauses, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
