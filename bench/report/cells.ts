import type { Line } from "../measure.ts";
import type { Quartiles } from "../scale/sweep.ts";
import { aimsOf } from "./aims.ts";
import type { Report } from "./report.ts";

/** A table: heads, and rows of as many cells. The first `texts` columns are words, the others numbers. */
export type Table = { heads: readonly string[]; rows: readonly (readonly string[])[]; texts: number };

const whole = (number: number): string => Math.round(number).toLocaleString("en");
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

export const workTable = ({ lines }: Report): Table => ({
  heads: ["work", "server", "requests/s", "p50 ms", "p99 ms", "CPU µs/request", "peak MB", "× bare", "× bare by CPU"],
  rows: lines.map(cellsOf),
  texts: 2,
});

const cellsOf = (line: Line): string[] => [
  line.work,
  line.server,
  line.tokens === 1
    ? whole(line.requestsPerSecond)
    : `${whole(line.requestsPerSecond)} (${whole(line.requestsPerSecond * line.tokens)} tokens/s)`,
  line.p50Ms.toFixed(2),
  line.p99Ms.toFixed(2),
  line.cpuMicrosPerRequest.toFixed(1),
  megabytes(line.peakBytes),
  line.ofBare.toFixed(2),
  line.ofBareByCpu.toFixed(2),
];

/** Empty where nothing of it was measured. */
export const aimTable = (run: Report): Table => ({
  heads: ["what", "aim", "by requests/s", "by CPU time", ""],
  rows: aimsOf(run).map(({ what, aim, reached, byCpu, isMet }) => [
    what,
    aim,
    reached,
    byCpu ?? "",
    isMet ? "met" : "missed",
  ]),
  texts: 2,
});

const between = ([lower, , upper]: Quartiles): string => `${lower.toFixed(2)}–${upper.toFixed(2)}`;

/** Further tables, of us alone. */
export function scaleTables({ scale: { sizes, growth, sweep, start } }: Report): Table[] {
  const tables: Table[] = [];
  if (sizes !== undefined) {
    tables.push({
      heads: [
        "introspect at",
        "tokens asked about",
        "requests/s",
        "CPU µs/request",
        "× first by CPU",
        "× first",
        "resident MB",
        "seeded in s",
      ],
      rows: sizes.map((size) => [
        `${whole(size.grants)} grants`,
        whole(size.tokens),
        whole(size.requestsPerSecond),
        size.cpuMicrosPerRequest.toFixed(1),
        size.timesFirstByCpu.toFixed(2),
        size.timesFirst.toFixed(2),
        megabytes(size.residentBytes),
        whole(size.seedingSeconds),
      ]),
      texts: 1,
    });
  }
  if (growth !== undefined) {
    tables.push({
      heads: ["disk", "bytes per grant", "of the file", "refreshes", "of grants", "MB before", "MB after", "log MB"],
      rows: [
        [
          `${whole(growth.grants)} grants`,
          growth.bytesPerGrant.toFixed(0),
          growth.fileBytesPerGrant.toFixed(0),
          whole(growth.refreshes),
          whole(growth.families),
          (growth.bytesBefore / 1e6).toFixed(1),
          (growth.bytesAfter / 1e6).toFixed(1),
          (growth.logBytes / 1e6).toFixed(1),
        ],
      ],
      texts: 1,
    });
  }
  if (sweep !== undefined) {
    tables.push({
      heads: [
        `refreshes beside ${whole(sweep.rows)} rows`,
        "refreshes/s",
        "p50 ms",
        "p99 ms",
        "quartiles",
        "p99 × none of the round",
        "quartiles",
        "removed/s",
      ],
      rows: sweep.states.map(({ batch, answersPerSecond, p50Ms, p99Ms, timesNone, removedPerSecond }) => [
        batch === 0 ? "none is removed" : `${batch} each 100 ms`,
        whole(answersPerSecond[1]),
        p50Ms[1].toFixed(2),
        p99Ms[1].toFixed(2),
        between(p99Ms),
        timesNone[1].toFixed(2),
        between(timesNone),
        whole(removedPerSecond),
      ]),
      texts: 1,
    });
  }
  if (start !== undefined) {
    tables.push({
      heads: ["start of the command", "median ms", "worst ms", "resident MB"],
      rows: [
        [
          `${start.starts} times`,
          whole(start.milliseconds),
          whole(start.worstMilliseconds),
          start.residentBytes === undefined ? "–" : megabytes(start.residentBytes),
        ],
      ],
      texts: 1,
    });
  }
  return tables;
}
