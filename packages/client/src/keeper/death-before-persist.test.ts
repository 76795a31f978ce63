import { expect, test, describe } from "vitest";
import type { RotationClass } from "../rotation-class.ts";
import { memoryPlace, memoryStore } from "./memory-store.ts";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, strict, none, replay, grace, timed } from "./testing/given.ts";
import { adopted, createStage, type Process, type Stage } from "./testing/stage.ts";

describe("refresh-tokens.md B3.3: a process dies between response and write", () => {
  /** A process that dies when the provider has answered: nothing of it goes on. */
  async function died(rotation: RotationClass, set = {}): Promise<Stage & Process> {
    const stage = await adopted(rotation, set);
    const victim = stage.process();
    await stage.world.pass(hour * 0.96);
    victim.store.failing = (operation, key, value) =>
      operation === "write" && key === "g.1" && value.includes('"version":2') ? "before" : false;
    const write = victim.store.write;
    victim.store.write = (key, expected, value) =>
      value.includes('"version":2') ? new Promise(() => undefined) : write(key, expected, value);
    void victim.keeper.token("1");
    await stage.world.pass(100);
    expect(stage.provider.posts).toHaveLength(1);
    expect(stage.record()).toMatchObject({ state: "refreshing", version: 1 });
    return stage;
  }

  test.each([lazy, replay, { kind: "grace", windowSeconds: 60 } as const, timed, none])(
    "$kind: the next start finds the intent, waits for the lease to end and replays",
    async (rotation) => {
      const { world, provider, process, record } = await died(rotation);
      const next = process();
      expect(await world.run(next.keeper.recover())).toEqual({ worked: 1, failed: {} });
      expect(record()).toMatchObject({ state: "active", version: 2 });
      expect(provider.posts.map(({ refreshToken }) => refreshToken)).toEqual(["rt-1", "rt-1"]);
      expect(provider.accepts((await world.run(next.keeper.token("1"))).accessToken)).toBe(true);
    },
  );

  test("strict: the next start serves the live token and reports the missing answer", async () => {
    const { world, provider, process, record } = await died(strict);
    const next = process();
    await world.run(next.keeper.recover());
    expect(record().state).toBe("ambiguous");
    expect(next.events.map(({ type }) => type)).toEqual(["ambiguous"]);
    expect((await world.run(next.keeper.token("1"))).version).toBe(1);
    expect(provider.posts).toHaveLength(1);
  });

  test("strict with an intent key: the next start replays with the key in the record", async () => {
    const { world, provider, process, record } = await died(strict, { readsIntent: true });
    await world.run(process().keeper.recover());
    expect(record().version).toBe(2);
    expect(provider.posts[1]!.intent).toBe(provider.posts[0]!.intent);
  });

  test("recover works on open intents by urgency: shortest window first, then lazy, revocations last", async () => {
    const stage = createStage(lazy);
    const { world, provider, process, edit } = stage;
    const { keeper } = process();
    const windows: [string, RotationClass][] = [
      ["a", lazy],
      ["b", strict],
      ["c", replay],
      ["d", grace],
      ["e", lazy],
    ];
    for (const [id, rotation] of windows) await keeper.adopt(id, provider.consent(), { class: rotation });
    await world.pass(hour);
    for (const [id] of windows)
      edit(
        (found) => ({
          ...found,
          state: "refreshing",
          intent: { startedAtMs: 0 },
          fence: 2,
          lease: { owner: "dead", beat: 0, ms: 20_000 },
        }),
        id,
      );
    edit((found) => ({ ...found, state: "revoking" }), "e");
    await world.run(process().keeper.recover());
    expect(provider.posts.map(({ refreshToken }) => refreshToken)).toEqual(["rt-4", "rt-3", "rt-2", "rt-1"]);
    expect(provider.revoked).toEqual(["rt-5"]);
  });

  const down = (operation: string, key: string) =>
    (operation === "write" && key.startsWith("g.") ? "before" : false) as "before" | false;

  test("withholds a lazy access token that cannot be stored, and stores it at the next use", async () => {
    const { world, provider, keeper, store, record, events } = await adopted(lazy);
    await world.pass(hour);
    const send = provider.refresh;
    provider.refresh = (ask) => {
      store.failing = down;
      return send(ask);
    };
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "store_unavailable" });
    expect(record()).toMatchObject({ version: 1 });
    expect(events.map(({ type }) => type)).toEqual(["adopted"]);
    store.failing = () => false;
    expect(await world.run(keeper.token("1"))).toMatchObject({ version: 2, volatile: false });
    expect(provider.posts).toHaveLength(1);
  });

  test.each([replay, grace, strict])(
    "hands out a pair that cannot be stored as volatile, puts it into the outbox, and stores it at the next use ($kind)",
    async (rotation) => {
      const stage = createStage(rotation);
      const { world, provider, process, record } = stage;
      const outbox = memoryPlace();
      const { keeper, store, events } = process({ outbox: memoryStore(outbox) });
      await keeper.adopt("1", provider.consent());
      await world.pass(hour);
      const send = provider.refresh;
      provider.refresh = (ask) => {
        store.failing = down;
        return send(ask);
      };
      const kept = await world.run(keeper.token("1"));
      expect(kept).toMatchObject({ version: 2, volatile: true });
      expect(provider.accepts(kept.accessToken)).toBe(true);
      expect(events.at(-1)).toMatchObject({ type: "volatile", id: "1", version: 2, inOutbox: true });
      expect([...outbox.entries.keys()]).toEqual(["v.1.2"]);
      expect((await keeper.status("1")).volatile).toBe(true);
      expect((await world.run(keeper.token("1"))).volatile).toBe(true);
      store.failing = () => false;
      expect(await world.run(keeper.token("1"))).toMatchObject({ version: 2, volatile: false });
      expect(record()).toMatchObject({ state: "active", version: 2 });
      expect(provider.posts).toHaveLength(1);
    },
  );

  test("the next start finds the volatile pair of a dead process in the outbox", async () => {
    const stage = createStage(strict);
    const { world, provider, process, record } = stage;
    const outbox = memoryPlace();
    const victim = process({ outbox: memoryStore(outbox) });
    await victim.keeper.adopt("1", provider.consent());
    await world.pass(hour);
    victim.store.failing = (operation, key, value) =>
      operation === "write" && key === "g.1" && value.includes('"version":2') ? "before" : false;
    const kept = await world.run(victim.keeper.token("1"));
    expect(kept.volatile).toBe(true);
    const next = process({ outbox: memoryStore(outbox) });
    await world.run(next.keeper.sweep());
    expect(record()).toMatchObject({ state: "active", version: 2 });
    expect((await world.run(next.keeper.token("1"))).accessToken.reveal()).toBe(kept.accessToken.reveal());
    expect(provider.posts).toHaveLength(1);
    expect(outbox.entries.size).toBe(0);
  });

  test("close() waits for the refreshes that run, and stores what is held", async () => {
    const { world, provider, keeper, store, record } = await adopted(replay);
    await world.pass(hour);
    provider.faults.push({ afterMs: 3000 });
    void keeper.token("1");
    await world.pass(100);
    await world.run(keeper.close());
    expect(record().version).toBe(2);
    expect(await errorOf(keeper.token("1"))).toMatchObject({ code: "closed" });
    expect(store).toBeDefined();
  });
});

test.each([100, 10_050])("a sweep finds the grant of a dead process among %i", async (count) => {
  const { world, provider, keeper, edit, record, process } = await adopted(lazy);
  for (let i = 2; i <= count; i++) await keeper.adopt(`${i}`, { ...provider.consent(), lifetimeSeconds: 90 * 86_400 });
  await world.pass(hour);
  edit(
    (found) => ({
      ...found,
      state: "refreshing",
      intent: { startedAtMs: 0 },
      fence: found.fence + 1,
      lease: { owner: "dead", beat: 0, ms: 20_000 },
    }),
    "1",
  );
  const other = process();
  for (let i = 0; i < 5; i++) {
    await world.run(other.keeper.sweep());
    await world.pass(300_000);
  }
  expect(record("1")).toMatchObject({ state: "active", version: 2 });
});
