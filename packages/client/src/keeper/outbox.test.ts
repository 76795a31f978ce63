import { expect, test } from "vitest";
import type { RotationClass } from "../rotation-class.ts";
import { memoryPlace, memoryStore } from "./memory-store.ts";
import { hour, strict, none, replay, grace, timed } from "./testing/given.ts";
import { adopted, failAfterPost, createStage } from "./testing/stage.ts";

/** A grant that is due, and a process with an outbox apart from its store. */
async function dueWithOutbox(rotation: RotationClass) {
  const stage = createStage(rotation);
  const outbox = memoryPlace();
  const first = stage.process({ outbox: memoryStore(outbox) });
  await first.keeper.adopt("1", stage.provider.consent());
  await stage.world.pass(hour);
  return { ...stage, first, outbox };
}

test.each([grace, replay, strict])(
  "$kind: recover delivers the outbox before it sends the token again",
  async (rotation) => {
    const { world, provider, process, record, first: victim, outbox } = await dueWithOutbox(rotation);
    victim.store.failing = (operation, key, value) =>
      operation === "write" && key === "g.1" && value.includes('"version":2') ? "before" : false;
    const kept = await world.run(victim.keeper.token("1"));
    expect(kept.volatile).toBe(true);
    await world.pass(10 * 60_000);
    const next = process({ outbox: memoryStore(outbox) });
    await world.run(next.keeper.recover());
    const posts = provider.posts.map((p) => `${p.refreshToken} ${p.outcome}`);
    expect({ posts, alive: provider.accepts(kept.accessToken), state: record().state }).toEqual({
      posts: ["rt-1 tokens"],
      alive: true,
      state: "active",
    });
  },
);

test("token() finds a pair in the outbox before it sends the token again, without recover() (grace)", async () => {
  const { world, provider, process, first: victim, outbox } = await dueWithOutbox(grace);
  victim.store.failing = (operation, key, value) =>
    operation === "write" && key === "g.1" && value.includes('"version":2') ? "before" : false;
  const kept = await world.run(victim.keeper.token("1"));
  await world.pass(10 * 60_000);
  const next = process({ outbox: memoryStore(outbox) });
  await world.run(next.keeper.tryToken("1"));
  expect({ posts: provider.posts.map((p) => p.outcome), alive: provider.accepts(kept.accessToken) }).toEqual({
    posts: ["tokens"],
    alive: true,
  });
});

test.each([none, timed])(
  "$kind: a pair in the outbox that was stored long ago does not come back",
  async (rotation) => {
    const {
      world,
      provider,
      record,
      first: { keeper, store },
    } = await dueWithOutbox(rotation);
    const repair = failAfterPost({ provider, store });
    await world.run(keeper.token("1"));
    repair();
    await world.run(keeper.token("1"));
    await world.pass(hour);
    const fresh = await world.run(keeper.token("1"));
    await world.run(keeper.sweep());
    const later = await world.run(keeper.token("1"));
    expect({
      same: later.accessToken.reveal() === fresh.accessToken.reveal(),
      version: record().version,
      left: later.expiresInSeconds,
    }).toMatchObject({ same: true });
  },
);

test("none: a pair from the outbox has its own age", async () => {
  const {
    world,
    provider,
    first: { keeper, store },
  } = await dueWithOutbox(none);
  const repair = failAfterPost({ provider, store });
  const old = (await world.run(keeper.token("1"))).accessToken.reveal();
  repair();
  await world.run(keeper.token("1"));
  await world.pass(3 * hour);
  await world.run(keeper.token("1"));
  await world.run(keeper.sweep());
  const later = await world.run(keeper.token("1"));
  expect({ old: later.accessToken.reveal() === old, left: later.expiresInSeconds }).toEqual({ old: false, left: 3600 });
});

test("removes an outbox entry after thirty days (replay)", async () => {
  const {
    world,
    provider,
    first: { keeper, store },
    outbox,
  } = await dueWithOutbox(replay);
  const repair = failAfterPost({ provider, store });
  await world.run(keeper.token("1"));
  repair();
  await world.run(keeper.token("1"));
  await world.pass(hour);
  await world.run(keeper.token("1"));
  await world.run(keeper.revoke("1"));
  await world.pass(40 * 24 * hour);
  await world.run(keeper.sweep());
  expect([...outbox.entries.keys()]).toEqual([]);
});

test("keeps a late answer in the outbox for thirty days", async () => {
  const { world, provider, keeper, process, place, record } = await adopted(strict);
  await world.pass(hour);
  provider.faults.push({ afterMs: 3000 });
  const flight = keeper.tryToken("1");
  await world.pass(1000);
  await world.run(process().keeper.adopt("1", provider.consent()));
  await world.run(flight);
  const inOutbox = () => [...place.entries.keys()].filter((k) => k.startsWith("v."));
  expect(inOutbox()).toHaveLength(1);
  await world.run(keeper.revoke("1"));
  await world.pass(60 * 24 * hour);
  await world.run(keeper.sweep());
  expect({ inOutbox: inOutbox(), current: record().current }).toEqual({ inOutbox: [], current: "" });
});

test("keeps a held answer in the outbox where its record has moved on before it could be stored", async () => {
  const { world, provider, keeper, process, store, place, events } = await adopted(strict);
  await world.pass(hour);
  const repair = failAfterPost({ provider, store });
  await world.run(keeper.token("1"));
  await world.run(process().keeper.adopt("1", provider.consent()));
  repair();
  await world.run(keeper.token("1"));
  expect(events.map(({ type }) => type)).toContain("late_answer");
  expect([...place.entries.keys()].filter((key) => key.startsWith("v."))).toHaveLength(1);
});

test("another process knows the age of a held pair that is stored late", async () => {
  const { world, provider, keeper, process, store } = await adopted(strict);
  const other = process();
  await world.pass(hour * 0.96);
  const send = provider.refresh;
  provider.refresh = (ask) => {
    store.failing = (op) => (op === "write" ? "before" : false);
    return send(ask);
  };
  const kept = await world.run(keeper.token("1"));
  expect(kept.volatile).toBe(true);
  for (let i = 0; i < 50; i++) {
    await world.pass(60_000);
    await other.keeper.status("1");
  }
  store.failing = () => false;
  await world.run(keeper.token("1"));
  const mine = await keeper.status("1"),
    theirs = await other.keeper.status("1");
  expect(Math.abs(mine.expiresInSeconds! - theirs.expiresInSeconds!)).toBeLessThan(60);
});
