import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tableRow } from "../../scripts/markdown-table.ts";
import { explanationOf, type Explanation } from "./explanations.ts";
import { parts, type Part } from "./parts.ts";

/** A mutant that no test noticed. `line` is trimmed source text: it names the mutant while lines around it change. */
export type Missed = { line: string; from: string; to: string };
export type FileResult = { mutants: number; noticed: number; timedOut: number; missed: Missed[] };
export type Results = Record<string, FileResult>;

const resultsPath = join(import.meta.dirname, "results.json");
const pagePath = join(import.meta.dirname, "../../docs/mutants.md");
/** The rest of the page is written by this script. */
const generatedFrom = "## Scores";

export const readResults = (): Results =>
  existsSync(resultsPath) ? (JSON.parse(readFileSync(resultsPath, "utf8")) as Results) : {};

export function writeResults(results: Results): void {
  const sorted = Object.fromEntries(Object.entries(results).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  writeFileSync(resultsPath, `${JSON.stringify(sorted, undefined, 2)}\n`);
}

type MissedIn = Missed & { file: string; explanation: Explanation | undefined };

const missedIn = (results: Results, files: readonly string[]): MissedIn[] =>
  files.flatMap((file) =>
    results[file]!.missed.map((missed) => ({ ...missed, file, explanation: explanationOf(file, missed) })),
  );

const percent = (share: number, of: number): string => (of === 0 ? "" : `${((100 * share) / of).toFixed(1)} %`);

function rowOf({ folder, leastPercent }: Part, results: Results, files: readonly string[]): string {
  const missed = missedIn(results, files);
  const sum = (count: (result: FileResult) => number): number =>
    files.reduce((total, file) => total + count(results[file]!), 0);
  const mutants = sum((result) => result.mutants);
  const equivalent = missed.filter(({ explanation }) => explanation?.kind === "equivalent").length;
  const noticed = mutants - missed.length;
  return tableRow([
    `\`${folder}\``,
    ...[mutants, noticed, sum((result) => result.timedOut), missed.length, equivalent].map(String),
    percent(noticed, mutants),
    percent(noticed, mutants - equivalent),
    `${leastPercent} %`,
  ]);
}

const code = (text: string): string => {
  const fence = text.includes("`") ? "``" : "`";
  return `${fence}${fence === "``" ? " " : ""}${text.replaceAll("|", "\\|")}${fence === "``" ? " " : ""}${fence}`;
};

function survivorsOf(part: Part, results: Results, files: readonly string[]): string[] {
  const missed = missedIn(results, files);
  if (missed.length === 0) return [];
  return [
    `### \`${part.folder}\``,
    "",
    "| file | original | mutant | why no test notices it |",
    "|---|---|---|---|",
    ...missed.map(({ file, from, to, explanation }) =>
      tableRow([
        file.slice(part.folder.length + 1),
        code(from),
        to === "" || to === ";" ? "(removed)" : code(to),
        explanation === undefined
          ? "not explained yet"
          : `${explanation.kind === "equivalent" ? "Equivalent: " : ""}${explanation.why}`,
      ]),
    ),
    "",
  ];
}

/** Writes the scores of docs/mutants.md from results.json and explanations.ts. */
export function writePage(): void {
  const results = readResults();
  const tried = parts
    .map((part) => ({ part, files: Object.keys(results).filter((file) => file.startsWith(`${part.folder}/`)) }))
    .filter(({ files }) => files.length > 0);
  const [introduction] = readFileSync(pagePath, "utf8").split(generatedFrom);
  const lines = [
    introduction + generatedFrom,
    "",
    "| folder | mutants | noticed | of these by a time limit | not noticed | equivalent | score | score without equivalent ones | wanted |",
    "|---|---|---|---|---|---|---|---|---|",
    ...tried.map(({ part, files }) => rowOf(part, results, files)),
    "",
    "## Survivors",
    "",
    ...tried.flatMap(({ part, files }) => survivorsOf(part, results, files)),
  ];
  writeFileSync(pagePath, `${lines.join("\n").trimEnd()}\n`);
}
