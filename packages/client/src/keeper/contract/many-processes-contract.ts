import { describe, expect, test } from "vitest";
import type { KeeperStore } from "../store.ts";
import type { ContractStage } from "./stage-contract.ts";

/** Several stores over one place. */
export function describeManyProcesses(stage: ContractStage): void {
  describe("several processes", () => {
    test("what one wrote the other reads, and may replace", async () => {
      const other = await stage.another();
      const first = (await stage.store.write("g.1", 0, "one"))!;
      expect(await other.read("g.1")).toEqual({ revision: first, value: "one" });
      const second = await other.write("g.1", first, "two");
      expect(await stage.store.read("g.1")).toEqual({ revision: second, value: "two" });
      expect(await stage.store.write("g.1", first, "three")).toBeUndefined();
    });

    test("of fifty who create the same entry, one wins", async () => {
      const other = await stage.another();
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, at) => (at % 2 ? stage.store : other).write("g.1", 0, `${at}`)),
      );
      const won = answers.findIndex((answer) => answer !== undefined);
      expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
      expect(await stage.store.read("g.1")).toEqual({ revision: answers[won], value: `${won}` });
    });

    test("of fifty who replace the same revision, one wins", async () => {
      const other = await stage.another();
      const first = (await stage.store.write("g.1", 0, "start"))!;
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, at) => (at % 2 ? stage.store : other).write("g.1", first, `${at}`)),
      );
      const won = answers.findIndex((answer) => answer !== undefined);
      expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
      expect(await other.read("g.1")).toEqual({ revision: answers[won], value: `${won}` });
    });

    test("a count that ten keep together loses nothing", async () => {
      const stores = [stage.store, await stage.another(), await stage.another()];
      await stage.store.write("count", 0, "0");
      const add = async (one: KeeperStore): Promise<void> => {
        for (;;) {
          const { revision, value } = (await one.read("count"))!;
          if ((await one.write("count", revision, `${Number(value) + 1}`)) !== undefined) return;
        }
      };
      const worker = async (at: number): Promise<void> => {
        for (let round = 0; round < 10; round++) await add(stores[at % stores.length]!);
      };
      await Promise.all(Array.from({ length: 10 }, (_, at) => worker(at)));
      expect((await stage.store.read("count"))?.value).toBe("100");
    });

    test("of one who replaces and one who removes, one wins", async () => {
      const other = await stage.another();
      for (let round = 0; round < 20; round++) {
        const first = (await stage.store.write("g.1", 0, "start"))!;
        const [written, removed] = await Promise.all([
          stage.store.write("g.1", first, "kept"),
          other.remove("g.1", first),
        ]);
        expect(removed).toBe(written === undefined);
        expect((await stage.store.read("g.1"))?.value).toBe(removed ? undefined : "kept");
        if (written !== undefined) await stage.store.remove("g.1", written);
      }
    });

    test("what was written is there after everybody closed", async () => {
      const revision = await stage.store.write("g.1", 0, "one");
      await stage.reopen();
      expect(await stage.store.read("g.1")).toEqual({ revision, value: "one" });
    });
  });
}
