import { describe, expect, test } from "vitest";
import type { KeeperStore } from "../store.ts";
import type { ContractStage } from "./stage-contract.ts";

/** Several stores over one place. */
export function describeManyProcesses(stage: ContractStage): void {
  describe("several processes", () => {
    test("one process reads and replaces what another wrote", async () => {
      const other = await stage.another();
      const first = (await stage.store.write("g.1", 0, "one"))!;
      expect(await other.read("g.1")).toEqual({ revision: first, value: "one" });
      const second = await other.write("g.1", first, "two");
      expect(await stage.store.read("g.1")).toEqual({ revision: second, value: "two" });
      expect(await stage.store.write("g.1", first, "three")).toBeUndefined();
    });

    test("one of fifty that create the same entry succeeds", async () => {
      const other = await stage.another();
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, at) => (at % 2 ? stage.store : other).write("g.1", 0, `${at}`)),
      );
      const won = answers.findIndex((answer) => answer !== undefined);
      expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
      expect(await stage.store.read("g.1")).toEqual({ revision: answers[won], value: `${won}` });
    });

    test("one of fifty that replace the same revision succeeds", async () => {
      const other = await stage.another();
      const first = (await stage.store.write("g.1", 0, "start"))!;
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, at) => (at % 2 ? stage.store : other).write("g.1", first, `${at}`)),
      );
      const won = answers.findIndex((answer) => answer !== undefined);
      expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
      expect(await other.read("g.1")).toEqual({ revision: answers[won], value: `${won}` });
    });

    test("a counter that ten processes share loses no increment", async () => {
      const stores = [stage.store, await stage.another(), await stage.another()];
      await stage.store.write("count", 0, "0");
      const add = async (one: KeeperStore): Promise<void> => {
        for (let tries = 0; tries < 1000; tries++) {
          const { revision, value } = (await one.read("count"))!;
          if ((await one.write("count", revision, `${Number(value) + 1}`)) !== undefined) return;
        }
        throw new Error("a thousand conflicts in a row");
      };
      const worker = async (at: number): Promise<void> => {
        for (let round = 0; round < 10; round++) await add(stores[at % stores.length]!);
      };
      await Promise.all(Array.from({ length: 10 }, (_, at) => worker(at)));
      expect((await stage.store.read("count"))?.value).toBe("100");
    });

    test("one of a replacement and a removal succeeds", async () => {
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

    test("keeps what was written after every store was closed", async () => {
      const revision = await stage.store.write("g.1", 0, "one");
      await stage.reopen();
      expect(await stage.store.read("g.1")).toEqual({ revision, value: "one" });
    });
  });
}
