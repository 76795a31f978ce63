import { allFlags } from "./arguments.ts";
import type { Command, Flag } from "./command.ts";

/** The help of one command. */
export function helpOfCommand(command: Command): string {
  const flags = Object.entries(allFlags(command)).map(
    ([name, flag]) => [flagUsage(name, flag), flagSummary(flag)] as const,
  );
  const usage = ["symbolon", command.name, ...command.operands, "[flags]"].join(" ");
  return [
    capitalised(`${command.summary}.`),
    "",
    "Usage",
    `  ${usage}`,
    "",
    command.details.trim(),
    "",
    "Flags",
    ...columns(flags),
  ].join("\n");
}

/** The list of all commands, or of one group such as `app`. */
export function helpOfCommands(commands: readonly Command[], group?: string): string {
  const shown = commands.filter(({ name }) => group === undefined || name.startsWith(`${group} `));
  const rows = shown.map((command) => [[command.name, ...command.operands].join(" "), command.summary] as const);
  return [
    group === undefined ? "Symbolon: an OAuth 2.0 token system." : `symbolon ${group}`,
    "",
    "Usage",
    group === undefined ? "  symbolon COMMAND [flags]" : `  symbolon ${group} COMMAND [flags]`,
    "",
    "Commands",
    ...columns(rows),
    "",
    "symbolon --version prints the version.",
    "Every command has --help and --json. Commands work while the server runs, except restore.",
    "Exit codes: 0 done, 1 failed, 2 bad arguments or configuration.",
  ].join("\n");
}

const flagUsage = (name: string, flag: Flag): string =>
  flag.type === "boolean" ? `--${name}` : `--${name} ${flag.value}`;

const flagSummary = (flag: Flag): string =>
  flag.multiple === true ? `${flag.summary}; may be repeated` : flag.summary;

/** Two columns, indented by two; a text that is too wide goes on below itself. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.flatMap(([left, right]) =>
    wrapped(right, maximumColumns - width - 4).map(
      (line, index) => `  ${(index === 0 ? left : "").padEnd(width)}  ${line}`,
    ),
  );
}

const maximumColumns = 120;

function wrapped(text: string, columnCount: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length > 0 && line.length <= columnCount) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
