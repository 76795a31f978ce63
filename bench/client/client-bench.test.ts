import { describe, expect, test } from "vitest";
import { alternate, median } from "./alternate.ts";
import { measureCalls } from "./calls.ts";
import { pageOf } from "./page.ts";
import { measureStores } from "./refreshes.ts";

describe("alternating rounds", () => {
  test("gives each contender the same number of calls, in rounds that each begin with another contender, after a warm-up round", async () => {
    const order: string[] = [];
    const contender = (name: string) => ({ name, once: async () => void order.push(name) });
    const rows = await alternate([contender("a"), contender("b")], { rounds: 2, calls: 1 });
    expect(order).toEqual(["a", "b", "a", "b", "b", "a"]);
    expect(rows.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(rows[0]!.ratio).toBe(1);
  });
  test("medians", () => expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]));
});

test("the client's benchmark runs at a small size and every result is a finite number", async () => {
  const calls = await measureCalls({ rounds: 1, calls: 5 });
  const stores = await measureStores({ rounds: 1, grants: 3 });
  const page = pageOf({ calls, stores, sizes: "Small.", machine: "Here." });
  expect(Object.values(calls).map((rows) => rows.length)).toEqual([3, 3, 2]);
  expect(stores.map(({ store }) => store)).toEqual(["memory", "files", "SQLite", "PostgreSQL"]);
  for (const { refreshes, tokens, writesEach } of stores)
    expect([refreshes > 0, tokens > 0, writesEach >= 2]).toEqual([true, true, true]);
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
});
