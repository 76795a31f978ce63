import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { neverSeen, replayCommand, runSeeds, seedsFrom, type SeedsResult, type Simulation } from "@symbolon/testing";
import { expect, test } from "vitest";

/** Yields now and then, so that the test runner stays responsive. */
export const rest = async (): Promise<void> => void (await setImmediate());

const complaints = (simulation: Simulation, { failures }: SeedsResult): string[] =>
  failures.map(({ seed, violation }) => `${violation}: ${replayCommand(simulation, seed)}`);

/** The tests of a simulation. `folder` has seeds.txt: the seeds that found a real mistake, each with a description. */
export function simulationHolds(simulation: Simulation, folder: string): void {
  const keptSeeds = readFileSync(join(folder, "seeds.txt"), "utf8")
    .split("\n")
    .filter((line) => /^[0-9]/.test(line))
    .map((line) => Number.parseInt(line, 10));

  test("the same seed twice is the same run, and another seed another", async () => {
    const hashes = async (seeds: readonly number[]): Promise<number[]> => {
      const played = [];
      for (const seed of seeds) played.push((await simulation.play(seed)).traceHash);
      return played;
    };
    const seeds = Array.from(seedsFrom(1, 20));
    const first = await hashes(seeds);
    expect(await hashes(seeds.toReversed())).toEqual(first.toReversed());
    expect(new Set(first).size).toBe(seeds.length);
  });

  test("seeds that once found a mistake find none", { timeout: 60_000 }, async () => {
    expect(complaints(simulation, await runSeeds(simulation, keptSeeds, rest))).toEqual([]);
  });

  test("10,000 seeds keep every invariant, and reach every rare state", { timeout: 900_000 }, async () => {
    const result = await runSeeds(simulation, seedsFrom(1, 10_000), rest);
    expect(complaints(simulation, result)).toEqual([]);
    expect(neverSeen(simulation, result.sightings)).toEqual([]);
    expect(result.seeds).toBe(10_000);
  });
}
