import { describe, expect, test } from "vitest";
import { memoryPlace, memoryStore } from "./memory-store.ts";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, refusal, strict } from "./testing/given.ts";
import { adopted, createStage, failAfterPost, failingStore } from "./testing/stage.ts";

const day = 86_400_000;

/** Grants "1" to "`count`", all due. */
async function due(count: number) {
  const stage = await adopted(lazy);
  for (let id = 2; id <= count; id++) await stage.keeper.adopt(`${id}`, stage.provider.consent());
  await stage.world.pass(hour);
  return stage;
}

describe("refresh-tokens.md B10: a sweep", () => {
  test("begins a refresh each tenth of a second, and tells how many", async () => {
    const { world, provider, keeper } = await due(3);
    const begun = world.monotonicMs();
    expect(await world.run(keeper.sweep())).toEqual({ worked: 3, failed: {} });
    expect(provider.posts.map(({ atMs }) => atMs - begun)).toEqual([0, 100, 200]);
    expect(await world.run(keeper.sweep())).toEqual({ worked: 0, failed: {} });
  });

  test("ends with the reason of its signal, and begins nothing more", async () => {
    const { world, provider, keeper } = await due(3);
    const stop = new AbortController();
    const sweeping = keeper.sweep({ signal: stop.signal });
    await world.pass(150);
    stop.abort("enough");
    await expect(world.run(sweeping)).rejects.toBe("enough");
    expect(provider.posts).toHaveLength(2);
    await expect(world.run(keeper.sweep({ signal: stop.signal }))).rejects.toBe("enough");
    expect(provider.posts).toHaveLength(2);
  });

  test("tells by grant what failed, and goes on", async () => {
    const { world, provider, keeper, store } = await due(2);
    const { write } = store;
    store.write = async (key, expected, value) => (key === "g.1" ? undefined : write(key, expected, value));
    const swept = await world.run(keeper.sweep());
    expect(swept).toMatchObject({ worked: 2, failed: { 1: { code: "store_unavailable", id: "1" } } });
    expect(Object.keys(swept.failed)).toEqual(["1"]);
    expect(provider.posts.map(({ refreshToken }) => refreshToken)).toEqual(["rt-2"]);
  });

  test("tells that the outbox does not answer, and goes on", async () => {
    const { world, provider, process } = await due(1);
    const outbox = failingStore(memoryStore());
    outbox.failing = () => "before";
    const swept = await world.run(process({ outbox }).keeper.sweep());
    expect(swept).toMatchObject({ worked: 1, failed: { outbox: { code: "store_unavailable" } } });
    expect(provider.posts).toHaveLength(1);
  });

  test("stores the answers that are held, and tells which it could not store", async () => {
    const stage = createStage(strict);
    const { world, provider, process, record } = stage;
    const { keeper, store } = process({ outbox: memoryStore(memoryPlace()) });
    await keeper.adopt("1", provider.consent());
    await world.pass(hour);
    const repair = failAfterPost({ provider, store });
    await world.run(keeper.token("1"));
    expect(await world.run(keeper.sweep())).toMatchObject({ failed: { 1: { code: "store_unavailable" } } });
    repair();
    expect((await world.run(keeper.sweep())).failed).toEqual({});
    expect([record().version, provider.posts.length]).toEqual([2, 1]);
  });

  test("a fault of the program is not hidden among the failures", async () => {
    const { world, provider, keeper } = await due(1);
    Object.defineProperty(provider, "deadlineMs", {
      get: () => {
        throw new RangeError("mine");
      },
    });
    await expect(world.run(keeper.sweep())).rejects.toThrow("mine");
  });

  test("leaves a grant that another process refreshes, and one that must wait", async () => {
    const { world, provider, keeper, process } = await due(2);
    provider.faults.push({ afterMs: 5000 }, refusal);
    const refreshing = keeper.token("1");
    await world.pass(100);
    await world.run(errorOf(keeper.token("2")));
    expect(await world.run(process().keeper.sweep())).toEqual({ worked: 0, failed: {} });
    await world.run(refreshing);
    expect(provider.posts).toHaveLength(2);
  });

  test("is held up by callers for minutes at most", async () => {
    const { world, provider, keeper } = await adopted(lazy, { deadlineMs: hour });
    await keeper.adopt("2", provider.consent());
    await world.pass(hour);
    provider.faults.push({ hang: true });
    void keeper.tryToken("2");
    await world.pass(1);
    const begun = world.monotonicMs();
    void keeper.sweep().catch(() => undefined);
    await world.pass(100_000);
    expect(provider.posts).toHaveLength(1);
    await world.pass(200_000);
    expect(provider.posts).toHaveLength(2);
    expect(provider.posts[1]!.atMs - begun).toBeGreaterThan(150_000);
  });
});

