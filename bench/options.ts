import { parseArgs } from "node:util";

export type Options = {
  /** Length of one measurement. */
  seconds: number;
  /** How often every contender is measured. */
  rounds: number;
  /** Rows in the store of each contender that has one. */
  grants: number;
  /** Names of contenders; empty: all. */
  only: readonly string[];
  json: boolean;
  /** Markdown file whose table is replaced. */
  out: string | undefined;
  /** Directory for the CPU profiles of the servers. */
  profile: string | undefined;
  /** Root of another checkout whose Symbolon runs in the same rounds: before and after, in one run. */
  beside: string | undefined;
};

/** What was asked cannot be done; the message says what can. */
export class Misused extends Error {
  override readonly name = "Misused";
}

export const usage = `npm run bench -- [flags]

Measures the token endpoints beside bare node:http, in alternating rounds of one run, each server on a core of its own.

  --seconds N     length of one measurement (default 2)
  --rounds N      measurements of each contender; medians are reported (default 5)
  --grants N      live grants in the store (default 10000)
  --only A,B      these contenders, and bare node:http (introspect, refresh, client-credentials)
  --json          print JSON instead of a table
  --out FILE      put the table into this Markdown file; nothing else is ever written
  --profile DIR   write a CPU profile of each server to this directory
  --beside DIR    measure the Symbolon of another checkout as well: before and after a change
  --help          print this
`;

/** Reads the flags; `undefined` where help was asked for. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parse(args);
  if (values.help === true) return undefined;
  return {
    seconds: within("seconds", values.seconds, 0.05, 60, 2),
    rounds: within("rounds", values.rounds, 1, 50, 5),
    grants: within("grants", values.grants, 100, 10_000_000, 10_000),
    only: values.only === undefined ? [] : values.only.split(","),
    json: values.json === true,
    out: values.out,
    profile: values.profile,
    beside: values.beside,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seconds: { type: "string" },
        rounds: { type: "string" },
        grants: { type: "string" },
        only: { type: "string" },
        json: { type: "boolean" },
        out: { type: "string" },
        profile: { type: "string" },
        beside: { type: "string" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new Misused(error instanceof Error ? error.message : String(error));
  }
}

/** Counts are whole; only `seconds` may be a fraction. */
function within(name: string, text: string | undefined, least: number, most: number, otherwise: number): number {
  if (text === undefined) return otherwise;
  const number = Number(text);
  const isWhole = Number.isInteger(number) || name === "seconds";
  if (text.trim() === "" || !isWhole || !(number >= least && number <= most)) {
    throw new Misused(`--${name} is a number from ${least} to ${most}`);
  }
  return number;
}
