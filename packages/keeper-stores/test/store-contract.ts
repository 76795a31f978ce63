import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KeeperStore } from "@symbolon/client/keeper";

/** How a suite comes by stores: `open` answers another handle on the same entries each time. */
export type Stage = { open(): Promise<KeeperStore>; remove(): Promise<void> };

/** What every keeper's store promises, whatever it keeps its entries in. */
export function describeKeeperStore(name: string, newStage: () => Promise<Stage>): void {
  describe(`${name} keeps the contract of a keeper's store`, () => {
    let stage: Stage;
    let store: KeeperStore;
    beforeAll(async () => {
      stage = await newStage();
      store = await stage.open();
    });
    afterAll(async () => {
      await store.close();
      await stage.remove();
    });

    const listed = async (prefix: string): Promise<string[]> => {
      const keys = [];
      for await (const { key } of store.entries(prefix)) keys.push(key);
      return keys;
    };

    test("an entry that was never written is not there", async () => {
      expect(await store.read("absent")).toBeUndefined();
      expect(await store.write("absent", 1, "x")).toBeUndefined();
      expect(await store.remove("absent", 1)).toBe(false);
      expect(await store.read("absent")).toBeUndefined();
    });

    test("a write succeeds from the revision that it names, and from no other", async () => {
      const first = await store.write("one", 0, "a");
      expect(first).toBeGreaterThan(0);
      expect(await store.write("one", 0, "b")).toBeUndefined();
      const second = await store.write("one", first!, "b");
      expect(second).toBeGreaterThan(first!);
      expect(await store.write("one", first!, "c")).toBeUndefined();
      expect(await store.write("one", second! + 1, "c")).toBeUndefined();
      expect(await store.read("one")).toEqual({ revision: second, value: "b" });
    });

    test("a removed entry is gone, and its revisions do not come back", async () => {
      let last = 0;
      for (const value of ["a", "b", "c"]) last = (await store.write("gone", last, value))!;
      expect(await store.remove("gone", last + 1)).toBe(false);
      expect(await store.remove("gone", last)).toBe(true);
      expect(await store.remove("gone", last)).toBe(false);
      expect(await store.read("gone")).toBeUndefined();
      expect(await listed("gone")).toEqual([]);
      expect(await store.write("gone", last, "late")).toBeUndefined();
      const again = (await store.write("gone", 0, "anew"))!;
      expect(again).toBeGreaterThan(last);
      expect(await store.write("gone", last, "late")).toBeUndefined();
      expect(await store.read("gone")).toEqual({ revision: again, value: "anew" });
    });

    test("of writers who begin at one revision, exactly one wins", async () => {
      const other = await stage.open();
      let revision = 0;
      for (let round = 0; round < 10; round++) {
        const turns = await Promise.all(Array.from({ length: 16 }, (_, n) => (n % 2 === 0 ? store : other).write("raced", revision, `${round}.${n}`)));
        const won = turns.flatMap((turn, n) => (turn === undefined ? [] : [{ revision: turn, value: `${round}.${n}` }]));
        expect(won).toHaveLength(1);
        expect(await other.read("raced")).toEqual(won[0]);
        revision = won[0]!.revision;
      }
      await other.close();
    });

    test("of a writer and a remover, exactly one wins", async () => {
      for (let round = 0; round < 10; round++) {
        const revision = (await store.write(`either-${round}`, 0, "a"))!;
        const [written, removed] = await Promise.all([store.write(`either-${round}`, revision, "b"), store.remove(`either-${round}`, revision)]);
        expect(removed).toBe(written === undefined);
      }
    });

    test("another handle reads at once what was written, and removed", async () => {
      const other = await stage.open();
      let revision = 0;
      for (let n = 0; n < 20; n++) {
        revision = (await store.write("seen", revision, String(n)))!;
        expect(await other.read("seen")).toEqual({ revision, value: String(n) });
      }
      await store.remove("seen", revision);
      expect(await other.read("seen")).toBeUndefined();
      await other.close();
    });

    test("values come back as they were, whatever they hold, and large", async () => {
      const values = ["", "\n", "\r\n line \u2028", `'"\\;--$1\${x}%_`, "Grüße, 世界 🔑", "\u0001\u007f\ufeff", "x".repeat(2_000_000), "ü€🔑".repeat(100_000)];
      let revision = 0;
      for (const value of values) {
        revision = (await store.write("values", revision, value))!;
        expect((await store.read("values"))!.value === value).toBe(true);
      }
    });

    test("keys differ by every character that they may hold, and are listed in their order, by prefix", async () => {
      const keys = ["k", "k-", "k.", "k.1", "k0", "k9", "kA", "kZ", "k_", "k_1", "k_z", "kaa", "kz", `k${"y".repeat(199)}`].sort();
      for (const key of keys.toReversed()) await store.write(key, 0, key);
      await store.write("l", 0, "not one of them");
      expect(await listed("k")).toEqual(keys);
      expect(await listed("k_")).toEqual(["k_", "k_1", "k_z"]);
      expect(await listed("k.")).toEqual(["k.", "k.1"]);
      expect(await listed("k%")).toEqual([]);
      for (const key of keys) expect((await store.read(key))!.value).toBe(key);
    });

    test("a list that is read while others write has every entry that stays, once and whole", async () => {
      const count = 250;
      for (let n = 0; n < count; n++) await store.write(`many-${String(n).padStart(3, "0")}`, 0, "0");
      const seen: string[] = [];
      for await (const { key, revision, value } of store.entries("many-")) {
        seen.push(key);
        expect(value).toMatch(/^(?:0|changed)$/);
        const written = await store.write(key, revision, "changed");
        if (seen.length % 3 === 0) await store.remove(key, written!);
        if (seen.length % 5 === 0) await store.write(`many-${String(count + seen.length)}`, 0, "0");
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.slice(0, count)).toEqual(Array.from({ length: count }, (_, n) => `many-${String(n).padStart(3, "0")}`));
      expect(await listed("many-")).toEqual(expect.arrayContaining(["many-000", "many-001", "many-255"]));
      expect(await listed("many-")).not.toContain("many-002");
    });

    test.each(["", ".", "..", ".hidden", "a/b", "a\\b", "a b", "ä", "a\n", "a\0", "x".repeat(201)])("the key %j is refused, by name of the argument", async (key) => {
      await expect(store.read(key)).rejects.toThrow(/^key: /);
      await expect(store.write(key, 0, "x")).rejects.toThrow(/^key: /);
      await expect(store.remove(key, 1)).rejects.toThrow(/^key: /);
    });

    test.each(["a\0b", "\ud83d", "\udd11x"])("the value %j, which not every store could keep, is refused without being shown", async (value) => {
      await expect(store.write("unfit", 0, value)).rejects.toThrow(/^value of unfit: holds a zero character or half of a surrogate pair$/);
      expect(await store.read("unfit")).toBeUndefined();
    });

    test("a closed store rejects, and may be closed again", async () => {
      const other = await stage.open();
      await other.close();
      await other.close();
      for (const operation of [other.read("one"), other.write("one", 0, "x"), other.remove("one", 1), other.entries("")[Symbol.asyncIterator]().next()])
        await expect(operation).rejects.toMatchObject({ name: "KeeperStoreUnavailable", message: "the store is closed" });
      expect(await store.read("one")).toBeDefined();
    });
  });
}
