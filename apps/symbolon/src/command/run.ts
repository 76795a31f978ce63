import { UnsafePath } from "@symbolon/durable-files";
import { StoreUnavailable } from "@symbolon/server";
import { DatabaseRefused } from "@symbolon/store-sqlite";
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commands } from "./commands.ts";
import { suggestion } from "./did-you-mean.ts";
import { Failure, messageOf, UsageError } from "./failure.ts";
import { describeFileError } from "./file-error.ts";
import { helpOfCommand, helpOfCommands } from "./help.ts";
import type { Terminal } from "./terminal.ts";
import { packageVersion } from "./version.ts";

/**
 * Runs one command line and returns the exit code: 0 done, 1 failed, 2 bad arguments or configuration. Expected
 * failures show a message and a remedy, never a stack.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const [first] = args;
    if (first === undefined || first === "--help" || first === "-h" || first === "help") {
      terminal.out(helpOfCommands(commands));
      return first === undefined ? 2 : 0;
    }
    if (first === "--version" || first === "-v") {
      terminal.out(`symbolon ${packageVersion()}`);
      return 0;
    }
    // `token explain` is a command, and so is `token NAME`: the longer name wins.
    const command = commands
      .filter((one) => isNamedBy(one, args))
      .toSorted((one, other) => other.name.length - one.name.length)[0];
    if (command === undefined) return showGroup(args, terminal);
    const invocation = readArguments(command, args.slice(command.name.split(" ").length), terminal);
    if (invocation !== "help") return await command.run(invocation);
    terminal.out(helpOfCommand(command));
    return 0;
  } catch (error) {
    return report(error, args.includes("--json"), terminal);
  }
}

const isNamedBy = (command: Command, args: readonly string[]): boolean =>
  command.name.split(" ").every((word, index) => args[index] === word);

/** `symbolon app` and `symbolon app --help` list the commands of the group `app`. */
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
    "symbolon --help lists the commands.",
  );
}

function report(error: unknown, asJson: boolean, terminal: Terminal): number {
  const { message, remedy, code } = describeError(error);
  if (asJson) terminal.err(JSON.stringify({ error: message, ...(remedy === undefined ? {} : { remedy }) }));
  else terminal.err(remedy === undefined ? message : `${message}\n${remedy}`);
  return code;
}

function describeError(error: unknown): { message: string; remedy?: string | undefined; code: number } {
  if (error instanceof UsageError) return { message: error.message, remedy: error.remedy, code: 2 };
  if (error instanceof Failure) return { message: error.message, remedy: error.remedy, code: 1 };
  if (error instanceof UnsafePath) return { message: error.message, remedy: error.remedy, code: 1 };
  if (error instanceof DatabaseRefused) return { message: error.message, code: 1 };
  if (error instanceof StoreUnavailable)
    return {
      message: `The database does not answer: ${error.message}`,
      remedy: "Check that the disk has space and that this user may write there, then try again.",
      code: 1,
    };
  const fileError = describeFileError(error);
  if (fileError !== undefined) return { ...fileError, code: 1 };
  return {
    message: `Unexpected error: ${messageOf(error)}`,
    remedy: error instanceof Error ? error.stack : undefined,
    code: 1,
  };
}
