import { describe, expect, test } from "vitest";
import { createStage } from "./testing/stage.ts";

describe("what the simulation found, each with its seed (conformance/keeper-simulation/seeds.txt)", () => {
  test("453: a pair adopted over a damaged record is young, also for a process that knew the record before", async () => {
    const { world, provider, process, place } = createStage({ kind: "none" });
    const [one, other] = [process(), process()];
    await one.keeper.adopt("1", provider.consent());
    await other.keeper.token("1");
    await world.pass(3_500_000);
    place.entries.set("g.1", { revision: place.entries.get("g.1")!.revision, value: '{"format":1,"id' });
    await one.keeper.adopt("1", provider.consent());
    expect((await other.keeper.token("1")).expiresInSeconds).toBe(3600);
    expect(provider.posts).toEqual([]);
  });

  test("1709: an answer that is lost again is asked for again in the same call, because nobody may ask before the window closes", async () => {
    const { world, provider, process, record } = createStage({ kind: "grace", windowSeconds: 60 });
    const { keeper } = process();
    await keeper.adopt("1", provider.consent());
    await world.pass(3_600_000);
    const lost = { kind: "unknown", code: "connection" } as const;
    provider.faults.push(lost, lost, lost);
    await world.run(keeper.tryToken("1"));
    await world.pass(120_000);
    expect(record()).toMatchObject({ state: "ambiguous", streak: 1 });
    provider.faults.push("lost");
    const kept = await world.run(keeper.token("1"));
    expect(provider.accepts(kept.accessToken)).toBe(true);
  });
});
