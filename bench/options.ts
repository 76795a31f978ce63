import { parseArgs } from "node:util";

export type Options = {
  /** Length of one measurement. */
  seconds: number;
  /** How often every contender is measured. */
  rounds: number;
  /** Rows in the store of each contender that has one. */
  grants: number;
  /** How many of them are asked about and refreshed, evenly spread. */
  inUse: number;
  /** Names of works and of servers; empty: all. */
  only: readonly string[];
  json: boolean;
  /** Markdown file whose table is replaced. */
  out: string | undefined;
  /** SVG file that is written. */
  chart: string | undefined;
  /** Where seeded databases stay for the next run. */
  seedCache: string | undefined;
  /** Numbers of grants at which introspection is compared. */
  sizes: readonly number[];
  /** Refreshes after which the file is weighed again. */
  growth: number | undefined;
  /** How many of the grants have ended and are swept away under load. */
  sweep: number | undefined;
  /** Whether the time to the first answer is measured. */
  start: boolean;
  /** The client's calls and the keeper's stores, in place of the servers. */
  client: boolean;
  /** Directory for the CPU profiles of the servers. */
  profile: string | undefined;
  /** Root of another checkout whose Symbolon runs in the same rounds: before and after, in one run. */
  beside: string | undefined;
};

/** The flags are wrong; the message says what is allowed. */
export class Misused extends Error {
  override readonly name = "Misused";
}

export const usage = `npm run bench -- [flags]

Measures introspection, refresh, client credentials and code redemption beside bare node:http, bare Fastify and other
authorization servers, in alternating rounds of one run, each server on one core and the load on another.

  --seconds N      length of one measurement (default 1)
  --rounds N       measurements of each contender; medians are reported (default 2)
  --grants N       live grants in each database (default 10000)
  --in-use N       so many of them are asked about and refreshed, evenly spread (default 20000)
  --only A,B       these works (introspect, batch, refresh, client-credentials, redeem) or servers (symbolon, fastify, …)
  --seed-cache DIR keep the seeded databases there for the next run
  --json           print JSON instead of a table
  --out FILE       put the table into this Markdown file
  --chart FILE     draw the table as an SVG file
  --profile DIR    write a CPU profile of each server to this directory
  --beside DIR     measure the Symbolon of another checkout as well: before and after a change

Instead of the table, of ours alone:

  --sizes A,B      introspection at so many grants each, of tokens spread over all of them
  --growth N       bytes on disk per live grant, and growth over N refreshes of them
  --sweep N        refreshes while N ended rows of --grants are removed, beside refreshes while they are not
  --start          time from start to the first answer of the real command, and memory, at --grants
  --client         what the client adds to a call, and refreshes a second through the keeper on each store (15 rounds)

  --help           print this
`;

/** Reads the flags; undefined for --help. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parse(args);
  if (values.help === true) return undefined;
  return {
    seconds: within("seconds", values.seconds, 0.05, 60, 1),
    rounds: within("rounds", values.rounds, 1, 50, values.client === true ? 15 : 2),
    grants: within("grants", values.grants, 100, 10_000_000, 10_000),
    inUse: within("in-use", values["in-use"], 100, 2_000_000, 20_000),
    only: values.only === undefined ? [] : values.only.split(","),
    json: values.json === true,
    out: values.out,
    chart: values.chart,
    seedCache: values["seed-cache"],
    sizes: (values.sizes?.split(",") ?? []).map((size) => within("sizes", size, 100, 50_000_000, 0)),
    growth: values.growth === undefined ? undefined : within("growth", values.growth, 100, 100_000_000, 0),
    sweep: values.sweep === undefined ? undefined : within("sweep", values.sweep, 100, 10_000_000, 0),
    start: values.start === true,
    client: values.client === true,
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
        "in-use": { type: "string" },
        only: { type: "string" },
        "seed-cache": { type: "string" },
        chart: { type: "string" },
        sizes: { type: "string" },
        growth: { type: "string" },
        sweep: { type: "string" },
        start: { type: "boolean" },
        client: { type: "boolean" },
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
