import { setImmediate } from "node:timers/promises";
import { parseArgs } from "node:util";
import { neverSeen, rareStates, replayCommand, runSeeds, seedsFrom, simulate } from "@symbolon/testing";

/**
 * `npm run simulate -- --seeds 10000 --from 1` plays many seeds; `--seed N --trace` plays one and tells what happened.
 * Exits with 1 where an invariant was violated, or where many seeds never reached one of the rare states.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "10000" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
  },
});

/** Fewer seeds may miss a rare state by chance. */
const enoughToSeeAll = 10_000;

process.exitCode = values.seed === undefined ? await playMany(Number(values.from), Number(values.seeds)) : await playOne(Number(values.seed));

async function playOne(seed: number): Promise<number> {
  const { plan, trace, violation, traceHash } = await simulate(seed, { keepsTrace: values.trace });
  if (values.trace) console.log(`${JSON.stringify(plan, undefined, 1)}\n${trace.join("\n")}`);
  console.log(`seed ${seed}, trace ${traceHash.toString(16).padStart(8, "0")}: ${violation ?? "all invariants held"}`);
  return violation === undefined ? 0 : 1;
}

async function playMany(from: number, count: number): Promise<number> {
  const startedAt = performance.now();
  const { seeds, failures, sightings } = await runSeeds(seedsFrom(from, count), async () => void (await setImmediate()));
  const seconds = (performance.now() - startedAt) / 1000;
  for (const state of rareStates) console.log(`${String(sightings.get(state) ?? 0).padStart(8)}  ${state}`);
  for (const { seed, violation } of failures) console.log(`seed ${seed}: ${violation}\n  ${replayCommand(seed)}`);
  const missed = seeds >= enoughToSeeAll ? neverSeen(sightings) : [];
  for (const state of missed) console.log(`never reached: ${state}`);
  console.log(`${seeds} seeds from ${from} in ${seconds.toFixed(1)} s, ${Math.round(seeds / seconds)} a second; ${failures.length} failed`);
  return failures.length + missed.length === 0 ? 0 : 1;
}
