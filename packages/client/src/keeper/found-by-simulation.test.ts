import { describe, expect, test } from "vitest";
import { createStage } from "./testing/stage.ts";

describe("what the simulation found, and is mended", () => {
  test("a pair adopted over a damaged record is young, also for a process that knew the record before", async () => {
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

  test("an answer that is lost again is asked for again in the same call, because nobody may ask before the window closes", async () => {
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

  test("a window begins with the first attempt, not with each, so that no replay ends an access token that has long to live", async () => {
    const { world, provider, process, record } = createStage({ kind: "grace", windowSeconds: 60 });
    const { keeper } = process();
    await keeper.adopt("1", provider.consent());
    await world.pass(1_000_000);
    const lost = { kind: "unknown", code: "connection" } as const;
    provider.faults.push("lost", ...Array.from({ length: 100 }, () => lost));
    for (let seconds = 0; seconds < 120; seconds += 10) {
      await world.run(keeper.token("1", { minimumLifeSeconds: 3000 }));
      await world.pass(10_000);
    }
    const [first, last] = [provider.posts[0]!, provider.posts.at(-1)!];
    expect(provider.posts.length).toBeGreaterThan(3);
    expect(last.atMs - first.atMs).toBeLessThan(60_000);
    expect(record()).toMatchObject({ state: "ambiguous", version: 1 });
    expect(provider.accepts((await keeper.token("1")).accessToken)).toBe(true);
  });
});
