import { parseArgs } from "node:util";
import { raceCodes } from "./codes.ts";
import { ranOn, recordRun } from "../harness/record.ts";
import { openField, type Field } from "./field.ts";
import type { RaceReport } from "./ledger.ts";
import { raceRefreshes } from "./refreshes.ts";
import { raceRevocations } from "./revocations.ts";

/** `npm run races -- --full`: two server processes, one SQLite file. Without --full, a tenth of each. */
const { values } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    codes: { type: "string" },
    tokens: { type: "string" },
    revocations: { type: "string" },
    out: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const size = (given: string | undefined, full: number): number =>
  given === undefined ? full / (values.full ? 1 : 10) : Number(given);

const races: ((field: Field) => Promise<RaceReport>)[] = [
  (field) => raceCodes(field, size(values.codes, 10_000), 20),
  (field) => raceRefreshes(field, size(values.tokens, 2_000), 50),
  (field) => raceRevocations(field, size(values.revocations, 100_000)),
];

if (values.help) {
  console.log(
    "npm run races -- [--full] [--codes N] [--tokens N] [--revocations N] [--out DIRECTORY]   records the run in DIRECTORY/faults.md",
  );
} else {
  const field = await openField();
  let found = 0;
  const lines: string[] = [];
  for (const race of races) {
    const { name, races: count, requests, checks, seconds, violations } = await race(field);
    lines.push(
      `${count} × ${name}: ${requests} requests, ${checks} checks, ${violations.length} violations, ${seconds.toFixed(1)} s`,
    );
    console.log(lines.at(-1));
    for (const violation of violations) console.log(`  ${violation}`);
    found += violations.length;
  }
  const faults = await field.close();
  for (const fault of faults) console.log(`  fault: ${fault}`);
  const command = `npm run races${
    process.argv.length > 2
      ? ` -- ${process.argv
          .slice(2)
          .filter((word, at, all) => word !== "--out" && all[at - 1] !== "--out")
          .join(" ")}`
      : ""
  }`;
  if (values.out !== undefined) recordRun(values.out, "races", `R-10: ${lines.join("; ")}. \`${command}\`, ${ranOn()}`);
  console.log(`${lines.length} races, ${found} violations, ${faults.length} faults`);
  process.exitCode = found + faults.length === 0 ? 0 : 1;
}
