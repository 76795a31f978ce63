import { parseArgs } from "node:util";
import { raceCodes } from "./codes.ts";
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
    help: { type: "boolean", default: false },
  },
});

const size = (given: string | undefined, full: number): number => (given === undefined ? full / (values.full ? 1 : 10) : Number(given));

const races: ((field: Field) => Promise<RaceReport>)[] = [
  (field) => raceCodes(field, size(values.codes, 10_000), 20),
  (field) => raceRefreshes(field, size(values.tokens, 2_000), 50),
  (field) => raceRevocations(field, size(values.revocations, 100_000)),
];

if (values.help) {
  console.log("npm run races -- [--full] [--codes N] [--tokens N] [--revocations N]");
} else {
  const field = await openField();
  let found = 0;
  for (const race of races) {
    const { name, races: count, requests, checks, seconds, violations } = await race(field);
    console.log(`${count} × ${name}: ${requests} requests, ${checks} checks, ${violations.length} violations, ${seconds.toFixed(1)} s`);
    for (const violation of violations) console.log(`  ${violation}`);
    found += violations.length;
  }
  const faults = await field.close();
  for (const fault of faults) console.log(`  fault: ${fault}`);
  process.exitCode = found + faults.length === 0 ? 0 : 1;
}
