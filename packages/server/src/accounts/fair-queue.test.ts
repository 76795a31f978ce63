import type { AccountId } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { fairQueue, type Origin } from "./fair-queue.ts";

const limits = { atOnce: 1, waiting: 6, waitingPerOrigin: 4 };

/** Enters the queue under names; `served` tells who had a turn, in order, and `busy` who was turned away. */
function queueOf(given = limits) {
  const enter = fairQueue(given);
  const served: string[] = [];
  const busy: string[] = [];
  const gate = Promise.withResolvers<void>();
  const all: Promise<void>[] = [];
  const attempt = async (name: string, origin: Origin): Promise<void> => {
    const leave = await enter(origin);
    if (leave === undefined) return void busy.push(name);
    await gate.promise;
    served.push(name);
    leave();
  };
  const add = (name: string, origin: Origin) => all.push(attempt(name, origin));
  return {
    from: (range: string, ...names: string[]) => names.forEach((name) => add(name, { range })),
    account: (account: string, ...names: string[]) =>
      names.forEach((name) => add(name, { account: account as AccountId })),
    async outcome() {
      gate.resolve();
      await Promise.all(all);
      return { served, busy };
    },
  };
}

describe("OP-05, OP-14: the queue of password checks", () => {
  test("serves one origin in order", async () => {
    const queue = queueOf();
    queue.from("a", "1", "2", "3");
    expect(await queue.outcome()).toEqual({ served: ["1", "2", "3"], busy: [] });
  });

  test("lets origins take turns", async () => {
    const queue = queueOf();
    queue.from("a", "a1", "a2", "a3", "a4");
    queue.from("b", "b1", "b2");
    expect((await queue.outcome()).served).toEqual(["a1", "a2", "b1", "a3", "b2", "a4"]);
  });

  test("lets one origin have its share of places only", async () => {
    const queue = queueOf();
    queue.from("a", "a1", "a2", "a3", "a4", "a5", "a6", "a7");
    queue.from("b", "b1");
    expect(await queue.outcome()).toEqual({ served: ["a1", "a2", "b1", "a3", "a4", "a5"], busy: ["a6", "a7"] });
  });

  test("a full queue gives the last place of the origin with the most to one with fewer", async () => {
    const queue = queueOf();
    queue.from("a", "a1", "a2", "a3", "a4", "a5");
    queue.from("b", "b1", "b2");
    queue.from("c", "c1", "c2", "c3");
    const { served, busy } = await queue.outcome();
    expect(busy.toSorted()).toEqual(["a4", "a5", "c3"]);
    expect(served).toEqual(["a1", "a2", "b1", "c1", "a3", "b2", "c2"]);
  });

  test("turns away who has as many as the others", async () => {
    const queue = queueOf({ ...limits, waiting: 2 });
    queue.from("a", "a1", "a2");
    queue.from("b", "b1");
    queue.from("c", "c1");
    expect((await queue.outcome()).busy).toEqual(["c1"]);
  });

  test("known devices have places of their own, and every second turn", async () => {
    const queue = queueOf({ ...limits, waiting: 4 });
    for (const range of ["a", "b", "c", "d", "e", "f"]) queue.from(range, range);
    queue.account("ann", "p1", "p2");
    queue.account("ben", "l1");
    const { served, busy } = await queue.outcome();
    expect(busy).toEqual(["f"]);
    expect(served).toEqual(["a", "b", "p1", "c", "l1", "d", "p2", "e"]);
  });

  test("runs several at once, and accepts again afterwards", async () => {
    const enter = fairQueue({ ...limits, atOnce: 2, waiting: 0 });
    const [one, two, three] = [await enter({ range: "a" }), await enter({ range: "a" }), await enter({ range: "a" })];
    expect([typeof one, typeof two, three]).toEqual(["function", "function", undefined]);
    one!();
    expect(typeof (await enter({ range: "b" }))).toBe("function");
    expect(await enter({ range: "c" })).toBeUndefined();
  });
});
