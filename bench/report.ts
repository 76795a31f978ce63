import { existsSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import type { Cores } from "./cores.ts";
import { connectionCount } from "./load.ts";
import type { Line } from "./measure.ts";
import type { Options } from "./options.ts";

/** A run, with what a reader needs to judge it and to repeat it. Nothing here names the machine. */
export type Report = {
  command: string;
  node: string;
  sqlite: string;
  cores: number;
  pinned: boolean;
  connections: number;
  grants: number;
  rounds: number;
  seconds: number;
  /** Whether a commit can reach a disk at all, where the databases were. */
  onDisk: boolean;
  lines: readonly Line[];
};

export function report(lines: readonly Line[], { seconds, rounds, grants, only }: Options, cores: Cores | undefined): Report {
  const chosen = only.length === 0 ? "" : ` --only ${only.join(",")}`;
  return {
    command: `npm run bench -- --seconds ${seconds} --rounds ${rounds} --grants ${grants}${chosen}`,
    node: process.versions.node,
    sqlite: process.versions["sqlite"] ?? "unknown",
    cores: cpus().length,
    pinned: cores !== undefined,
    connections: connectionCount,
    grants,
    rounds,
    seconds,
    onDisk: isOnDisk(tmpdir()),
    lines,
  };
}

const tmpfsMagic = 0x01021994;
const ramfsMagic = 0x858458f6;

const isOnDisk = (directory: string): boolean => ![tmpfsMagic, ramfsMagic].includes(statfsSync(directory).type);

const heads = ["", "requests/s", "p50 ms", "p99 ms", "CPU µs/request", "peak MB", "× bare", "× bare by CPU"];

const cellsOf = (line: Line): string[] => [
  line.name,
  Math.round(line.requestsPerSecond).toLocaleString("en"),
  line.p50Ms.toFixed(2),
  line.p99Ms.toFixed(2),
  line.cpuMicrosPerRequest.toFixed(1),
  (line.peakBytes / 1e6).toFixed(0),
  line.ofBare.toFixed(2),
  line.ofBareByCpu.toFixed(2),
];

/** For a terminal: aligned columns, the names to the left and the numbers to the right. */
export function asText(run: Report): string {
  const rows = [heads, ...run.lines.map(cellsOf)];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const table = rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join("  "));
  return [...table, "", ...conditions(run)].join("\n");
}

export function asMarkdown(run: Report): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    row(heads),
    row(heads.map((_, column) => (column === 0 ? "---" : "---:"))),
    ...run.lines.map((line) => row(cellsOf(line))),
    "",
    ...run.lines.map(({ name, says }) => `- **${name}**: ${says}`),
    "",
    ...conditions(run),
    "",
    "```sh",
    run.command,
    "```",
  ].join("\n");
}

function conditions({ node, sqlite, cores, pinned, connections, grants, rounds, seconds, onDisk }: Report): string[] {
  return [
    `Medians of ${rounds} alternating rounds of ${seconds} s; ${connections} connections; ${grants.toLocaleString("en")} live grants. ` +
      `Node ${node}, SQLite ${sqlite}, ${cores} cores.`,
    pinned ? "Every server ran on one core, the load generator on another." : "Not pinned to cores (no taskset, or only one core): the servers shared theirs with the load generator.",
    ...(onDisk ? [] : ["The databases were on a file system in memory: nothing here is durable. Point TMPDIR at a disk."]),
  ];
}

const opening = "<!-- bench: from here to the closing mark, `npm run bench -- --out` writes -->";
const closing = "<!-- /bench -->";

/** Replaces what is between the marks, or makes a file that has them; whatever else is written there stays. */
export function writeMarkdown(path: string, run: Report): void {
  const text = existsSync(path) ? readFileSync(path, "utf8") : `# Benchmarks\n\n${opening}\n${closing}\n`;
  const from = text.indexOf(opening);
  const to = text.indexOf(closing);
  if (from < 0 || to < from) throw new Error(`${path} has no place for the table; it begins with the line ${opening} and ends with ${closing}`);
  writeFileSync(path, `${text.slice(0, from + opening.length)}\n\n${asMarkdown(run)}\n\n${text.slice(to)}`);
}
