import type { Invocation } from "./command.ts";

/** Prints the result of a command, one JSON object with --json and lines without, and returns exit code 0. */
export function print(
  { flags, terminal }: Pick<Invocation, "terminal"> & { flags: { json: boolean } },
  object: object,
  lines: readonly string[],
): number {
  if (flags.json) terminal.out(JSON.stringify(object));
  else for (const line of lines) terminal.out(line);
  return 0;
}

/** Names and values in two columns. A row without a value is left out. */
export function labelledLines(rows: readonly (readonly [name: string, value: string | undefined])[]): string[] {
  const shown = rows.filter((row): row is [string, string] => row[1] !== undefined);
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`);
}

/** Rows below a header; each column is as wide as its widest cell. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const cells = [header, ...rows].map((row) => row.map(printable));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}

/** Replaces characters that could move the cursor, colour the screen or reverse the text (OP-02). */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, "\u{fffd}");

export const timeText = (at: number): string => new Date(at * 1000).toISOString().replace(".000Z", "Z");

/** A duration in its largest whole unit: `10 min`, `30 d`. */
export function durationText(seconds: number): string {
  for (const [unit, length] of [
    ["d", 86_400],
    ["h", 3600],
    ["min", 60],
  ] as const) {
    if (seconds >= length && seconds % length === 0) return `${seconds / length} ${unit}`;
  }
  return `${seconds} s`;
}
