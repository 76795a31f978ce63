import { readdirSync, readFileSync, statSync } from "node:fs";

/** What is watched while it runs. `seconds` since the load began. */
export type Sample = {
  seconds: number;
  rssMb: number;
  liveMb: number;
  handles: number;
  databaseMb: number;
  walMb: number;
  p99Ms: number;
  perSecond: number;
};

export const measures = [
  "rssMb",
  "liveMb",
  "handles",
  "databaseMb",
  "walMb",
  "p99Ms",
  "perSecond",
] as const satisfies readonly (keyof Sample)[];
export type Measure = (typeof measures)[number];

const mb = 2 ** 20;
const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** What a collection of all garbage left, as heap-on-signal.ts wrote it down. */
export function liveMbIn(heapFile: string): number {
  const { heapUsed, external } = JSON.parse(readFileSync(heapFile, "utf8")) as { heapUsed: number; external: number };
  return (heapUsed + external) / mb;
}

/** The process and its files as they are now. Linux only, for /proc. */
export function takeSample(
  pid: number,
  database: string,
  load: { seconds: number; latencies: readonly number[]; elapsedSeconds: number; liveMb: number },
): Sample {
  const rssKb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]);
  return {
    seconds: load.seconds,
    rssMb: rssKb / 1024,
    liveMb: load.liveMb,
    handles: readdirSync(`/proc/${pid}/fd`).length,
    databaseMb: sizeOf(database) / mb,
    walMb: sizeOf(`${database}-wal`) / mb,
    p99Ms: quantile(load.latencies, 0.99),
    perSecond: load.latencies.length / load.elapsedSeconds,
  };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** The samples after the first third, in which caches fill and code is compiled. */
export const afterWarmUp = (samples: readonly Sample[]): readonly Sample[] =>
  samples.slice(Math.floor(samples.length / 3));

/** Least squares: by how much a measure grows in an hour, after the warm-up. */
export function slopePerHour(samples: readonly Sample[], measure: Measure): number {
  const late = afterWarmUp(samples);
  const mean = (of: (sample: Sample) => number) => late.reduce((sum, sample) => sum + of(sample), 0) / late.length;
  const [meanSeconds, meanValue] = [mean(({ seconds }) => seconds), mean((sample) => sample[measure])];
  const spread = late.reduce((sum, { seconds }) => sum + (seconds - meanSeconds) ** 2, 0);
  const together = late.reduce(
    (sum, sample) => sum + (sample.seconds - meanSeconds) * (sample[measure] - meanValue),
    0,
  );
  return spread === 0 ? 0 : (together / spread) * 3600;
}
