import { describe, expect, test } from "vitest";
import type { AccountId, ClientId } from "@symbolon/protocol";
import { longestOnceValue, OnceTaken, type OnceRecord } from "@symbolon/server";
import { exampleAccount, exampleApplication, exampleDigest, exampleNow, exampleResourceServer } from "../examples.ts";
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

    test("a record put beside a new row is stored with it; if there is such a record, neither is stored", async () => {
      const beside = { once: { ...record(), now } };
      const [first, second] = [exampleApplication(), exampleApplication({ id: "app_second" as ClientId })];
      await store().applications.insert(first, beside);
      await expect(store().applications.insert(second, beside)).rejects.toThrow(OnceTaken);
      expect(await store().applications.find(second.id)).toBeUndefined();
      await expect(store().resourceServers.insert(exampleResourceServer(), beside)).rejects.toThrow(OnceTaken);
      await expect(store().accounts.insert(exampleAccount(), beside)).rejects.toThrow(OnceTaken);
      expect(await store().accounts.list()).toEqual([]);
      const edit = store().applications.change(first.id, (row) => ({
        answer: 1,
        write: { ...row!, name: "B" },
        ...beside,
      }));
      await expect(edit).rejects.toThrow(OnceTaken);
      expect((await store().applications.find(first.id))!.name).toBe(first.name);
      await store().applications.insert(second, { once: { ...record({ until: now + 999 }), now: record().until } });
      expect(await store().once.find(record().id, now + 700)).toBeDefined();
    });

    test("a record beside a row that is refused is not stored", async () => {
      await store().accounts.insert(exampleAccount());
      const other = exampleAccount({ id: "0b0f6a52-0000-4000-8000-000000000009" as AccountId });
      expect(await store().accounts.insert(other, { once: { ...record(), now } })).toBe(false);
      expect(await store().once.find(record().id, now)).toBeUndefined();
    });

    test("of twenty changes at once with the same record beside them, one happens", async () => {
      const inserts = Array.from({ length: 20 }, (_, n) =>
        store().applications.insert(exampleApplication({ id: `app_${n}` as ClientId }), {
          once: { ...record({ value: Uint8Array.of(n) }), now },
        }),
      );
      const outcomes = await Promise.allSettled(inserts);
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const [row, ...others] = await store().applications.list();
      expect(others).toEqual([]);
      expect([...(await store().once.find(record().id, now))!]).toEqual([Number(row!.id.slice(4))]);
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
