import { runSeeds, seedsFrom } from "@symbolon/testing";
import { describe, expect, test } from "vitest";
import { rest } from "../simulation/seed-suite.ts";
import { noFaults, type Plan } from "./plan.ts";
import { rareStates } from "./rare-states.ts";
import { playKeeper } from "./simulate-keeper.ts";
import { smallKeeper, type Flaw } from "./small-keeper.ts";

/** Several processes, and nothing that goes wrong. */
const calm = (plan: Plan): Plan => ({
  ...plan,
  faults: { ...noFaults, storeSlowMs: Math.min(plan.faults.storeSlowMs, 20_000), netSlowMs: plan.faults.netSlowMs },
  grants: plan.grants.map((grant) => ({ ...grant, userRevokes: false, weRevoke: false })),
  skewsMs: [0, 10, -10],
  clockStepsSeconds: [],
  crashes: 0,
  standstills: [],
  storePartitions: 0,
  netPartitions: 0,
  episodes: [],
  changesClient: false,
  damagesRecord: false,
  consentsAgain: false,
  consentsUnasked: false,
});

const played = (flaw: Flaw | undefined, seeds: number) =>
  runSeeds(
    {
      name: "simulate-keeper",
      rareStates,
      play: (seed, options) => playKeeper(smallKeeper(flaw), seed, { ...options, change: calm }),
    },
    seedsFrom(1, seeds),
    rest,
  );

describe("the simulation of the keeper detects wrong keepers", () => {
  test("a small keeper without a flaw passes, where nothing goes wrong", async () => {
    expect((await played(undefined, 60)).failures).toEqual([]);
  });

  test.each<[Flaw, RegExp]>([
    ["refreshes without a lease", /^(?:I1|I2|I5):/],
    ["uses before it persists", /^I2:/],
  ])("one that %s is caught within ten seeds", async (flaw, invariant) => {
    const { failures } = await played(flaw, 10);
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.filter(({ violation }) => !invariant.test(violation))).toEqual([]);
  });
});
