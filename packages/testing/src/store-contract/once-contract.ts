import { describe, expect, test } from "vitest";
import { longestOnceValue, type OnceRecord } from "@symbolon/server";
import { exampleDigest, exampleNow } from "../examples.ts";
import type { CurrentStore } from "./current-store.ts";

const now = exampleNow;

const record = (given: Partial<OnceRecord> = {}): OnceRecord => ({
  id: exampleDigest(1),
  value: Uint8Array.of(0, 255, 1),
  until: now + 600,
  ...given,
});

export function onceContract(store: CurrentStore): void {
  describe("HT-13: records that are used once", () => {
    test("a record is found as it was put, again and again, until it is taken", async () => {
      expect(await store().once.put(record(), now)).toBe(true);
      expect([...(await store().once.find(record().id, now))!]).toEqual([0, 255, 1]);
      expect([...(await store().once.find(record().id, now))!]).toEqual([0, 255, 1]);
      expect([...(await store().once.take(record().id, now))!]).toEqual([0, 255, 1]);
      expect(await store().once.find(record().id, now)).toBeUndefined();
      expect(await store().once.take(record().id, now)).toBeUndefined();
    });

    test("of twenty calls that take one record at once, one gets it", async () => {
      await store().once.put(record(), now);
      const taken = await Promise.all(Array.from({ length: 20 }, () => store().once.take(record().id, now)));
      expect(taken.filter((value) => value !== undefined)).toHaveLength(1);
    });

    test("of twenty calls that put one id at once, one succeeds, and its value stays", async () => {
      const puts = await Promise.all(
        Array.from({ length: 20 }, (_, n) => store().once.put(record({ value: Uint8Array.of(n) }), now)),
      );
      expect(puts.filter(Boolean)).toHaveLength(1);
      expect([...(await store().once.find(record().id, now))!]).toEqual([puts.indexOf(true)]);
    });

    test("a record is absent from the second of its end: not found, not taken, and its id is free", async () => {
      await store().once.put(record({ until: now }), now - 1);
      expect(await store().once.find(record().id, now - 1)).toBeDefined();
      expect(await store().once.find(record().id, now)).toBeUndefined();
      expect(await store().once.take(record().id, now)).toBeUndefined();
      expect(await store().once.put(record({ value: Uint8Array.of(7) }), now)).toBe(true);
      expect([...(await store().once.find(record().id, now))!]).toEqual([7]);
    });

    test("a value is kept up to the limit; a longer one rejects, and nothing is stored", async () => {
      const longest = new Uint8Array(longestOnceValue).fill(9);
      expect(await store().once.put(record({ value: longest }), now)).toBe(true);
      expect((await store().once.find(record().id, now))!.length).toBe(longestOnceValue);
      const tooLong = record({ id: exampleDigest(2), value: new Uint8Array(longestOnceValue + 1) });
      await expect(store().once.put(tooLong, now)).rejects.toThrow("at most 16384 bytes");
      expect(await store().once.find(tooLong.id, now)).toBeUndefined();
    });

    test("the store keeps copies: changing the bytes that were put or found changes no record", async () => {
      const value = Uint8Array.of(1);
      await store().once.put(record({ value }), now);
      value[0] = 2;
      (await store().once.find(record().id, now))![0] = 3;
      expect([...(await store().once.find(record().id, now))!]).toEqual([1]);
    });

    test("is removed by the sweep in the second of its end, and no other record with it", async () => {
      await store().once.put(record({ until: now }), now - 1);
      await store().once.put(record({ id: exampleDigest(2) }), now);
      for (let call = 0; call < 8; call++) expect(await store().sweep(now - 1, 5)).toBe(0);
      let removed = 0;
      for (let call = 0; call < 8; call++) removed += await store().sweep(now, 5);
      expect(removed).toBe(1);
      expect(await store().once.find(record().id, now - 1)).toBeUndefined();
      expect(await store().once.find(exampleDigest(2), now)).toBeDefined();
    });
  });
}
