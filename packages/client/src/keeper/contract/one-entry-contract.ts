import { describe, expect, test } from "vitest";
import type { ContractStage } from "./stage-contract.ts";

/** A write and a removal are compare-and-sets. */
export function describeOneEntry(stage: ContractStage): void {
  describe("write is a compare-and-set", () => {
    test("a key never written is not there", async () => {
      expect(await stage.store.read("g.1")).toBeUndefined();
      expect(await stage.list("")).toEqual([]);
    });

    test("expecting 0 creates, and what was written is read", async () => {
      const revision = await stage.store.write("g.1", 0, "one");
      expect(revision).toBeGreaterThan(0);
      expect(Number.isSafeInteger(revision)).toBe(true);
      expect(await stage.store.read("g.1")).toEqual({ revision, value: "one" });
    });

    test("expecting 0 where there is an entry changes nothing", async () => {
      const revision = await stage.store.write("g.1", 0, "one");
      expect(await stage.store.write("g.1", 0, "two")).toBeUndefined();
      expect(await stage.store.read("g.1")).toEqual({ revision, value: "one" });
    });

    test("the right revision replaces, and gets another one", async () => {
      const first = (await stage.store.write("g.1", 0, "one"))!;
      const second = await stage.store.write("g.1", first, "two");
      expect(second).toBeDefined();
      expect(second).not.toBe(first);
      expect(await stage.store.read("g.1")).toEqual({ revision: second, value: "two" });
    });

    test("the same text again is a write like any other", async () => {
      const first = (await stage.store.write("g.1", 0, "one"))!;
      const second = await stage.store.write("g.1", first, "one");
      expect(second).toBeDefined();
      expect(second).not.toBe(first);
    });

    test("an old revision changes nothing", async () => {
      const first = (await stage.store.write("g.1", 0, "one"))!;
      const second = (await stage.store.write("g.1", first, "two"))!;
      expect(await stage.store.write("g.1", first, "three")).toBeUndefined();
      expect(await stage.store.read("g.1")).toEqual({ revision: second, value: "two" });
    });

    test("a revision that nobody has had yet changes nothing", async () => {
      const first = (await stage.store.write("g.1", 0, "one"))!;
      expect(await stage.store.write("g.1", first + 1, "two")).toBeUndefined();
      expect(await stage.store.read("g.1")).toEqual({ revision: first, value: "one" });
    });

    test("a revision above 0 does not create", async () => {
      expect(await stage.store.write("g.1", 7, "one")).toBeUndefined();
      expect(await stage.store.read("g.1")).toBeUndefined();
    });

    test("each key has its own", async () => {
      const one = (await stage.store.write("g.1", 0, "one"))!;
      await stage.store.write("g.2", 0, "two");
      expect(await stage.store.write("g.1", one, "three")).toBeDefined();
      expect((await stage.store.read("g.2"))?.value).toBe("two");
    });
  });

  describe("remove is one too", () => {
    test("the right revision removes", async () => {
      const revision = (await stage.store.write("g.1", 0, "one"))!;
      expect(await stage.store.remove("g.1", revision)).toBe(true);
      expect(await stage.store.read("g.1")).toBeUndefined();
      expect(await stage.list("")).toEqual([]);
    });

    test("an old revision does not", async () => {
      const first = (await stage.store.write("g.1", 0, "one"))!;
      await stage.store.write("g.1", first, "two");
      expect(await stage.store.remove("g.1", first)).toBe(false);
      expect((await stage.store.read("g.1"))?.value).toBe("two");
    });

    test("what is not there is not removed", async () => {
      expect(await stage.store.remove("g.1", 1)).toBe(false);
    });

    test("who remembers an entry from before its removal is refused by the one that came after it", async () => {
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

    test("nor after the place was closed and opened again", async () => {
      const first = (await stage.store.write("g.1", 0, "one"))!;
      await stage.store.remove("g.1", first);
      await stage.reopen();
      const second = await stage.store.write("g.1", 0, "two");
      expect(second).toBeDefined();
      expect(second).not.toBe(first);
    });
  });
}
