import { setImmediate } from "node:timers/promises";
import { parseArgs } from "node:util";
import { neverSeen, replayCommand, runSeeds, seedsFrom, type Simulation } from "@symbolon/testing";

/** Fewer seeds may miss a rare state by chance. */
const enoughToSeeAll = 10_000;

/**
 * `--seeds 10000 --from 1` runs many seeds; `--seed N --trace` runs one and prints its events. Returns the exit code: 1
 * if an invariant was violated, or if many seeds never reached one of the rare states.
 */
export async function playAsTold(simulation: Simulation): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "10000" },
      from: { type: "string", default: "1" },
      seed: { type: "string" },
      trace: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(`npm run ${simulation.name} -- [--seeds N] [--from N], or --seed N [--trace]`);
    return 0;
  }
  return values.seed === undefined
    ? await playMany(simulation, Number(values.from), Number(values.seeds))
    : await playOne(simulation, Number(values.seed), values.trace);
}

async function playOne({ play }: Simulation, seed: number, keepsTrace: boolean): Promise<number> {
  const { plan, trace, violation, traceHash } = await play(seed, { keepsTrace });
  if (keepsTrace) console.log(`${JSON.stringify(plan, undefined, 1)}\n${trace.join("\n")}`);
  console.log(`seed ${seed}, trace ${traceHash.toString(16).padStart(8, "0")}: ${violation ?? "all invariants held"}`);
  return violation === undefined ? 0 : 1;
}

async function playMany(simulation: Simulation, from: number, count: number): Promise<number> {
  const startedAt = performance.now();
  const { seeds, failures, sightings } = await runSeeds(
    simulation,
    seedsFrom(from, count),
    async () => void (await setImmediate()),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  for (const state of simulation.rareStates) console.log(`${String(sightings.get(state) ?? 0).padStart(8)}  ${state}`);
  for (const { seed, violation } of failures)
    console.log(`seed ${seed}: ${violation}\n  ${replayCommand(simulation, seed)}`);
  const missed = seeds >= enoughToSeeAll ? neverSeen(simulation, sightings) : [];
  for (const state of missed) console.log(`never reached: ${state}`);
  console.log(
    `${seeds} seeds from ${from} in ${seconds.toFixed(1)} s, ${Math.round(seeds / seconds)} a second; ${failures.length} failed`,
  );
  return failures.length + missed.length === 0 ? 0 : 1;
}