describe("refresh-tokens.md B3.3: recover()", () => {
  test("works on open refreshes and revocations only, without pauses, and on revocations last", async () => {
    const { world, provider, process, edit, record } = await due(4);
    edit((found) => ({ ...found, state: "revoking" }));
    for (const id of ["2", "3"]) edit((found) => ({ ...found, state: "refreshing", intent: { startedAtMs: 1 } }), id);
    const begun = world.monotonicMs();
    const { keeper, events } = process();
    expect(await world.run(keeper.recover())).toEqual({ worked: 3, failed: {} });
    // Half a second passes before each refresh of another process is repeated.
    expect(world.monotonicMs() - begun).toBe(1000);
    expect(provider.posts).toHaveLength(2);
    expect(events.map(({ type }) => type)).toEqual(["rotated", "rotated", "dead"]);
    expect([record("1").state, record("4").version]).toEqual(["dead", 1]);
  });

  test("ends with the reason of its signal", async () => {
    const { world, provider, process, edit } = await due(1);
    edit((found) => ({ ...found, state: "refreshing", intent: { startedAtMs: 1 } }));
    const recovering = process().keeper.recover({ signal: AbortSignal.abort("enough") });
    await expect(world.run(recovering)).rejects.toBe("enough");
    expect(provider.posts).toEqual([]);
  });
});

describe("refresh-tokens.md B3.9: a revocation that the provider has not confirmed", () => {
  async function pending() {
    const stage = await adopted(lazy);
    const { world, provider, keeper } = stage;
    let asked = 0;
    provider.revoke = async () => (++asked === 1 ? "unknown" : "revoked");
    expect(await world.run(keeper.revoke("1"))).toBe("pending");
    return { ...stage, asked: () => asked };
  }

  test("is continued by a sweep once its wait is over", async () => {
    const { world, keeper, record, asked } = await pending();
    const { waitMs } = record().nextAttempt!;
    expect(waitMs).toBeGreaterThan(0);
    expect(await world.run(keeper.sweep())).toEqual({ worked: 0, failed: {} });
    await world.pass(waitMs);
    expect(await world.run(keeper.sweep())).toEqual({ worked: 1, failed: {} });
    expect([asked(), record().state]).toEqual([2, "dead"]);
  });

  test("is continued by recover() at once", async () => {
    const { world, process, record, asked } = await pending();
    expect(await world.run(process().keeper.recover())).toEqual({ worked: 1, failed: {} });
    expect([asked(), record().state]).toEqual([2, "dead"]);
  });
});

describe("refresh-tokens.md B8: the tokens of a dead grant", () => {
  test("are removed by a sweep after thirty days, once", async () => {
    const { world, keeper, record } = await adopted(lazy);
    await world.run(keeper.revoke("1"));
    const { endedAtMs, current, previous } = record();
    expect([endedAtMs, current === "", previous]).toEqual([world.epochMs(), false, undefined]);
    await world.pass(30 * day);
    expect(await world.run(keeper.sweep())).toEqual({ worked: 0, failed: {} });
    await world.pass(1);
    expect(await world.run(keeper.sweep())).toEqual({ worked: 1, failed: {} });
    expect(record()).toMatchObject({ state: "dead", current: "" });
    expect(await world.run(keeper.sweep())).toEqual({ worked: 0, failed: {} });
  });

  test("are removed both, the pair and its predecessor", async () => {
    const { world, keeper, record } = await due(1);
    await world.run(keeper.token("1"));
    await world.run(keeper.revoke("1"));
    expect(record().previous).toBeDefined();
    await world.pass(31 * day);
    await world.run(keeper.sweep());
    expect(record()).not.toHaveProperty("previous");
  });

  test("stay where the record does not say when the grant ended", async () => {
    const { world, keeper, record, edit } = await adopted(lazy);
    edit((found) => ({ ...found, state: "dead", cause: "refused" }));
    await world.pass(365 * day);
    expect(await world.run(keeper.sweep())).toEqual({ worked: 0, failed: {} });
    expect(record().current).not.toBe("");
  });
});
