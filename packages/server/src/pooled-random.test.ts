import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { pooledRandom } from "./pooled-random.ts";

test("returns the requested length, and no byte twice", () => {
  const random = pooledRandom(randomBytes);
  const seen = new Set<string>();
  for (let turn = 0; turn < 3000; turn++) {
    for (const length of [10, 16, 32]) {
      const bytes = random(length);
      expect(bytes).toHaveLength(length);
      seen.add(Buffer.from(bytes).toString("hex").slice(0, 20));
    }
  }
  expect(seen.size).toBe(9000);
  expect(random(0)).toHaveLength(0);
});

test("serves short requests from the pool in order, and long ones from the source", () => {
  const asked: number[] = [];
  const counting = (length: number) => {
    asked.push(length);
    return Uint8Array.from({ length }, (_, at) => at);
  };
  const random = pooledRandom(counting);
  expect([random(4), random(3), random(32).length, random(2)]).toEqual([
    Uint8Array.of(0, 1, 2, 3),
    Uint8Array.of(4, 5, 6),
    32,
    Uint8Array.of(7, 8),
  ]);
  expect(asked).toEqual([4096, 32]);
});

test("returns copies, and clears what it has returned", () => {
  let pool = new Uint8Array(0);
  const random = pooledRandom((length) => (pool = new Uint8Array(length).fill(7)));
  const taken = random(8);
  expect([...pool.subarray(0, 9)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 7]);
  expect([...taken]).toEqual([7, 7, 7, 7, 7, 7, 7, 7]);
  expect(taken.buffer.byteLength).toBe(8);
});
