import type { Terminal } from "./terminal.ts";

/** A flag as --help shows it; `value` is what stands for its value there. */
export type Flag =
  | { type: "boolean"; says: string; multiple?: undefined }
  | { type: "string"; value: string; says: string; multiple?: boolean };

export type Flags = Readonly<Record<string, Flag>>;

type ValueOf<F extends Flag> = F extends { type: "boolean" }
  ? boolean
  : F extends { multiple: true }
    ? readonly string[]
    : string | undefined;
export type Values<F extends Flags> = { [Name in keyof F]: ValueOf<F[Name]> };

/** `flags` hold a value for every flag; `operands` as many as the command names. */
export type Ask<F extends Flags = Flags, O extends readonly string[] = readonly string[]> = {
  flags: Values<F> & { json: boolean };
  operands: { [At in keyof O]: string };
  terminal: Terminal;
};

export type Command = {
  /** As it is typed: `app create`. */
  name: string;
  /** What stands for each operand in --help. */
  operands: readonly string[];
  /** One line for the list of commands. */
  says: string;
  /** More for its own --help: why, and an example or two. */
  more: string;
  flags: Flags;
  /** Answers the exit code. */
  run(ask: Ask): Promise<number>;
};

type Definition<F extends Flags, O extends readonly string[]> = {
  name: string;
  operands: O;
  says: string;
  more: string;
  flags: F;
  run(ask: Ask<F, O>): Promise<number>;
};

/** A command whose `run` sees its own flags, typed; the dispatcher hands every command what it declared. */
export function command<const F extends Flags, const O extends readonly string[]>(
  definition: Definition<F, O>,
): Command {
  return { ...definition, run: (ask) => definition.run(ask as unknown as Ask<F, O>) };
}

/** What every command that touches the data directory takes. */
export const dataFlags = {
  data: { type: "string", value: "DIR", says: "the data directory (default ./symbolon-data)" },
  config: { type: "string", value: "FILE", says: "the configuration (default ./symbolon.config.ts, if there is one)" },
} as const satisfies Flags;
