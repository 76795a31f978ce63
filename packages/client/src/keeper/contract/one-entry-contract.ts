import { describe, expect, test } from "vitest";
import type { ContractStage } from "./stage-contract.ts";

/** A write and a removal are compare-and-sets. */
export function describeOneEntry(stage: ContractStage): void {
  describe("write is a compare-and-set", () => {
    test("reads undefined for a key that was never written", async () => {
      expect(await stage.store.read("g.1")).toBeUndefined();
      expect(await stage.list("")).toEqual([]);
    });

    test("creates with expected revision 0", async () => {
      const revision = await stage.store.write("g.1", 0, "one");
      expect(revision).toBeGreaterThan(0);
      expect(Number.isSafeInteger(revision)).toBe(true);
      expect(await stage.store.read("g.1")).toEqual({ revision, value: "one" });
    });

    test("changes nothing with expected revision 0 where there is an entry", async () => {
      const revision = await stage.store.write("g.1", 0, "one");
      expect(await stage.store.write("g.1", 0, "two")).toBeUndefined();
      expect(await stage.store.read("g.1")).toEqual({ revision, value: "one" });
    });

    test("replaces with the right revision, and answers a new one", async () => {
      const first = (await stage.store.write("g.1", 0, "one"))!;
      const second = await stage.store.write("g.1", first, "two");
      expect(second).toBeDefined();
      expect(second).not.toBe(first);
      expect(await stage.store.read("g.1")).toEqual({ revision: second, value: "two" });
    });

    test("writing the same text again gives a new revision", async () => {
      const first = (await stage.store.write("g.1", 0, "one"))!;
      const second = await stage.store.write("g.1", first, "one");
      expect(second).toBeDefined();
      expect(second).not.toBe(first);
    });

    test("changes nothing with an old revision", async () => {
      const first = (await stage.store.write("g.1", 0, "one"))!;
      const second = (await stage.store.write("g.1", first, "two"))!;
      expect(await stage.store.write("g.1", first, "three")).toBeUndefined();
      expect(await stage.store.read("g.1")).toEqual({ revision: second, value: "two" });
    });

    test("changes nothing with a revision that was never given", async () => {
      const first = (await stage.store.write("g.1", 0, "one"))!;
      expect(await stage.store.write("g.1", first + 1, "two")).toBeUndefined();
      expect(await stage.store.read("g.1")).toEqual({ revision: first, value: "one" });
    });

    test("does not create with a revision above 0", async () => {
      expect(await stage.store.write("g.1", 7, "one")).toBeUndefined();
      expect(await stage.store.read("g.1")).toBeUndefined();
    });

    test("each key has its own revision", async () => {
      const one = (await stage.store.write("g.1", 0, "one"))!;
      await stage.store.write("g.2", 0, "two");
      expect(await stage.store.write("g.1", one, "three")).toBeDefined();
      expect((await stage.store.read("g.2"))?.value).toBe("two");
    });
  });

  describe("remove is a compare-and-set", () => {
    test("removes with the right revision", async () => {
      const revision = (await stage.store.write("g.1", 0, "one"))!;
      expect(await stage.store.remove("g.1", revision)).toBe(true);
      expect(await stage.store.read("g.1")).toBeUndefined();
      expect(await stage.list("")).toEqual([]);
    });

    test("does not remove with an old revision", async () => {
      const first = (await stage.store.write("g.1", 0, "one"))!;
      await stage.store.write("g.1", first, "two");
      expect(await stage.store.remove("g.1", first)).toBe(false);
      expect((await stage.store.read("g.1"))?.value).toBe("two");
    });

    test("does not remove a missing entry", async () => {
      expect(await stage.store.remove("g.1", 1)).toBe(false);
    });

    test("refuses a revision from before a removal for the entry that came after it", async () => {
      const before = [];
      for (let round = 0; round < 5; round++) {
        const first = (await stage.store.write("g.1", 0, "one"))!;
        const second = (await stage.store.write("g.1", first, "two"))!;
        for (const old of before) expect(await stage.store.write("g.1", old, "stale")).toBeUndefined();
        before.push(first, second);
        expect(await stage.store.remove("g.1", second)).toBe(true);
      }
      expect(new Set(before).size).toBe(10);
    });

    test("refuses it also after the place was closed and opened again", async () => {
      const first = (await stage.store.write("g.1", 0, "one"))!;
      await stage.store.remove("g.1", first);
      await stage.reopen();
      const second = await stage.store.write("g.1", 0, "two");
      expect(second).toBeDefined();
      expect(second).not.toBe(first);
    });
  });
}
