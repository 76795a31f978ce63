import { describe, expect, test } from "vitest";
import { exampleGrant, exampleGrantId, exampleNow } from "@symbolon/testing";
import { temporaryStores } from "./temporary-stores.ts";

const { open } = temporaryStores();
const live = (number: number) => exampleGrant({ id: exampleGrantId(number) });
const ended = (number: number) => exampleGrant({ id: exampleGrantId(number), idleExpiresAt: 0, expiresAt: 0 });

describe("R-22: sweeping in short steps", () => {
  test("a call continues after the last row that the one before could remove", async () => {
    const store = open();
    await Promise.all(Array.from({ length: 60 }, (_, n) => store.grants.insert(ended(n))));
    const removed = [];
    for (let call = 0; call < 3; call++) removed.push(await store.sweep(exampleNow, 20));
    expect(removed).toEqual([20, 20, 20]);
  });

  test("a call looks at no more than ten rows for each row that it may remove", async () => {
    const store = open();
    await Promise.all(Array.from({ length: 40 }, (_, n) => store.grants.insert(live(n))));
    await store.grants.insert(ended(99));
    const removed = [];
    for (let call = 0; call < 5; call++) removed.push(await store.sweep(exampleNow, 4));
    expect(removed).toEqual([0, 0, 0, 0, 0]);
    expect(await store.sweep(exampleNow, 4)).toBe(1);
  });

  test("a row that ends behind the cursor is found in the next round", async () => {
    const store = open();
    await Promise.all(Array.from({ length: 10 }, (_, n) => store.grants.insert(live(n))));
    expect(await store.sweep(exampleNow, 1)).toBe(0);
    await store.grants.change(exampleGrantId(0), (grant) => ({ answer: 1, write: { ...grant!, idleExpiresAt: 0 } }));
    let removed = 0;
    for (let call = 0; call < 40; call++) removed += await store.sweep(exampleNow, 1);
    expect(removed).toBe(1);
  });

  test("a call that finds no row takes no lock and commits nothing", async () => {
    const store = open();
    await store.grants.insert(live(1));
    const before = store.commits;
    await store.sweep(exampleNow, 10);
    expect(store.commits).toBe(before);
  });
});
