import { parseArgs } from "node:util";
import type { Ask, Command, Flags } from "./command.ts";
import { suggestion } from "./did-you-mean.ts";
import { UsageError } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

/** The flags that every command takes. */
const everywhere = {
  json: { type: "boolean", says: "print one JSON object, for machines" },
  help: { type: "boolean", says: "show this" },
} as const satisfies Flags;

export const allFlags = (command: Command): Flags => ({ ...command.flags, ...everywhere });

/**
 * Reads what follows the command's name. Answers "help" where help is asked for; refuses what it does not know, by
 * name.
 */
export function readArguments(command: Command, args: readonly string[], terminal: Terminal): Ask | "help" {
  const flags = allFlags(command);
  const { tokens } = parseArgs({
    args: [...args],
    options: parserOptions(flags),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, string | boolean | readonly string[] | undefined> = {};
  const operands: string[] = [];
  for (const [name, flag] of Object.entries(flags))
    values[name] = flag.multiple ? [] : flag.type === "boolean" ? false : undefined;

  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name]! : unknownFlag(command, token.rawName);
    if (flag.type === "boolean") {
      if (token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`, helpOf(command));
      values[token.name] = true;
    } else {
      const value = valueOf(token, command, flag.value);
      const before = values[token.name];
      if (flag.multiple) values[token.name] = [...(before as readonly string[]), value];
      else if (before === undefined) values[token.name] = value;
      else throw new UsageError(`${token.rawName} was given twice.`, helpOf(command));
    }
  }
  if (values["help"] === true) return "help";
  checkOperands(command, operands);
  return { flags: values as Ask["flags"], operands, terminal };
}

const parserOptions = (flags: Flags) =>
  Object.fromEntries(
    Object.entries(flags).map(([name, { type, multiple }]) => [name, { type, multiple: multiple === true }]),
  );

type OptionToken = { name: string; rawName: string; value?: string | undefined; inlineValue?: boolean | undefined };

/** `--data --json` forgot the directory; `--data=--json` means what it says. */
function valueOf(token: OptionToken, command: Command, placeholder: string): string {
  const isForgotten =
    token.value === undefined || token.value === "" || (token.inlineValue !== true && token.value.startsWith("--"));
  if (isForgotten)
    throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${placeholder}`, helpOf(command));
  return token.value!;
}

function unknownFlag(command: Command, rawName: string): never {
  const known = Object.keys(allFlags(command)).map((name) => `--${name}`);
  throw new UsageError(
    `symbolon ${command.name} does not know ${rawName}${suggestion(rawName, known)}.`,
    helpOf(command),
  );
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const missing = command.operands[operands.length];
  if (missing !== undefined) throw new UsageError(`symbolon ${command.name} needs ${missing}.`, helpOf(command));
  const extra = operands[command.operands.length];
  if (extra !== undefined)
    throw new UsageError(
      `symbolon ${command.name} does not know what to do with "${shortened(extra)}".`,
      helpOf(command),
    );
}

/** A token pasted in the wrong place does not end up on the screen. */
const shortened = (text: string): string => (text.length > 24 ? `${text.slice(0, 12)}…` : text);

const helpOf = (command: Command): string => `symbolon ${command.name} --help shows what it takes.`;
