import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "@symbolon/testing";
import { startChild } from "./child.ts";
import { kinds, newStage } from "./stages.ts";

const whole = /^(\d+):x{20000}$/;

describe.each(kinds)("C-04: several processes on one %s store", (kind) => {
  let stage: Awaited<ReturnType<typeof newStage>>;
  beforeAll(async () => {
    stage = await newStage(kind);
  });
  afterAll(() => stage.remove());

  test("lose no write: every number is acknowledged once", async () => {
    const children = [1, 2, 3, 4].map(() => startChild("counting.ts", [kind, stage.where, "counted", "60"]));
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
    const acknowledged = children.flatMap(({ lines }) => lines.map(Number)).sort((one, other) => one - other);
    expect(acknowledged).toEqual(Array.from({ length: 240 }, (_, n) => n + 1));
  });

  test("C-02: one that is killed at a random moment leaves a whole entry with all that was acknowledged, and nobody waits", async () => {
    const random = seededRandom(20_261_125);
    for (let round = 0; round < 8; round++) {
      const killAt = 1 + random.below(15);
      const [doomed, other] = [1, 2].map((n) =>
        startChild("counting.ts", [kind, stage.where, "killed", n === 1 ? "1000000" : "25"], (_, child) => {
          if (n === 1 && doomed!.lines.length === killAt) child.kill("SIGKILL");
        }),
      );
      expect(await doomed!.ended).toBe("SIGKILL");
      expect(await other!.ended).toBe(0);
      const store = await stage.open();
      const entry = (await store.read("killed"))!;
      expect(Number(whole.exec(entry.value)![1])).toBeGreaterThanOrEqual(
        Math.max(...[...doomed!.lines, ...other!.lines].map(Number)),
      );
      expect(await store.write("killed", entry.revision, entry.value)).toBeGreaterThan(entry.revision);
      await store.close();
    }
  }, 60_000);

  test("C-13: one that is stopped in the middle holds up nobody for long, and undoes nothing when it goes on", async () => {
    const random = seededRandom(7);
    for (let round = 0; round < (kind === "sqlite" ? 2 : 8); round++) {
      const stopAt = 1 + random.below(6);
      const sleeper = startChild("counting.ts", [kind, stage.where, "slept", String(stopAt + 5)], (_, child) => {
        if (sleeper.lines.length === stopAt) child.kill("SIGSTOP");
      });
      while (sleeper.lines.length < stopAt) await new Promise(setImmediate);
      const others = startChild("counting.ts", [kind, stage.where, "slept", "10"]);
      const how = await others.ended;
      sleeper.process.kill("SIGCONT");
      expect(await sleeper.ended).toBe(0);
      // SQLite's lock may be the sleeper's: then the others are told so, in bounded time.
      expect(how === 0 || (kind === "sqlite" && how === 7)).toBe(true);
      const numbers = [...sleeper.lines, ...others.lines].map(Number);
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  }, 60_000);
});
