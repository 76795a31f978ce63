import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ranOn } from "../harness/record.ts";
import { soakChart, soakPage } from "./chart.ts";
import { runSoak } from "./run-soak.ts";
import { measures, slopePerHour, type Measure } from "./samples.ts";

/** `npm run soak -- --minutes 60 --out docs`: hours at half load. Linux only. */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    grants: { type: "string", default: "20000" },
    out: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(
    "npm run soak -- [--minutes N] [--grants N] [--out DIRECTORY]   writes DIRECTORY/soak.md and DIRECTORY/images/soak.svg",
  );
} else {
  const seconds = Number(values.minutes) * 60;
  const sampleSeconds = Math.max(2, seconds / 180);
  const report = await runSoak({
    seconds,
    sampleSeconds,
    grants: Number(values.grants),
    onSample: (sample) => console.log(measures.map((measure) => `${measure} ${sample[measure].toFixed(1)}`).join("  ")),
  });
  for (const measure of measures)
    console.log(`slope of ${measure}: ${slopePerHour(report.samples, measure).toFixed(2)} an hour`);
  for (const [name, count] of Object.entries(report.answers)) console.log(`  ${name}: ${count}`);
  if (values.out !== undefined) {
    writeFileSync(join(values.out, "images", "soak.svg"), soakChart(report.samples));
    writeFileSync(join(values.out, "soak.md"), soakPage(report, `${ranOn()}.`));
  }
  const failures = Object.entries(report.answers)
    .filter(([name]) => / 5\d\d$/.test(name))
    .reduce((sum, [, count]) => sum + count, 0);
  const total = Object.values(report.answers).reduce((sum, count) => sum + count, 0);
  const slope = (measure: Measure): string => `${slopePerHour(report.samples, measure).toFixed(1)} an hour`;
  const slopes = [
    `memory ${slope("rssMb")} MB`,
    `live heap ${slope("liveMb")} MB`,
    `handles ${slope("handles")}`,
    `database ${slope("databaseMb")} MB`,
  ];
  console.log(`${values.minutes} minutes: ${total} answers, ${failures} failures; ${slopes.join(", ")}`);
  process.exitCode = failures > 0 ? 1 : 0;
}
