import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BoundedMap } from "./bounded-map.ts";

describe("BoundedMap", () => {
  test("never exceeds its bound, and returns the last value set or none", () => {
    const keys = fc.integer({ min: 0, max: 20 });
    const step = fc.oneof(
      fc.record({ do: fc.constant("set" as const), key: keys, bytes: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ do: fc.constantFrom("get" as const, "delete" as const), key: keys }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const map = new BoundedMap<number, { bytes: number }>(100, ({ bytes }) => bytes);
        const model = new Map<number, { bytes: number }>();
        for (const step of steps) {
          if (step.do === "set") {
            const row = { bytes: step.bytes };
            map.set(step.key, row);
            model.set(step.key, row);
          }
          if (step.do === "delete") {
            map.delete(step.key);
            model.delete(step.key);
          }
          expect([undefined, model.get(step.key)]).toContain(map.get(step.key));
          const held = [...model.keys()].map((key) => map.get(key)?.bytes ?? 0).reduce((sum, bytes) => sum + bytes, 0);
          expect(held).toBeLessThanOrEqual(100);
        }
      }),
    );
  });

  test("keeps an entry that is read again and again", () => {
    const map = new BoundedMap<number, string>(100, () => 1);
    map.set(0, "in use");
    for (let key = 1; key < 10_000; key++) {
      map.set(key, "");
      if (key % 20 === 0) expect(map.get(0)).toBe("in use");
    }
    expect(map.size).toBeLessThanOrEqual(100);
  });

  test("drops an entry that weighs more than half of the bound, and the one it replaces", () => {
    const map = new BoundedMap<number, number>(100, (bytes) => bytes);
    map.set(1, 10);
    map.set(1, 51);
    expect(map.get(1)).toBeUndefined();
  });

  test("does not evict others when one key is written repeatedly", () => {
    const map = new BoundedMap<number, number>(100, () => 1);
    map.set(0, 0);
    for (let turn = 0; turn < 1000; turn++) map.set(1, turn);
    expect([map.get(0), map.get(1), map.size]).toEqual([0, 999, 2]);
  });
});
