import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { knownAttacks, unbuiltGroups } from "./attacks-known.ts";
import type { Attack, UnbuiltGroup } from "./attacks-known/attack.ts";
import { findTests, linkToTest } from "./clauses.ts";
import { cell, tableRow } from "./markdown-table.ts";
import { attackIdsIn, type NamedTest } from "./test-titles.ts";

/**
 * Writes docs/attacks.md: each attack of the catalogue, its outcome, and the tests that name its id. With `--check` it
 * writes nothing and fails if the page is stale or an id has no test. With `--report FILE`, a json report of vitest, it
 * prints the results of the tests of each id, and fails if a test failed or none ran.
 */
export type Attacks = { page: string; problems: string[] };

export function attacksOf(
  known: readonly Attack[],
  unbuilt: readonly UnbuiltGroup[],
  tests: readonly NamedTest[],
): Attacks {
  const rows = known.map((attack) => ({ ...attack, tests: testsOf(attack.id, tests) }));
  const ids = known.map(({ id }) => id);
  const groups = new Set([...known.map(({ id }) => id.slice(0, 2)), ...unbuilt.map(({ group }) => group)]);
  const named = new Set(tests.flatMap(({ title }) => attackIdsIn(title)));
  const problems = [
    ...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${id} is listed twice`),
    ...rows
      .filter((row) => row.tests.length === 0)
      .map(({ id, outcome }) => `${id} has no test whose title names it: ${outcome}`),
    ...[...named]
      .filter((id) => groups.has(id.slice(0, 2)) && !ids.includes(id) && !isUnbuilt(id, unbuilt))
      .map((id) => `${id} is named by a test and not listed`),
  ];
  return { page: pageOf(rows, unbuilt), problems };
}

const testsOf = (id: string, tests: readonly NamedTest[]): NamedTest[] =>
  tests.filter(({ title }) => attackIdsIn(title).includes(id));
const isUnbuilt = (id: string, unbuilt: readonly UnbuiltGroup[]): boolean =>
  unbuilt.some(({ group }) => id.startsWith(group));

type Row = Attack & { tests: readonly NamedTest[] };

const pageOf = (rows: readonly Row[], unbuilt: readonly UnbuiltGroup[]): string => `# Attacks

Written by \`npm run attacks\`; \`npm test\` fails if it is stale, if an id has no test, and if a test of an id fails or does
not run. An attack on a feature that does not exist is listed as absent, and a test shows that the feature is absent.

| id | outcome | tests |
|---|---|---|
${rows.map(rowOf).join("\n")}

## Groups that are not built yet

| group | waits for |
|---|---|
${unbuilt.map(({ group, awaits }) => tableRow([group, cell(awaits)])).join("\n")}
`;

function rowOf({ id, outcome, absent, tests }: Row): string {
  const absence = absent === undefined ? "" : ` Absent: ${cell(absent)}.`;
  return tableRow([id, `${cell(outcome)}${absence}`, tests.map(linkToTest).join("<br>")]);
}

type Report = { testResults: readonly { assertionResults: readonly { fullName: string; status: string }[] }[] };

/** The results of the tests of each id, and as problems the ids of which no test ran or one did not pass. */
export function resultsOf(known: readonly Attack[], report: string): { lines: string[]; problems: string[] } {
  const ran = (JSON.parse(report) as Report).testResults.flatMap(({ assertionResults }) => assertionResults);
  const counted = known.map(({ id }) => {
    const named = ran.filter(({ fullName }) => attackIdsIn(fullName).includes(id));
    return { id, passed: named.filter(({ status }) => status === "passed").length, all: named.length };
  });
  return {
    lines: counted.map(({ id, passed, all }) => `${id}  ${passed} of ${all} passed`),
    problems: counted
      .filter(({ passed, all }) => all === 0 || passed < all)
      .map(({ id, passed, all }) => `${id}: ${passed} of ${all} tests passed`),
  };
}

function checkPage(isCheck: boolean): string[] {
  const root = join(import.meta.dirname, "..");
  const target = join(root, "docs", "attacks.md");
  const { page, problems } = attacksOf(knownAttacks, unbuiltGroups, findTests(root));
  if (!isCheck) writeFileSync(target, page);
  const isStale = !existsSync(target) || readFileSync(target, "utf8") !== page;
  return isStale ? ["docs/attacks.md is stale; run `npm run attacks`", ...problems] : problems;
}

function checkReport(path: string): string[] {
  const { lines, problems } = resultsOf(knownAttacks, readFileSync(path, "utf8"));
  for (const line of lines) console.log(line);
  return problems;
}

if (import.meta.main) {
  const at = process.argv.indexOf("--report");
  const problems = at < 0 ? checkPage(process.argv.includes("--check")) : checkReport(process.argv[at + 1]!);
  for (const problem of problems) console.log(problem);
  console.log(`${knownAttacks.length} attacks, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
