import { parseArgs } from "node:util";
import { seededRandom } from "@symbolon/testing";
import { ranOn, recordRun } from "../harness/record.ts";
import { openLaboratory, type Pair } from "./laboratory.ts";
import { Sample, welchT } from "./welch.ts";

/**
 * `npm run timing -- --samples 1000000`: measures whether two requests that must not be distinguishable take the same
 * time (OP-06). A report, not a test: times on a shared machine are not reliable; the tests count the work instead
 * (packages/server/src/clients/same-work.test.ts).
 */
const { values } = parseArgs({
  options: {
    samples: { type: "string", default: "100000" },
    passwords: { type: "string", default: "200" },
    out: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const bar = 4.5;
/** The slowest twentieth is dropped: garbage collections and other programs. */
const keptShare = 0.95;

async function measure({ name, one, other }: Pair, samples: number): Promise<string> {
  const random = seededRandom(samples);
  const limit = await slowest(one, other);
  const taken = [new Sample(), new Sample()] as const;
  while (taken[0].count < samples || taken[1].count < samples) {
    const which = random.below(2) as 0 | 1;
    const tookMs = await timed(which === 0 ? one : other);
    if (tookMs <= limit) taken[which].add(tookMs);
  }
  const t = welchT(...taken);
  const [first, second] = taken.map(({ mean }) => (1000 * mean).toFixed(2));
  const count = taken[0].count + taken[1].count;
  const verdict = Math.abs(t) < bar ? "" : "  DIFFERENT";
  return `${name}: |t| = ${Math.abs(t).toFixed(2)} over ${count} samples (${first} and ${second} µs)${verdict}`;
}

async function timed(ask: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await ask();
  return performance.now() - before;
}

async function slowest(one: () => Promise<unknown>, other: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < 200; at++) times.push(await timed(at % 2 === 0 ? one : other));
  return times.sort((a, b) => a - b)[Math.floor(times.length * keptShare)]!;
}

if (values.help) {
  console.log(
    "npm run timing -- [--samples N] [--passwords N] [--out DIRECTORY]   records the run in DIRECTORY/faults.md",
  );
} else {
  const laboratory = await openLaboratory();
  const lines: string[] = [];
  for (const pair of laboratory.pairs) {
    lines.push(await measure(pair, Number(pair.isSlow ? values.passwords : values.samples) / 2));
    console.log(lines.at(-1));
  }
  await laboratory.close();
  if (values.out !== undefined)
    recordRun(
      values.out,
      "timing",
      `OP-06: ${lines.join("; ")}. \`npm run timing -- --samples ${values.samples} --passwords ${values.passwords}\`, ${ranOn()}`,
    );
  console.log(`${lines.length} pairs, ${lines.filter((line) => line.endsWith("DIFFERENT")).length} different`);
}
