import { describe, expect, test } from "vitest";
import type { ContractStage } from "./stage-contract.ts";

/** `entries` lists what is stored. */
export function describeEntries(stage: ContractStage): void {
  describe("entries", () => {
    test("are ordered by the bytes of their keys, each with revision and value", async () => {
      const keys = ["g.b", "g.a", "g.B", "g._", "g.-", "g.10", "g.9", "g..", "g"];
      for (const key of keys) await stage.store.write(key, 0, `value of ${key}`);
      const found = await stage.list("");
      expect(found.map(({ key }) => key)).toEqual([...keys].sort());
      for (const { key, revision, value } of found) expect(await stage.store.read(key)).toEqual({ revision, value });
    });

    test("a prefix is matched literally", async () => {
      for (const key of ["a_1", "ab1", "a.1", "a-1", "A_1", "a_", "a"]) await stage.store.write(key, 0, "");
      expect(await stage.keysOf("a.")).toEqual(["a.1"]);
      expect(await stage.keysOf("a_")).toEqual(["a_", "a_1"]);
      expect(await stage.keysOf("A")).toEqual(["A_1"]);
      expect(await stage.keysOf("b")).toEqual([]);
    });

    test("keys are case-sensitive", async () => {
      await stage.store.write("g.Key", 0, "capital");
      await stage.store.write("g.key", 0, "small");
      expect((await stage.store.read("g.Key"))?.value).toBe("capital");
      expect((await stage.store.read("g.key"))?.value).toBe("small");
    });

    test("lists each of a thousand once", async () => {
      const keys = Array.from({ length: 1000 }, (_, at) => `g.${String(at).padStart(4, "0")}`);
      for (let at = 0; at < keys.length; at += 50)
        await Promise.all(keys.slice(at, at + 50).map((key) => stage.store.write(key, 0, key)));
      expect(await stage.keysOf("g.")).toEqual(keys);
    });

    test("lists unchanged entries once while others are written and removed", async () => {
      const still = Array.from({ length: 40 }, (_, at) => `g.${String(at * 2 + 10)}`);
      for (const key of still) await stage.store.write(key, 0, "still");
      const moving = (await stage.store.write("g.11", 0, "moving"))!;
      const seen: string[] = [];
      for await (const { key, value } of stage.store.entries("g.")) {
        if (value === "still") seen.push(key);
        if (key === still[0]) await stage.store.remove("g.11", moving);
        if (key === still[1]) await stage.store.write("g.99", 0, "late");
      }
      expect(seen).toEqual(still);
    });

    test("a reader that stops half way can use the store", async () => {
      for (const key of ["g.1", "g.2", "g.3"]) await stage.store.write(key, 0, key);
      for await (const { key } of stage.store.entries("g.")) {
        expect(key).toBe("g.1");
        break;
      }
      expect(await stage.store.write("g.4", 0, "four")).toBeDefined();
      expect(await stage.keysOf("g.")).toHaveLength(4);
    });
  });
}
