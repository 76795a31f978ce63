import { aimTable, scaleTables, workTable, type Table } from "./cells.ts";
import { conditionsOf, type Report } from "./report.ts";

/** For a terminal: aligned columns, words to the left and numbers to the right. */
export function asText(run: Report): string {
  const tables = [workTable(run), ...scaleTables(run), aimTable(run)].filter(({ rows }) => rows.length > 0);
  return [...tables.map(asColumns), conditionsOf(run).join("\n")].join("\n\n");
}

function asColumns({ heads, rows, texts }: Table): string {
  const all = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column < texts ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ");
  return all.map(line).join("\n");
}
