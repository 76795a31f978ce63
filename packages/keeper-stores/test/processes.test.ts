import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "@symbolon/testing";
import { startChild } from "./child.ts";
import { kinds, newStage } from "./stages.ts";

const intact = /^(\d+):x{20000}$/;

describe.each(kinds)("C-04: several processes on one %s store", (kind) => {
  let stage: Awaited<ReturnType<typeof newStage>>;
  beforeAll(async () => {
    stage = await newStage(kind);
  });
  afterAll(() => stage.remove());

  test("lose no write: each number is acknowledged exactly once", async () => {
    const children = [1, 2, 3, 4].map(() => startChild("counting-writer.ts", [kind, stage.where, "counted", "60"]));
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
    const acknowledged = children.flatMap(({ lines }) => lines.map(Number)).sort((one, other) => one - other);
    expect(acknowledged).toEqual(Array.from({ length: 240 }, (_, n) => n + 1));
  });

  test("C-02: a process killed at a random moment leaves an intact entry with every acknowledged write, and no lock", async () => {
    const random = seededRandom(20_261_125);
    for (let round = 0; round < 8; round++) {
      const killAt = 1 + random.below(15);
      const [killed, other] = [1, 2].map((n) =>
        startChild("counting-writer.ts", [kind, stage.where, "killed", n === 1 ? "1000000" : "25"], (_, child) => {
          if (n === 1 && killed!.lines.length === killAt) child.kill("SIGKILL");
        }),
      );
      expect(await killed!.ended).toBe("SIGKILL");
      expect(await other!.ended).toBe(0);
      const store = await stage.open();
      const entry = (await store.read("killed"))!;
      expect(Number(intact.exec(entry.value)![1])).toBeGreaterThanOrEqual(
        Math.max(...[...killed!.lines, ...other!.lines].map(Number)),
      );
      expect(await store.write("killed", entry.revision, entry.value)).toBeGreaterThan(entry.revision);
      await store.close();
    }
  }, 60_000);

  test("C-13: a process stopped during a write delays the others only briefly, and overwrites nothing when it continues", async () => {
    const random = seededRandom(7);
    for (let round = 0; round < (kind === "sqlite" ? 2 : 8); round++) {
      const stopAt = 1 + random.below(6);
      const stopped = startChild(
        "counting-writer.ts",
        [kind, stage.where, "stopped", String(stopAt + 5)],
        (_, child) => {
          if (stopped.lines.length === stopAt) child.kill("SIGSTOP");
        },
      );
      while (stopped.lines.length < stopAt) await new Promise(setImmediate);
      const others = startChild("counting-writer.ts", [kind, stage.where, "stopped", "10"]);
      const how = await others.ended;
      stopped.process.kill("SIGCONT");
      expect(await stopped.ended).toBe(0);
      // The stopped process may hold SQLite's lock. The others then reject within the timeout.
      expect(how === 0 || (kind === "sqlite" && how === 7)).toBe(true);
      const numbers = [...stopped.lines, ...others.lines].map(Number);
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  }, 60_000);
});
