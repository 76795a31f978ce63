import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Entry, KeeperStore } from "./store.ts";

/** An empty place where records live. Each `open` is another process's store over it. */
export type Place = { open(): Promise<KeeperStore> | KeeperStore; remove?(): Promise<void> };

/** What every keeper store must do (store.ts). `makePlace` answers a new, empty place each time. */
export function describeKeeperStore(name: string, makePlace: () => Promise<Place> | Place): void {
  describe(`the contract of a keeper store, ${name}`, () => {
    let place: Place;
    let store: KeeperStore;
    let others: KeeperStore[];
    beforeEach(async () => {
      place = await makePlace();
      store = await place.open();
      others = [];
    });
    afterEach(async () => {
      await Promise.all([store, ...others].map((one) => one.close()));
      await place.remove?.();
    });
    const another = async (): Promise<KeeperStore> => {
      const opened = await place.open();
      others.push(opened);
      return opened;
    };
    const list = async (prefix: string): Promise<(Entry & { key: string })[]> => {
      const found: (Entry & { key: string })[] = [];
      for await (const entry of store.entries(prefix)) found.push({ key: entry.key, revision: entry.revision, value: entry.value });
      return found;
    };
    const keysOf = async (prefix: string): Promise<string[]> => (await list(prefix)).map(({ key }) => key);

    describe("write is a compare-and-set", () => {
      test("a key never written is not there", async () => {
        expect(await store.read("g.1")).toBeUndefined();
        expect(await list("")).toEqual([]);
      });

      test("expecting 0 creates, and what was written is read", async () => {
        const revision = await store.write("g.1", 0, "one");
        expect(revision).toBeGreaterThan(0);
        expect(Number.isSafeInteger(revision)).toBe(true);
        expect(await store.read("g.1")).toEqual({ revision, value: "one" });
      });

      test("expecting 0 where there is an entry changes nothing", async () => {
        const revision = await store.write("g.1", 0, "one");
        expect(await store.write("g.1", 0, "two")).toBeUndefined();
        expect(await store.read("g.1")).toEqual({ revision, value: "one" });
      });

      test("the right revision replaces, and gets another one", async () => {
        const first = (await store.write("g.1", 0, "one"))!;
        const second = await store.write("g.1", first, "two");
        expect(second).toBeDefined();
        expect(second).not.toBe(first);
        expect(await store.read("g.1")).toEqual({ revision: second, value: "two" });
      });

      test("the same text again is a write like any other", async () => {
        const first = (await store.write("g.1", 0, "one"))!;
        const second = await store.write("g.1", first, "one");
        expect(second).toBeDefined();
        expect(second).not.toBe(first);
      });

      test("an old revision changes nothing", async () => {
        const first = (await store.write("g.1", 0, "one"))!;
        const second = (await store.write("g.1", first, "two"))!;
        expect(await store.write("g.1", first, "three")).toBeUndefined();
        expect(await store.read("g.1")).toEqual({ revision: second, value: "two" });
      });

      test("a revision that nobody has had yet changes nothing", async () => {
        const first = (await store.write("g.1", 0, "one"))!;
        expect(await store.write("g.1", first + 1, "two")).toBeUndefined();
        expect(await store.read("g.1")).toEqual({ revision: first, value: "one" });
      });

      test("a revision above 0 does not create", async () => {
        expect(await store.write("g.1", 7, "one")).toBeUndefined();
        expect(await store.read("g.1")).toBeUndefined();
      });

      test("each key has its own", async () => {
        const one = (await store.write("g.1", 0, "one"))!;
        await store.write("g.2", 0, "two");
        expect(await store.write("g.1", one, "three")).toBeDefined();
        expect((await store.read("g.2"))?.value).toBe("two");
      });
    });

    describe("remove is one too", () => {
      test("the right revision removes", async () => {
        const revision = (await store.write("g.1", 0, "one"))!;
        expect(await store.remove("g.1", revision)).toBe(true);
        expect(await store.read("g.1")).toBeUndefined();
        expect(await list("")).toEqual([]);
      });

      test("an old revision does not", async () => {
        const first = (await store.write("g.1", 0, "one"))!;
        await store.write("g.1", first, "two");
        expect(await store.remove("g.1", first)).toBe(false);
        expect((await store.read("g.1"))?.value).toBe("two");
      });

      test("what is not there is not removed", async () => {
        expect(await store.remove("g.1", 1)).toBe(false);
      });

      test("who remembers an entry from before its removal is refused by the one that came after it", async () => {
        const before = [];
        for (let round = 0; round < 5; round++) {
          const first = (await store.write("g.1", 0, "one"))!;
          const second = (await store.write("g.1", first, "two"))!;
          for (const old of before) expect(await store.write("g.1", old, "stale")).toBeUndefined();
          before.push(first, second);
          expect(await store.remove("g.1", second)).toBe(true);
        }
        expect(new Set(before).size).toBe(10);
      });

      test("nor after the place was closed and opened again", async () => {
        const first = (await store.write("g.1", 0, "one"))!;
        await store.remove("g.1", first);
        await store.close();
        store = await place.open();
        const second = await store.write("g.1", 0, "two");
        expect(second).toBeDefined();
        expect(second).not.toBe(first);
      });
    });

    describe("several processes", () => {
      test("what one wrote the other reads, and may replace", async () => {
        const other = await another();
        const first = (await store.write("g.1", 0, "one"))!;
        expect(await other.read("g.1")).toEqual({ revision: first, value: "one" });
        const second = await other.write("g.1", first, "two");
        expect(await store.read("g.1")).toEqual({ revision: second, value: "two" });
        expect(await store.write("g.1", first, "three")).toBeUndefined();
      });

      test("of fifty who create the same entry, one wins", async () => {
        const other = await another();
        const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => (at % 2 ? store : other).write("g.1", 0, `${at}`)));
        const won = answers.findIndex((answer) => answer !== undefined);
        expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
        expect(await store.read("g.1")).toEqual({ revision: answers[won], value: `${won}` });
      });

      test("of fifty who replace the same revision, one wins", async () => {
        const other = await another();
        const first = (await store.write("g.1", 0, "start"))!;
        const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => (at % 2 ? store : other).write("g.1", first, `${at}`)));
        const won = answers.findIndex((answer) => answer !== undefined);
        expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
        expect(await other.read("g.1")).toEqual({ revision: answers[won], value: `${won}` });
      });

      test("a count that ten keep together loses nothing", async () => {
        const stores = [store, await another(), await another()];
        await store.write("count", 0, "0");
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
        expect((await store.read("count"))?.value).toBe("100");
      });

      test("of one who replaces and one who removes, one wins", async () => {
        const other = await another();
        for (let round = 0; round < 20; round++) {
          const first = (await store.write("g.1", 0, "start"))!;
          const [written, removed] = await Promise.all([store.write("g.1", first, "kept"), other.remove("g.1", first)]);
          expect(removed).toBe(written === undefined);
          expect((await store.read("g.1"))?.value).toBe(removed ? undefined : "kept");
          if (written !== undefined) await store.remove("g.1", written);
        }
      });

      test("what was written is there after everybody closed", async () => {
        const revision = await store.write("g.1", 0, "one");
        await store.close();
        store = await place.open();
        expect(await store.read("g.1")).toEqual({ revision, value: "one" });
      });
    });

    describe("entries", () => {
      test("come in the order of the bytes of their keys, each with revision and value", async () => {
        const keys = ["g.b", "g.a", "g.B", "g._", "g.-", "g.10", "g.9", "g..", "g"];
        for (const key of keys) await store.write(key, 0, `value of ${key}`);
        const found = await list("");
        expect(found.map(({ key }) => key)).toEqual([...keys].sort());
        for (const { key, revision, value } of found) expect(await store.read(key)).toEqual({ revision, value });
      });

      test("a prefix is taken by the letter", async () => {
        for (const key of ["a_1", "ab1", "a.1", "a-1", "A_1", "a_", "a"]) await store.write(key, 0, "");
        expect(await keysOf("a.")).toEqual(["a.1"]);
        expect(await keysOf("a.")).toEqual(["a.1"]);
        expect(await keysOf("A")).toEqual(["A_1"]);
        expect(await keysOf("b")).toEqual([]);
      });

      test("capitals and small letters are different keys", async () => {
        await store.write("g.Key", 0, "capital");
        await store.write("g.key", 0, "small");
        expect((await store.read("g.Key"))?.value).toBe("capital");
        expect((await store.read("g.key"))?.value).toBe("small");
      });

      test("a thousand are all there, once", async () => {
        const keys = Array.from({ length: 1000 }, (_, at) => `g.${String(at).padStart(4, "0")}`);
        for (let at = 0; at < keys.length; at += 50) await Promise.all(keys.slice(at, at + 50).map((key) => store.write(key, 0, key)));
        expect(await keysOf("g.")).toEqual(keys);
      });

      test("what stands still is there once, whatever is written and removed meanwhile", async () => {
        const still = Array.from({ length: 40 }, (_, at) => `g.${String(at * 2 + 10)}`);
        for (const key of still) await store.write(key, 0, "still");
        const moving = (await store.write("g.11", 0, "moving"))!;
        const seen: string[] = [];
        for await (const { key, value } of store.entries("g.")) {
          if (value === "still") seen.push(key);
          if (key === still[0]) await store.remove("g.11", moving);
          if (key === still[1]) await store.write("g.99", 0, "late");
        }
        expect(seen).toEqual(still);
      });

      test("whoever stops half way can go on working", async () => {
        for (const key of ["g.1", "g.2", "g.3"]) await store.write(key, 0, key);
        for await (const { key } of store.entries("g.")) {
          expect(key).toBe("g.1");
          break;
        }
        expect(await store.write("g.4", 0, "four")).toBeDefined();
        expect(await keysOf("g.")).toHaveLength(4);
      });
    });

    describe("keys and values", () => {
      test("the longest key works", async () => {
        const key = `g.${"x".repeat(198)}`;
        await store.write(key, 0, "long");
        expect((await store.read(key))?.value).toBe("long");
        expect(await keysOf("g.")).toEqual([key]);
      });

      test.each(["", ".", "..", ".hidden", "../up", "a/b", "a\\b", "a b", "a\0", "ä", "a%2e", "x".repeat(201)])(
        "%j is no key: rejected, and nothing is there afterwards",
        async (key) => {
          await expect(store.read(key)).rejects.toThrow(TypeError);
          await expect(store.write(key, 0, "x")).rejects.toThrow(TypeError);
          await expect(store.remove(key, 1)).rejects.toThrow(TypeError);
          expect(await list("")).toEqual([]);
        },
      );

      test.each(["CON", "nul", "-rf", "_", "__proto__", "constructor"])("%j is one", async (key) => {
        const revision = await store.write(key, 0, "fine");
        expect(await store.read(key)).toEqual({ revision, value: "fine" });
        expect(await keysOf("")).toEqual([key]);
      });

      test.each([
        ["nothing", ""],
        ["quotes and line ends", `"'\`\r\n\t\\ '); --`],
        ["letters of every length", "aä€𝄞 \u{10ffff}"],
        ["a quarter of a megabyte", "0123456789abcdef".repeat(16384)],
      ])("a value of %s comes back as it was", async (_, value) => {
        await store.write("g.1", 0, value);
        expect((await store.read("g.1"))?.value).toBe(value);
        expect((await list(""))[0]?.value).toBe(value);
      });
    });

    test("a closed store rejects everything, and closes twice", async () => {
      await store.write("g.1", 0, "one");
      await store.close();
      await store.close();
      await expect(store.read("g.1")).rejects.toBeInstanceOf(Error);
      await expect(store.write("g.1", 0, "two")).rejects.toBeInstanceOf(Error);
      await expect(store.remove("g.1", 1)).rejects.toBeInstanceOf(Error);
      await expect(list("")).rejects.toBeInstanceOf(Error);
    });
  });
}
