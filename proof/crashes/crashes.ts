import { parseArgs } from "node:util";
import { ranOn, recordRun } from "../harness/record.ts";
import { crashLoop, type CrashReport } from "./crash-loop.ts";

/** `npm run crashes -- --kills 10000 --out docs`: a server under load, killed and started again on the same data. */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "20261122" },
    out: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const line = ({ kills, steps, grants, violations, slowestStartMs, seconds }: CrashReport): string => {
  const asked = Object.values(steps).reduce((sum, count) => sum + count, 0);
  return [
    `${kills} kills: ${asked} steps of ${grants} ended grants`,
    `${violations.length} violations`,
    `slowest start ${Math.round(slowestStartMs)} ms`,
    `${seconds.toFixed(0)} s`,
  ].join(", ");
};

if (values.help) {
  console.log("npm run crashes -- [--kills N] [--seed N] [--out DIRECTORY]   records the run in DIRECTORY/faults.md");
} else {
  const onKill = (report: CrashReport) => {
    if (report.kills % 100 === 0) console.log(line(report));
  };
  const report = await crashLoop({ kills: Number(values.kills), seed: Number(values.seed), onKill });
  for (const [name, count] of Object.entries(report.steps).sort()) console.log(`  ${name}: ${count}`);
  for (const violation of report.violations.slice(0, 10)) console.log(violation);
  if (values.out !== undefined)
    recordRun(
      values.out,
      "crashes",
      `R-01: ${line(report)}. \`npm run crashes -- --kills ${values.kills} --seed ${values.seed}\`, ${ranOn()}`,
    );
  console.log(line(report));
  process.exitCode = report.violations.length === 0 ? 0 : 1;
}
