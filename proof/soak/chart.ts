import { lineChart } from "../../scripts/charts/line-chart.ts";
import { afterWarmUp, measures, slopePerHour, type Measure, type Sample } from "./samples.ts";
import type { SoakReport } from "./run-soak.ts";

const titles: Record<Measure, string> = {
  rssMb: "resident memory, MB",
  liveMb: "left by a full collection, MB",
  handles: "open handles",
  databaseMb: "database, MB",
  walMb: "write-ahead log, MB",
  p99Ms: "p99, ms",
  perSecond: "answers a second",
};

const number = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1));

/** A small chart for each measure, from zero, with its slope after the warm-up. */
export function soakChart(samples: readonly Sample[]): string {
  const minutes = (samples.at(-1)?.seconds ?? 1) / 60;
  return lineChart({
    title: "One server at half load over time",
    description: measures.map((measure) => `${titles[measure]}: ${slopeNote(samples, measure)}.`).join(" "),
    panels: measures.map((measure) => {
      const highest = Math.max(1, ...samples.map((sample) => sample[measure]));
      return {
        title: titles[measure],
        points: samples.map((sample) => ({ x: sample.seconds, y: sample[measure] })),
        highest,
        highestLabel: number(highest),
        note: `${number(minutes)} minutes; ${slopeNote(samples, measure)}`,
      };
    }),
  });
}

const slopeNote = (samples: readonly Sample[], measure: Measure): string =>
  `${number(slopePerHour(samples, measure))} an hour after the first third`;

/** The page with the chart, the conditions of the run, and the command to run it again. */
export function soakPage(
  { seconds, fullPerSecond, halfPerSecond, samples, answers, newGrants }: SoakReport,
  ranOn: string,
): string {
  const late = afterWarmUp(samples);
  const rows = measures.map((measure) => {
    const values = late.map((sample) => sample[measure]);
    const numbers = [values[0] ?? 0, values.at(-1) ?? 0, Math.max(...values), slopePerHour(samples, measure)];
    return `| ${[titles[measure], ...numbers.map(number)].join(" | ")} |`;
  });
  return `# Soak

One server process at half of what it can give (${number(fullPerSecond)} requests a second on that machine, so ${halfPerSecond}), for ${number(seconds / 60)} minutes:
tokens used, refreshed, redeemed, revoked, client credentials, mistakes; connections that come and go; new applications.
${ranOn}

![Resident memory, handles, files, p99 and throughput over time](images/soak.svg)

| | after the first third | at the end | highest | slope an hour |
|---|---|---|---|---|
${rows.join("\n")}

${newGrants} grants were made meanwhile, and as many ended. An ended grant stays as a row for a week; here it is swept as if that week
had gone by, so that the file of an hour shows what the file of a year does.

| answers | |
|---|---|
${Object.entries(answers)
  .map(([name, count]) => `| ${name} | ${count} |`)
  .join("\n")}

Run it again: \`npm run soak -- --minutes ${number(seconds / 60).replace(/\.0$/, "")} --out docs\`
`;
}
