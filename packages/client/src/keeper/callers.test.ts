import { describe, expect, test } from "vitest";
import { createStage, type Process, type Stage } from "./testing/stage.ts";

/** A grant with an expired access token, and a provider that takes three seconds and records an aborted request. */
async function due(): Promise<Stage & Process & { hungUp(): boolean }> {
  const stage = createStage({ kind: "strict" });
  const process = stage.process();
  await process.keeper.adopt("1", stage.provider.consent());
  await stage.world.pass(3_600_000);
  stage.provider.faults.push({ afterMs: 3000 });
  const { refresh } = stage.provider;
  let aborted = false;
  stage.provider.refresh = (ask) => {
    ask.signal.addEventListener("abort", () => (aborted = true));
    return refresh(ask);
  };
  return { ...stage, ...process, hungUp: () => aborted };
}

describe("C-05: an abort ends the wait of one caller only", () => {
  test.each([
    ["the one who began the refresh", 0],
    ["one in the middle", 500],
    ["the last", 999],
  ])("of a thousand callers %s gives up: it is rejected at once, the others get the token", async (_, which) => {
    const { world, provider, keeper, hungUp } = await due();
    const leaver = new AbortController();
    const began = world.monotonicMs();
    const asked = Array.from({ length: 1000 }, (_, n) =>
      keeper.token("1", n === which ? { signal: leaver.signal } : { signal: new AbortController().signal }),
    );
    const left = asked[which]!.then(
      () => "served",
      (reason: unknown) => [reason, world.monotonicMs() - began],
    );
    await world.pass(1000);
    leaver.abort("enough");
    const settled = await world.run(Promise.allSettled(asked));
    expect(await left).toEqual(["enough", 1000]);
    expect(settled.flatMap((one) => (one.status === "fulfilled" ? [one.value.version] : []))).toEqual(
      Array.from({ length: 999 }, () => 2),
    );
    expect(provider.posts).toHaveLength(1);
    expect(hungUp()).toBe(false);
  });

  test("stores the answer of a refresh whose callers have all aborted", async () => {
    const { world, provider, keeper, record, hungUp } = await due();
    const leaver = new AbortController();
    const asked = Promise.allSettled([1, 2, 3].map(() => keeper.token("1", { signal: leaver.signal })));
    await world.pass(1000);
    leaver.abort("enough");
    expect((await world.run(asked)).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    await world.pass(10_000);
    expect(record()).toMatchObject({ state: "active", version: 2 });
    expect([provider.posts.length, hungUp()]).toEqual([1, false]);
  });

  test("rejects at once when a caller aborts during a read of the store", async () => {
    const { world, keeper, store } = await due();
    const { read } = store;
    store.read = async (key) => {
      await world.sleep(500);
      return read(key);
    };
    const other = keeper.token("1");
    const leaver = new AbortController();
    const began = world.monotonicMs();
    const leaving = keeper
      .token("1", { signal: leaver.signal })
      .catch((reason: unknown) => [reason, world.monotonicMs() - began]);
    await world.pass(100);
    leaver.abort("enough");
    expect(await world.run(leaving)).toEqual(["enough", 100]);
    expect((await world.run(other)).version).toBe(2);
  });

  test("does not read the store for a signal that is already aborted", async () => {
    const { world, provider, keeper, record } = await due();
    await expect(world.run(keeper.token("1", { signal: AbortSignal.abort("enough") }))).rejects.toBe("enough");
    await world.pass(10_000);
    expect([provider.posts.length, record().version]).toEqual([0, 1]);
  });
});
