import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeKeeperStore } from "@symbolon/client/keeper/store-contract";
import type { KeeperStore } from "@symbolon/client/keeper";
import { kinds, newStage, openStore, startPlaces, type Places } from "./stages.ts";

let places: Places;
beforeAll(async () => {
  places = await startPlaces();
});
afterAll(() => places.stop());

for (const kind of kinds)
  describeKeeperStore(`kept in ${kind}`, async () => {
    const where = await places.next(kind);
    return { open: () => openStore(kind, where) };
  });

describe.each(kinds)("the %s store, beyond the contract of keeper stores", (kind) => {
  let stage: Awaited<ReturnType<typeof newStage>>;
  let store: KeeperStore;
  beforeAll(async () => {
    stage = await newStage(kind);
    store = await stage.open();
  });
  afterAll(async () => {
    await store.close();
    await stage.remove();
  });

  test.each(["x".repeat(2_000_000), "ü€🔑".repeat(100_000)])("stores values of several megabytes", async (value) => {
    const revision = (await store.read("large"))?.revision ?? 0;
    expect(await store.write("large", revision, value)).toBeGreaterThan(revision);
    expect((await store.read("large"))!.value === value).toBe(true);
  });

  test("lists all entries while the reader writes, removes and adds entries", async () => {
    const keys = Array.from({ length: 250 }, (_, n) => `many-${String(n).padStart(3, "0")}`);
    for (const key of keys) await store.write(key, 0, "first");
    const seen: string[] = [];
    for await (const { key, revision, value } of store.entries("many-")) {
      seen.push(key);
      expect(value).toBe("first");
      const written = (await store.write(key, revision, "second"))!;
      if (seen.length % 3 === 0) await store.remove(key, written);
      if (seen.length % 5 === 0) await store.write(`many-${String(seen.length).padStart(3, "0")}x`, 0, "first");
    }
    expect(seen.filter((key) => !key.endsWith("x"))).toEqual(keys);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test.each(["a\0b", "\ud83d", "\udd11x"])(
    "refuses the value %j, which not every store can hold, without repeating it in the error",
    async (value) => {
      await expect(store.write("unfit", 0, value)).rejects.toThrow(
        /^value of unfit: contains a NUL character or a lone surrogate$/,
      );
      expect(await store.read("unfit")).toBeUndefined();
    },
  );

  test("names the argument that is not a valid key", async () => {
    await expect(store.read("a/b")).rejects.toThrow(/^key: "a\/b" must be 1 to 200 characters of/);
  });

  test("rejects every operation once it is closed", async () => {
    const other = await stage.open();
    await other.close();
    for (const operation of [
      other.read("large"),
      other.write("large", 0, "x"),
      other.remove("large", 1),
      other.entries("")[Symbol.asyncIterator]().next(),
    ])
      await expect(operation).rejects.toMatchObject({ name: "KeeperStoreUnavailable", message: "the store is closed" });
  });
});
