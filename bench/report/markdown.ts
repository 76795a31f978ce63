import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { aimTable, scaleTables, workTable, type Table } from "./cells.ts";
import { conditionsOf, type Report } from "./report.ts";

export const asMarkdown = (run: Report): string =>
  [
    ...[workTable(run), ...scaleTables(run), aimTable(run)].filter(({ rows }) => rows.length > 0).map(asTable),
    ...(run.lines.length === 0 ? [] : [legendOf(run)]),
    conditionsOf(run).join("\n"),
    ["```sh", run.command, "```"].join("\n"),
  ].join("\n\n");

const legendOf = ({ lines }: Report): string =>
  [...new Map(lines.map(({ work, description }) => [work, `- **${work}**: ${description}`])).values()].join("\n");

function asTable({ heads, rows, texts }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map((_, column) => (column < texts ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

const openings = {
  works: "<!-- bench: from here to the closing mark, `npm run bench -- --out` writes -->",
  scale: "<!-- bench of ours alone: from here to the closing mark, `npm run bench -- --out` writes -->",
};
const closing = "<!-- /bench -->";

/** Replaces the text between the marks and keeps the rest of the file; creates the file if it does not exist. */
export function writeMarkdown(path: string, run: Report): void {
  const opening = openings[run.lines.length > 0 ? "works" : "scale"];
  const text = existsSync(path) ? readFileSync(path, "utf8") : `# Benchmarks\n\n${opening}\n${closing}\n`;
  const from = text.indexOf(opening);
  const to = text.indexOf(closing, from);
  if (from < 0 || to < 0)
    throw new Error(`${path} has no place for the table; it begins with the line ${opening} and ends with ${closing}`);
  writeFileSync(path, `${text.slice(0, from + opening.length)}\n\n${asMarkdown(run)}\n\n${text.slice(to)}`);
}
