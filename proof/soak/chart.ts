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

const panel = { width: 300, height: 120, gap: 40, left: 20, top: 40 };
const number = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1));

const columns = 4;

/** A small chart for each measure, from zero, with its slope after the warm-up. */
export function soakChart(samples: readonly Sample[]): string {
  const rows = Math.ceil(measures.length / columns);
  const [width, height] = [
    panel.left + columns * (panel.width + panel.gap),
    panel.top + rows * (panel.height + 2 * panel.gap),
  ];
  const panels = measures.map((measure, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    return `<g transform="translate(${panel.left + column * (panel.width + panel.gap)} ${panel.top + row * (panel.height + 2 * panel.gap)})">${drawPanel(samples, measure)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#333"><rect width="${width}" height="${height}" fill="#fff"/>\n${panels.join("\n")}\n</svg>\n`;
}

function drawPanel(samples: readonly Sample[], measure: Measure): string {
  const lastSecond = samples.at(-1)?.seconds ?? 1;
  const top = Math.max(1, ...samples.map((sample) => sample[measure]));
  const points = samples.map(
    (sample) =>
      `${((sample.seconds / lastSecond) * panel.width).toFixed(1)},${(panel.height * (1 - sample[measure] / top)).toFixed(1)}`,
  );
  return [
    `<text y="-8" font-weight="600">${titles[measure]}</text>`,
    `<path d="M0 0V${panel.height}H${panel.width}" fill="none" stroke="#999"/>`,
    `<polyline points="${points.join(" ")}" fill="none" stroke="#1f6feb" stroke-width="1.5"/>`,
    `<text x="4" y="10" fill="#777">${number(top)}</text>`,
    `<text y="${panel.height + 16}" fill="#777">${number(lastSecond / 60)} minutes; ${number(slopePerHour(samples, measure))} an hour after the first third</text>`,
  ].join("");
}

/** The page that shows the chart, with what was run and how to run it again. */
export function soakPage(
  { seconds, fullPerSecond, halfPerSecond, samples, answers, newGrants }: SoakReport,
  ranOn: string,
): string {
  const late = afterWarmUp(samples);
  const rows = measures.map((measure) => {
    const values = late.map((sample) => sample[measure]);
    return `| ${titles[measure]} | ${number(values[0] ?? 0)} | ${number(values.at(-1) ?? 0)} | ${number(Math.max(...values))} | ${number(slopePerHour(samples, measure))} |`;
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
