import { StoreUnavailable } from "@symbolon/server";
import { DatabaseRefused } from "@symbolon/store-sqlite";
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commands } from "./commands.ts";
import { suggestion } from "./did-you-mean.ts";
import { Failure, messageOf, UsageError } from "./failure.ts";
import { helpOfCommand, helpOfCommands } from "./help.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Runs one command line. Answers the exit code: 0 done, 1 not done, 2 not understood. Expected failures never show a
 * stack.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const [first] = args;
    if (first === undefined || first === "--help" || first === "-h" || first === "help") {
      terminal.out(helpOfCommands(commands));
      return first === undefined ? 2 : 0;
    }
    // `token explain` is a command, and so is `token`, whose operand is a name: the longer one is meant.
    const command = commands
      .filter((one) => isNamedBy(one, args))
      .toSorted((one, other) => other.name.length - one.name.length)[0];
    if (command === undefined) return showGroup(args, terminal);
    const ask = readArguments(command, args.slice(command.name.split(" ").length), terminal);
    if (ask !== "help") return await command.run(ask);
    terminal.out(helpOfCommand(command));
    return 0;
  } catch (error) {
    return report(error, args.includes("--json"), terminal);
  }
}

const isNamedBy = (command: Command, args: readonly string[]): boolean =>
  command.name.split(" ").every((word, index) => args[index] === word);

/** `symbolon app` and `symbolon app --help` show what there is below `app`. */
function showGroup([group = "", verb]: readonly string[], terminal: Terminal): number {
  const isGroup = commands.some(({ name }) => name.startsWith(`${group} `));
  if (isGroup && (verb === undefined || verb === "--help" || verb === "-h")) {
    terminal.out(helpOfCommands(commands, group));
    return verb === undefined ? 2 : 0;
  }
  const written = isGroup ? `${group} ${verb}` : group;
  const known = commands.map(({ name }) => (isGroup ? name : name.split(" ")[0]!));
  throw new UsageError(
    `There is no command "${written.slice(0, 40)}"${suggestion(written, known)}.`,
    "symbolon --help lists them.",
  );
}

function report(error: unknown, asJson: boolean, terminal: Terminal): number {
  const { message, remedy, code } = describe(error);
  if (asJson) terminal.err(JSON.stringify({ error: message, ...(remedy === undefined ? {} : { remedy }) }));
  else terminal.err(remedy === undefined ? message : `${message}\n${remedy}`);
  return code;
}

function describe(error: unknown): { message: string; remedy?: string | undefined; code: number } {
  if (error instanceof UsageError) return { message: error.message, remedy: error.remedy, code: 2 };
  if (error instanceof Failure) return { message: error.message, remedy: error.remedy, code: 1 };
  if (error instanceof DatabaseRefused) return { message: error.message, code: 1 };
  if (error instanceof StoreUnavailable)
    return {
      message: `The database does not answer: ${error.message}`,
      remedy: "Check the disk and its permissions, then try again.",
      code: 1,
    };
  return {
    message: `Something broke: ${messageOf(error)}`,
    remedy: error instanceof Error ? error.stack : undefined,
    code: 1,
  };
}
