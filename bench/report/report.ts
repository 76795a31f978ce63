import { statfsSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import type { Cores } from "../cores.ts";
import { connectionCount } from "../load.ts";
import type { Line } from "../measure.ts";
import type { Options } from "../options.ts";
import type { Scale } from "../scale/scale.ts";

export type Measured = {
  lines: readonly Line[];
  /** How long it took to write the databases, by kind; those that were kept from an earlier run are absent. */
  seeding: Readonly<Record<string, number>>;
  scale: Scale;
};

/** The results of a run and its conditions, without the name of the machine. */
export type Report = Measured & {
  command: string;
  node: string;
  sqlite: string;
  cores: number;
  pinned: boolean;
  connections: number;
  grants: number;
  inUse: number;
  rounds: number;
  seconds: number;
  /** Whether a commit can reach a disk at all, where the databases were. */
  onDisk: boolean;
};

export function report(measured: Measured, options: Options, cores: Cores | undefined): Report {
  const { seconds, rounds, grants, inUse } = options;
  return {
    command: commandOf(options),
    node: process.versions.node,
    sqlite: process.versions["sqlite"] ?? "unknown",
    cores: cpus().length,
    pinned: cores !== undefined,
    connections: connectionCount,
    grants,
    inUse: Math.min(inUse, grants),
    rounds,
    seconds,
    onDisk: isOnDisk(tmpdir()),
    ...measured,
  };
}

/** Directories and files are omitted: they differ from run to run. */
function commandOf({ seconds, rounds, grants, inUse, only, sizes, growth, sweep, start }: Options): string {
  const isScale = sizes.length > 0 || growth !== undefined || sweep !== undefined || start;
  const parts = [
    `npm run bench -- --seconds ${seconds} --rounds ${rounds} --grants ${grants}`,
    ...(isScale ? [] : [`--in-use ${inUse}`]),
    ...(only.length === 0 ? [] : [`--only "${only.join(",")}"`]),
    ...(sizes.length === 0 ? [] : [`--sizes ${sizes.join(",")}`]),
    ...(growth === undefined ? [] : [`--growth ${growth}`]),
    ...(sweep === undefined ? [] : [`--sweep ${sweep}`]),
    ...(start ? ["--start"] : []),
  ];
  return parts.join(" ");
}

const tmpfsMagic = 0x01021994;
const ramfsMagic = 0x858458f6;

const isOnDisk = (directory: string): boolean => ![tmpfsMagic, ramfsMagic].includes(statfsSync(directory).type);

/** What holds for the whole table. */
export function conditionsOf(run: Report): string[] {
  const { node, sqlite, cores, pinned, connections, grants, inUse, rounds, seconds, onDisk, seeding, lines } = run;
  const seeded = Object.entries(seeding).map(([kind, time]) => `${kind} ${time.toFixed(0)} s`);
  const rows =
    lines.length === 0
      ? ""
      : `${grants.toLocaleString("en")} live grants, ${inUse.toLocaleString("en")} of them in use. `;
  return [
    `Medians of ${rounds} alternating rounds of ${seconds} s; ${connections} connections. ${rows}Node ${node}, SQLite ${sqlite}, ${cores} cores.`,
    pinned
      ? "Every server ran on one core, the load generator on another."
      : "Not pinned to cores (no taskset, or only one core): the servers shared theirs with the load generator.",
    ...(seeded.length === 0 ? [] : [`Seeding took: ${seeded.join(", ")}.`]),
    ...(onDisk
      ? []
      : ["The databases were on a file system in memory: nothing here is durable. Point TMPDIR at a disk."]),
  ];
}
