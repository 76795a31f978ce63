import type { Terminal } from "./terminal.ts";

/** A flag as --help shows it. `value` stands for the flag's value there, such as DIR in `--data DIR`. */
export type Flag =
  | { type: "boolean"; summary: string; multiple?: undefined }
  | { type: "string"; value: string; summary: string; multiple?: boolean };

export type Flags = Readonly<Record<string, Flag>>;

type ValueOf<F extends Flag> = F extends { type: "boolean" }
  ? boolean
  : F extends { multiple: true }
    ? readonly string[]
    : string | undefined;
export type Values<F extends Flags> = { [Name in keyof F]: ValueOf<F[Name]> };

/** A parsed command line: a value for every flag, and as many operands as the command declares. */
export type Invocation<F extends Flags = Flags, O extends readonly string[] = readonly string[]> = {
  flags: Values<F> & { json: boolean };
  operands: { [At in keyof O]: string };
  terminal: Terminal;
};

type Definition<F extends Flags, O extends readonly string[]> = {
  /** As it is typed: `app create`. */
  name: string;
  /** What stands for each operand in --help. */
  operands: O;
  /** One line for the list of commands, without a full stop. */
  summary: string;
  /** For the command's own --help: examples, consequences, exit codes. */
  details: string;
  flags: F;
  /** Returns the exit code. */
  run(invocation: Invocation<F, O>): Promise<number>;
};

export type Command = Definition<Flags, readonly string[]>;

/** Gives `run` the types of the flags and operands that this command declares. */
export function command<const F extends Flags, const O extends readonly string[]>(
  definition: Definition<F, O>,
): Command {
  return definition;
}

/** The flags of every command that opens the data directory. */
export const dataFlags = {
  data: { type: "string", value: "DIR", summary: "the data directory (default ./symbolon-data)" },
  config: {
    type: "string",
    value: "FILE",
    summary: "the configuration file (default ./symbolon.config.ts, if it exists)",
  },
} as const satisfies Flags;
