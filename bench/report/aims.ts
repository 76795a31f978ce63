import type { Work } from "../contenders.ts";
import type { Line } from "../measure.ts";
import type { Report } from "./report.ts";

/**
 * The aims, and what this run measured. Work that does not wait for the disk is judged by processor time, which other
 * load on the machine hardly changes; work that does is judged by requests per second.
 */
export type Aim = { what: string; aim: string; reached: string; byCpu?: string; isMet: boolean };

const memoryPeer = "oidc-provider (memory)";
const durablePeer = "oidc-provider (SQLite)";

const waitsForDisk = (work: Work): boolean => work === "refresh" || work === "redeem";

/** The aims that this run measured. */
export function aimsOf(run: Report): Aim[] {
  const { scale } = run;
  return [
    ...ofBare(run, "introspect", 0.65),
    ...timesPeer(run, "introspect", 4, memoryPeer),
    ...tokensPerSecond(run, 300_000),
    ...ofBare(run, "client-credentials", 0.6),
    ...timesPeer(run, "client-credentials", 10, durablePeer),
    ...ofBare(run, "refresh", 0.4),
    ...timesPeer(run, "refresh", 20, durablePeer),
    ...(scale.sizes === undefined || scale.sizes.length < 2 ? [] : ofSizes(scale.sizes)),
    ...(scale.growth === undefined ? [] : ofDisk(scale.growth)),
    ...(scale.sweep === undefined ? [] : ofSweeping(scale.sweep)),
    ...(scale.start === undefined ? [] : ofStart(scale.start, run.grants)),
    ...ofMemory(run),
  ];
}

const lineOf = ({ lines }: Report, work: Work, server: string): Line[] =>
  lines.filter((line) => line.work === work && line.server === server);

const ofBare = (run: Report, work: Work, least: number): Aim[] =>
  lineOf(run, work, "symbolon").map((line) => ({
    what: `${work}, of bare node:http`,
    aim: `≥ ${least}`,
    reached: line.ofBare.toFixed(2),
    byCpu: line.ofBareByCpu.toFixed(2),
    isMet: (waitsForDisk(work) ? line.ofBare : line.ofBareByCpu) >= least,
  }));

const timesPeer = (run: Report, work: Work, least: number, peer: string): Aim[] =>
  lineOf(run, work, "symbolon").flatMap((own) =>
    lineOf(run, work, peer).map((other) => ({
      what: `${work}, beside ${peer}`,
      aim: `≥ ${least} ×`,
      reached: `${(own.ofBare / other.ofBare).toFixed(1)} ×`,
      byCpu: `${(own.ofBareByCpu / other.ofBareByCpu).toFixed(1)} ×`,
      isMet: (peer === memoryPeer ? own.ofBareByCpu / other.ofBareByCpu : own.ofBare / other.ofBare) >= least,
    })),
  );

const whole = (number: number): string => Math.round(number).toLocaleString("en");

const tokensPerSecond = (run: Report, least: number): Aim[] =>
  lineOf(run, "batch", "symbolon").map((line) => ({
    what: "batch introspection, on one core",
    aim: `≥ ${whole(least)} tokens/s`,
    reached: `${whole(line.requestsPerSecond * line.tokens)} tokens/s`,
    byCpu: `${whole((1e6 * line.tokens) / line.cpuMicrosPerRequest)} tokens/s`,
    isMet: (1e6 * line.tokens) / line.cpuMicrosPerRequest >= least,
  }));

/** The largest size, once for each number of tokens asked about. */
function ofSizes(sizes: NonNullable<Report["scale"]["sizes"]>): Aim[] {
  const first = sizes[0]!;
  const most = Math.max(...sizes.map(({ grants }) => grants));
  return sizes
    .filter(({ grants }) => grants === most)
    .map(({ grants, tokens, timesFirst, timesFirstByCpu }) => ({
      what: `introspect at ${whole(grants)} grants : at ${whole(first.grants)}, ${whole(tokens)} tokens in turn`,
      aim: "≤ 1.3",
      reached: timesFirst.toFixed(2),
      byCpu: timesFirstByCpu.toFixed(2),
      isMet: timesFirstByCpu <= 1.3,
    }));
}

const ofDisk = ({
  bytesPerGrant,
  bytesBefore,
  bytesAfter,
  refreshes,
}: NonNullable<Report["scale"]["growth"]>): Aim[] => [
  {
    what: "disk per live grant, with indexes",
    aim: "≤ 300 bytes",
    reached: `${bytesPerGrant.toFixed(0)} bytes`,
    isMet: bytesPerGrant <= 300,
  },
  {
    what: `growth over ${whole(refreshes)} refreshes`,
    aim: "none",
    reached: `${(100 * (bytesAfter / bytesBefore - 1)).toFixed(1)} %`,
    isMet: bytesAfter <= bytesBefore * 1.005,
  },
];

const ofSweeping = ({ ended, states }: NonNullable<Report["scale"]["sweep"]>): Aim[] =>
  states
    .filter(({ batch }) => batch > 0)
    .map(({ batch, timesNone: [, median] }) => ({
      what: `p99 of refresh while ${whole(ended)} ended rows are removed, ${batch} at a time`,
      aim: "≤ 1.10 × none",
      reached: `${median.toFixed(2)} ×`,
      isMet: median <= 1.1,
    }));

const ofStart = ({ milliseconds, residentBytes }: NonNullable<Report["scale"]["start"]>, grants: number): Aim[] => [
  {
    what: "first answer after start",
    aim: "≤ 400 ms",
    reached: `${whole(milliseconds)} ms`,
    isMet: milliseconds <= 400,
  },
  ...(residentBytes === undefined
    ? []
    : [memory(`resident memory at ${whole(grants)} grants, after start`, residentBytes)]),
];

/** Ours, work by work. */
const ofMemory = ({ lines, grants }: Report): Aim[] =>
  lines
    .filter(({ server }) => server === "symbolon")
    .map(({ work, peakBytes }) => memory(`peak memory at ${whole(grants)} grants, ${work}`, peakBytes));

const memory = (what: string, bytes: number): Aim => ({
  what,
  aim: "≤ 200 MB",
  reached: `${whole(bytes / 1e6)} MB`,
  isMet: bytes <= 200e6,
});
