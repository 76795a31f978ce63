import { parseArgs } from "node:util";
import { wreak, type ChaosReport } from "./chaos.ts";
import { letExpire, type ExpiryReport } from "./expiries.ts";
import { storeKinds, type StoreKind } from "./stage.ts";

/**
 * `npm run keeper-processes -- --full`: 50 processes share one grant of each rule through 1,000 expiries, per store;
 * then the same with everything going wrong.
 */
const { values } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    store: { type: "string" },
    processes: { type: "string" },
    expiries: { type: "string" },
    rounds: { type: "string" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});

const size = (given: string | undefined, usual: number, full: number): number =>
  given === undefined ? (values.full ? full : usual) : Number(given);
const kinds: readonly StoreKind[] = values.store === undefined ? storeKinds : [values.store as StoreKind];
const processes = size(values.processes, 8, 50);
const expiries = size(values.expiries, 50, 1000);
const rounds = size(values.rounds, 50, 1000);

const expired = ({ kind, processes, expiries, refreshes, served, violations, seconds }: ExpiryReport): string =>
  `${kind}: ${processes} processes, ${expiries} expiries: ${served} answers, refreshes ${JSON.stringify(refreshes)}, ${violations.length} violations, ${seconds.toFixed(0)} s`;
const wrecked = ({
  kind,
  processes,
  rounds,
  kills,
  suspensions,
  spoiled,
  lateSends,
  strictEnded,
  violations,
  seconds,
}: ChaosReport): string =>
  `${kind}: ${processes} processes, ${rounds} rough rounds: ${kills} kills, ${suspensions} suspensions, ${spoiled} spoiled answers, ${lateSends} late sends, ${strictEnded} strict grants ended, ${violations.length} violations, ${seconds.toFixed(0)} s`;

/** An interrupted run leaves no process and no directory behind. */
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => process.exit(code));

if (values.help) {
  console.log(
    "npm run keeper-processes -- [--full] [--store files|sqlite|postgres] [--processes N] [--expiries N] [--rounds N] [--seed N]",
  );
} else {
  let found = 0;
  for (const kind of kinds) {
    if (expiries > 0) {
      const report = await letExpire({
        kind,
        processes,
        expiries,
        onRound: (report) => void (report.expiries % 100 === 0 && console.log(expired(report))),
      });
      console.log(expired(report));
      for (const violation of report.violations.slice(0, 10)) console.log(`  ${violation}`);
      found += report.violations.length;
    }
    if (rounds > 0) {
      const report = await wreak({
        kind,
        processes,
        rounds,
        seed: Number(values.seed),
        onRound: (report) => void (report.rounds % 50 === 0 && console.log(wrecked(report))),
      });
      console.log(wrecked(report));
      for (const [name, count] of [...Object.entries(report.posts), ...Object.entries(report.callers)].sort())
        console.log(`  ${name}: ${count}`);
      for (const line of [...report.violations.slice(0, 10), ...report.reports]) console.log(`  ${line}`);
      found += report.violations.length;
    }
  }
  // A library that starts PostgreSQL would otherwise exit with 0 despite violations.
  process.exit(found === 0 ? 0 : 1);
}
