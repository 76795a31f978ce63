import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { neverSeen, replayCommand, runSeeds, seedsFrom, simulate, type SeedsResult } from "@symbolon/testing";
import { describe, expect, test } from "vitest";

/** So that the runner hears from us now and then. */
const rest = async (): Promise<void> => void (await setImmediate());

const complaints = ({ failures }: SeedsResult): string[] => failures.map(({ seed, violation }) => `${violation}: ${replayCommand(seed)}`);

/** Those that found a real mistake, each with what it was. */
const keptSeeds = readFileSync(join(import.meta.dirname, "seeds.txt"), "utf8")
  .split("\n")
  .filter((line) => /^[0-9]/.test(line))
  .map((line) => Number.parseInt(line, 10));

describe("S1 S2 S3 S4 S5 S6 S7 S8: the server, simulated whole", () => {
  test("the same seed twice is the same run, and another seed another", async () => {
    const hashes = async (seeds: readonly number[]): Promise<number[]> => {
      const played = [];
      for (const seed of seeds) played.push((await simulate(seed)).traceHash);
      return played;
    };
    const seeds = Array.from(seedsFrom(1, 20));
    const first = await hashes(seeds);
    expect(await hashes(seeds.toReversed())).toEqual(first.toReversed());
    expect(new Set(first).size).toBe(seeds.length);
  });

  test("seeds that once found a mistake find none", { timeout: 60_000 }, async () => {
    expect(complaints(await runSeeds(keptSeeds, rest))).toEqual([]);
  });

  test("10,000 seeds keep every invariant, and reach every rare state", { timeout: 900_000 }, async () => {
    const result = await runSeeds(seedsFrom(1, 10_000), rest);
    expect(complaints(result)).toEqual([]);
    expect(neverSeen(result.sightings)).toEqual([]);
    expect(result.seeds).toBe(10_000);
  });
});
