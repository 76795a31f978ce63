import { allFlags } from "./arguments.ts";
import type { Command, Flag } from "./command.ts";

/** The page of one command. */
export function helpOfCommand(command: Command): string {
  const flags = Object.entries(allFlags(command)).map(([name, flag]) => [flagText(name, flag), says(flag)] as const);
  const usage = ["symbolon", command.name, ...command.operands, "[flags]"].join(" ");
  return [capital(`${command.says}.`), "", `  ${usage}`, "", command.more.trim(), "", "Flags", ...columns(flags)].join(
    "\n",
  );
}

/** The page of all commands, or of those of a group such as `app`. */
export function helpOfCommands(commands: readonly Command[], group?: string): string {
  const shown = commands.filter(({ name }) => group === undefined || name.startsWith(`${group} `));
  const rows = shown.map((command) => [[command.name, ...command.operands].join(" "), command.says] as const);
  return [
    group === undefined ? "Symbolon: an OAuth 2.0 token system." : `symbolon ${group}`,
    "",
    "  symbolon COMMAND [flags]",
    "",
    "Commands",
    ...columns(rows),
    "",
    "Every command has --help and --json. Commands work while the server runs.",
  ].join("\n");
}

const flagText = (name: string, flag: Flag): string =>
  flag.type === "boolean" ? `--${name}` : `--${name} ${flag.value}`;

const says = (flag: Flag): string => (flag.multiple === true ? `${flag.says}; may be repeated` : flag.says);

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
