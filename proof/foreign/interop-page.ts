import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cell, tableRow } from "../../scripts/markdown-table.ts";
import type { Record, Row } from "./record.ts";

const records = join(import.meta.dirname, "records");
const page = join(import.meta.dirname, "..", "..", "docs", "interop.md");
const begin = "<!-- begin: npm run foreign -->";
const end = "<!-- end -->";

/** Rewrites the tables of docs/interop.md from the records. */
export function writeInteropPage(): void {
  const [before] = readFileSync(page, "utf8").split(begin);
  writeFileSync(page, `${before}${begin}\n\n${interopTables(readRecords())}\n\n${end}\n`);
}

export const readRecords = (): Record[] =>
  readdirSync(records)
    .sort()
    .map((name) => JSON.parse(readFileSync(join(records, name), "utf8")) as Record);

/** One table per language: a line per client and server, with the steps that worked and those that failed. */
export const interopTables = (found: readonly Record[]): string =>
  found.map(({ language, date, rows }) => `## ${language}, ${date}\n\n${tableOf(rows)}`).join("\n\n");

function tableOf(rows: readonly Row[]): string {
  const lines = Map.groupBy(rows, ({ client, version, server }) => `${client} ${version}\n${server}`);
  return [
    tableRow(["client", "against", "works", "fails"]),
    "|---|---|---|---|",
    ...[...lines].map(([key, steps]) => {
      const [client = "", server = ""] = key.split("\n");
      const failures = steps.filter(({ outcome }) => outcome === "fails");
      return tableRow([
        cell(client),
        cell(server),
        steps
          .filter(({ outcome }) => outcome === "works")
          .map(({ step }) => cell(step))
          .join(", "),
        failures.map(({ step, detail = "" }) => cell(`${step}: ${detail}`)).join("; ") || "–",
      ]);
    }),
  ].join("\n");
}
