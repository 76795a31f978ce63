import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keeperTrials } from "./keeper-trials.ts";
import { libraryTrials } from "./libraries/index.ts";
import { tableOf, withTable, type Row } from "./table.ts";
import type { Trial } from "./trial.ts";

/** `npm run trials`: installs the libraries in this folder if needed, runs every trial, and writes docs/trials.md. */
const here = import.meta.dirname;
const page = join(here, "..", "..", "docs", "trials.md");
const { dependencies } = JSON.parse(readFileSync(join(here, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
};

if (!Object.keys(dependencies).every((name) => existsSync(join(here, "node_modules", name)))) {
  console.log("Installing the libraries into proof/trials/node_modules …");
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });
}

async function rowOf({ scenario, subject, run }: Trial): Promise<Row> {
  const report = await run();
  console.log(`${scenario}: ${subject}: ${report.posts} POSTs, ${report.outcome}`);
  return { scenario, subject, version: dependencies[subject.split(" ")[0]!] ?? "", report };
}

const rows: Row[] = [];
for (const trial of [...libraryTrials, ...keeperTrials]) rows.push(await rowOf(trial));
const broken = keeperTrials.filter(
  ({ inevitable }, at) => inevitable !== true && !rows[libraryTrials.length + at]!.report.kept,
);
writeFileSync(page, withTable(readFileSync(page, "utf8"), tableOf(rows)));
console.log(`\n${tableOf(rows)}\n\nWritten into docs/trials.md.`);
process.exit(broken.length === 0 ? 0 : 1);
