import type { Sightings } from "./rare-states.ts";
import { simulate } from "./simulate.ts";

export type SeedsResult = { seeds: number; failures: { seed: number; violation: string }[]; sightings: Sightings };

/** Plays the seeds one after the other. `rest` is awaited between two of them, for whoever wants a turn. */
export async function runSeeds(seeds: Iterable<number>, rest: () => Promise<void>): Promise<SeedsResult> {
  const result: SeedsResult = { seeds: 0, failures: [], sightings: new Map() };
  for (const seed of seeds) {
    const { violation, sightings } = await simulate(seed);
    result.seeds++;
    if (violation !== undefined) result.failures.push({ seed, violation });
    for (const [state, times] of sightings) result.sightings.set(state, (result.sightings.get(state) ?? 0) + times);
    if (result.failures.length >= 10) break;
    await rest();
  }
  return result;
}

export function* seedsFrom(first: number, count: number): Iterable<number> {
  for (let seed = first; seed < first + count; seed++) yield seed;
}

/** What somebody types to see one seed again. */
export const replayCommand = (seed: number): string => `npm run simulate -- --seed ${seed} --trace`;
