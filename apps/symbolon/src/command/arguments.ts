import { parseArgs } from "node:util";
import type { Command, Flags, Invocation } from "./command.ts";
import { suggestion } from "./did-you-mean.ts";
import { UsageError } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

/** The flags of every command. */
const commonFlags = {
  json: { type: "boolean", summary: "print one JSON object" },
  help: { type: "boolean", summary: "show this help" },
} as const satisfies Flags;

export const allFlags = (command: Command): Flags => ({ ...command.flags, ...commonFlags });

/**
 * Reads the arguments after the command's name. Returns "help" where --help is among them. Throws a UsageError that
 * names the flag or operand that is unknown, missing or repeated.
 */
export function readArguments(command: Command, args: readonly string[], terminal: Terminal): Invocation | "help" {
  const flags = allFlags(command);
  const { tokens } = parseArgs({
    args: [...args],
    options: parserOptions(flags),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = initialValues(flags);
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind === "option") setFlag(values, token, command, flags);
  }
  if (values["help"] === true) return "help";
  checkOperands(command, operands);
  return { flags: { ...values, json: values["json"] === true }, operands, terminal };
}

type FlagValue = string | boolean | readonly string[] | undefined;

const initialValues = (flags: Flags): Record<string, FlagValue> =>
  Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      flag.multiple ? [] : flag.type === "boolean" ? false : undefined,
    ]),
  );

const parserOptions = (flags: Flags) =>
  Object.fromEntries(
    Object.entries(flags).map(([name, { type, multiple }]) => [name, { type, multiple: multiple === true }]),
  );

type OptionToken = { name: string; rawName: string; value?: string | undefined; inlineValue?: boolean | undefined };

function setFlag(values: Record<string, FlagValue>, token: OptionToken, command: Command, flags: Flags): void {
  const { name, rawName } = token;
  const flag = Object.hasOwn(flags, name) ? flags[name]! : refuseUnknownFlag(command, rawName);
  if (flag.type === "boolean") {
    if (token.value !== undefined) throw new UsageError(`${rawName} takes no value.`, helpHint(command));
    values[name] = true;
    return;
  }
  const value = requiredValue(token, command, flag.value);
  const before = values[name];
  if (Array.isArray(before)) values[name] = [...before, value];
  else if (before === undefined) values[name] = value;
  else throw new UsageError(`${rawName} was given twice.`, helpHint(command));
}

/** In `--data --json` the directory is missing; `--data=--json` names a directory. */
function requiredValue(token: OptionToken, command: Command, placeholder: string): string {
  const { value, rawName } = token;
  const isMissing = value === undefined || value === "" || (token.inlineValue !== true && value.startsWith("--"));
  if (isMissing) throw new UsageError(`${rawName} needs a value: ${rawName} ${placeholder}`, helpHint(command));
  return value;
}

function refuseUnknownFlag(command: Command, rawName: string): never {
  const known = Object.keys(allFlags(command)).map((name) => `--${name}`);
  throw new UsageError(
    `symbolon ${command.name} does not know ${rawName}${suggestion(rawName, known)}.`,
    helpHint(command),
  );
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const missing = command.operands[operands.length];
  if (missing !== undefined) throw new UsageError(`symbolon ${command.name} needs ${missing}.`, helpHint(command));
  const extra = operands[command.operands.length];
  if (extra !== undefined)
    throw new UsageError(`symbolon ${command.name} has no use for "${shortened(extra)}".`, helpHint(command));
}

/** A token that was pasted in the wrong place is not printed whole. */
const shortened = (text: string): string => (text.length > 24 ? `${text.slice(0, 12)}…` : text);

const helpHint = (command: Command): string => `symbolon ${command.name} --help shows its flags and operands.`;
