import { runSeeds, seedsFrom } from "@symbolon/testing";
import { expect, test } from "vitest";
import { keeper } from "../keeper-simulation/keeper.ts";
import { playKeeper } from "../keeper-simulation/simulate-keeper.ts";
import { rest } from "../simulation/seed-suite.ts";

// Fewer seeds than `npm test` plays: what a hundred do not notice may still be noticed by ten thousand.
const seedsPerTest = 20;

for (let from = 1; from < 100; from += seedsPerTest)
  test(`seeds from ${from} keep every invariant`, { timeout: 120_000 }, async () => {
    const simulation = { name: "simulate-keeper", rareStates: [], play: playKeeper.bind(undefined, keeper) };
    expect((await runSeeds(simulation, seedsFrom(from, seedsPerTest), rest)).failures).toEqual([]);
  });
