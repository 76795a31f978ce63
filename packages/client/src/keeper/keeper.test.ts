import { describe, expect, test } from "vitest";
import type { RotationClass } from "../rotation-class.ts";
import { createStage } from "./testing/stage.ts";

const classes: RotationClass[] = [
  { kind: "lazy" },
  { kind: "replay", windowSeconds: 120 },
  { kind: "grace", windowSeconds: 30 },
  { kind: "timed", everySeconds: 86_400 },
  { kind: "none" },
  { kind: "strict" },
];

describe.each(classes)("a provider of class $kind", (rotation) => {
  test("hands out adopted tokens without a request", async () => {
    const { world, provider, process } = createStage(rotation);
    const { keeper } = process();
    const tokens = provider.consent();
    await keeper.adopt("1", tokens, { subject: "anna" });
    const kept = await keeper.token("1");
    expect(kept.accessToken.reveal()).toBe(tokens.accessToken.reveal());
    expect(kept).toMatchObject({ version: 1, expiresInSeconds: 3600, volatile: false, scope: ["read", "write"] });
    expect(provider.posts).toEqual([]);
    expect(world.monotonicMs()).toBe(0);
  });

  test("refreshes once for a hundred callers in each of three processes at expiry", async () => {
    const { world, provider, process } = createStage(rotation);
    const processes = [process(), process(), process()];
    await processes[0]!.keeper.adopt("1", provider.consent());
    for (let round = 1; round <= 10; round++) {
      await world.pass(3_600_000);
      provider.faults.push({ afterMs: 700 });
      const asked = processes.flatMap(({ keeper }) => Array.from({ length: 100 }, () => keeper.token("1")));
      const kept = await world.run(Promise.all(asked));
      expect(provider.posts).toHaveLength(round);
      expect(new Set(kept.map(({ accessToken }) => accessToken.reveal())).size).toBe(1);
      expect(provider.accepts(kept[0]!.accessToken)).toBe(true);
    }
  });
});
