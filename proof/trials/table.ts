import { scenarios, type Report, type Scenario } from "./trial.ts";

export type Row = { scenario: Scenario; subject: string; version: string; report: Report };

/** The Markdown table, grouped by scenario, with the keeper last in each group. */
export function tableOf(rows: readonly Row[]): string {
  const inOrder = Object.keys(scenarios).flatMap((scenario) => rows.filter((row) => row.scenario === scenario));
  return [
    "| what happens | library | POSTs | outcome |",
    "|---|---|---|---|",
    ...inOrder.map(({ scenario, subject, version, report }, at) => {
      const isFirst = inOrder[at - 1]?.scenario !== scenario;
      return `| ${isFirst ? scenarios[scenario] : ""} | ${subject}${version === "" ? "" : ` ${version}`} | ${report.posts} | ${report.outcome} |`;
    }),
  ].join("\n");
}

const begin = "<!-- begin: npm run trials -->";
const end = "<!-- end -->";

/** The page with the table between the two comments replaced. */
export function withTable(page: string, table: string): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`the page lacks the comments for the table: ${begin} … ${end}`);
  return `${before}${begin}\n${table}\n${end}${after}`;
}
