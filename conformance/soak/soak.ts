import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { soakChart, soakPage } from "./chart.ts";
import { runSoak } from "./run-soak.ts";
import { measures, slopePerHour } from "./samples.ts";

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
  console.log("npm run soak -- [--minutes N] [--grants N] [--out DIRECTORY]   writes DIRECTORY/soak.md and DIRECTORY/images/soak.svg");
} else {
  const seconds = Number(values.minutes) * 60;
  const sampleSeconds = Math.max(2, seconds / 180);
  const report = await runSoak({
    seconds,
    sampleSeconds,
    grants: Number(values.grants),
    onSample: (sample) => console.log(measures.map((measure) => `${measure} ${sample[measure].toFixed(1)}`).join("  ")),
  });
  for (const measure of measures) console.log(`slope of ${measure}: ${slopePerHour(report.samples, measure).toFixed(2)} an hour`);
  for (const [name, count] of Object.entries(report.answers)) console.log(`  ${name}: ${count}`);
  if (values.out !== undefined) {
    writeFileSync(join(values.out, "images", "soak.svg"), soakChart(report.samples));
    writeFileSync(join(values.out, "soak.md"), soakPage(report, `Node ${process.versions.node}, ${cpus().length} cores, shared with other work.`));
  }
  process.exitCode = Object.keys(report.answers).some((name) => / 5\d\d$/.test(name)) ? 1 : 0;
}
