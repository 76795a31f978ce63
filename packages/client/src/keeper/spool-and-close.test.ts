import { expect, test } from "vitest";
import type { RotationClass } from "../rotation-class.ts";
import { memoryPlace, memoryStore } from "./memory-store.ts";
import { hour, lazy, strict, replay, grace, timed, none } from "./testing/given.ts";
import { adopted, createStage, failAfterPost } from "./testing/stage.ts";

/** A grant that is due, and a process with a spool apart from its store. */
async function dueWithSpool(rotation: RotationClass) {
  const stage = createStage(rotation);
  const spool = memoryPlace();
  const first = stage.process({ spool: memoryStore(spool) });
  await first.keeper.adopt("1", stage.provider.consent());
  await stage.world.pass(hour);
  return { ...stage, first, spool };
}

test.each([grace, replay, strict])("$kind: recover looks into the spool before it spends again", async (rotation) => {
  const { world, provider, process, record, first: victim, spool } = await dueWithSpool(rotation);
  victim.store.failing = (operation, key, value) =>
    operation === "write" && key === "g.1" && value.includes('"version":2') ? "before" : false;
  const kept = await world.run(victim.keeper.token("1"));
  expect(kept.volatile).toBe(true);
  await world.pass(10 * 60_000);
  const next = process({ spool: memoryStore(spool) });
  await world.run(next.keeper.recover());
  const posts = provider.posts.map((p) => `${p.refreshToken} ${p.outcome}`);
  expect({ posts, alive: provider.accepts(kept.accessToken), state: record().state }).toEqual({
    posts: ["rt-1 tokens"],
    alive: true,
    state: "active",
  });
});

test("token() without recover(): a spooled pair is found before the token is spent again (grace)", async () => {
  const { world, provider, process, first: victim, spool } = await dueWithSpool(grace);
  victim.store.failing = (operation, key, value) =>
    operation === "write" && key === "g.1" && value.includes('"version":2') ? "before" : false;
  const kept = await world.run(victim.keeper.token("1"));
  await world.pass(10 * 60_000);
  const next = process({ spool: memoryStore(spool) });
  await world.run(next.keeper.tryToken("1"));
  expect({ posts: provider.posts.map((p) => p.outcome), alive: provider.accepts(kept.accessToken) }).toEqual({
    posts: ["tokens"],
    alive: true,
  });
});

test.each([none, timed])("$kind: a spooled pair that has been stored long ago does not come back", async (rotation) => {
  const {
    world,
    provider,
    record,
    first: { keeper, store },
  } = await dueWithSpool(rotation);
  const mend = failAfterPost({ provider, store });
  await world.run(keeper.token("1"));
  mend();
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
});

test("none: what comes back from the spool is named by its own age", async () => {
  const {
    world,
    provider,
    first: { keeper, store },
  } = await dueWithSpool(none);
  const mend = failAfterPost({ provider, store });
  const old = (await world.run(keeper.token("1"))).accessToken.reveal();
  mend();
  await world.run(keeper.token("1"));
  await world.pass(3 * hour);
  await world.run(keeper.token("1"));
  await world.run(keeper.sweep());
  const later = await world.run(keeper.token("1"));
  expect({ old: later.accessToken.reveal() === old, left: later.expiresInSeconds }).toEqual({ old: false, left: 3600 });
});

test("grace/replay: spool entries do not stay for ever", async () => {
  const {
    world,
    provider,
    first: { keeper, store },
    spool,
  } = await dueWithSpool(replay);
  const mend = failAfterPost({ provider, store });
  await world.run(keeper.token("1"));
  mend();
  await world.run(keeper.token("1"));
  await world.pass(hour);
  await world.run(keeper.token("1"));
  await world.run(keeper.revoke("1"));
  await world.pass(40 * 24 * hour);
  await world.run(keeper.sweep());
  expect([...spool.entries.keys()]).toEqual([]);
});

test("late_answer 'waits in the spool for its record': what becomes of it", async () => {
  const { world, provider, keeper, process, place, record } = await adopted(strict);
  await world.pass(hour);
  provider.faults.push({ afterMs: 3000 });
  const flight = keeper.tryToken("1");
  await world.pass(1000);
  await world.run(process().keeper.adopt("1", provider.consent()));
  await world.run(flight);
  const spooled = () => [...place.entries.keys()].filter((k) => k.startsWith("v."));
  expect(spooled()).toHaveLength(1);
  await world.run(keeper.revoke("1"));
  await world.pass(60 * 24 * hour);
  await world.run(keeper.sweep());
  expect({ spooled: spooled(), current: record().current }).toEqual({ spooled: [], current: "" });
});

test("held pair stored late: another process knows its age", async () => {
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

test("close(): nothing is sent after it has resolved", async () => {
  const { world, provider, keeper, store } = await adopted(strict);
  await world.pass(hour);
  const read = store.read;
  let slow = true;
  store.read = async (key) => {
    if (slow) {
      slow = false;
      await world.sleep(50);
    }
    return read(key);
  };
  const call = keeper.tryToken("1");
  await world.pass(10);
  await world.run(keeper.close());
  const before = provider.posts.length;
  await world.run(call);
  expect(provider.posts.length - before).toBe(0);
});

test("close() under a running sweep", async () => {
  const { world, provider, keeper } = await adopted(strict);
  for (const id of ["2", "3", "4"]) await keeper.adopt(id, provider.consent());
  await world.pass(hour);
  const sweeping = keeper.sweep().catch(() => undefined);
  await world.pass(50);
  await world.run(keeper.close());
  const before = provider.posts.length;
  await world.run(sweeping as Promise<unknown>);
  expect(provider.posts.length - before).toBe(0);
});

test("close() stores every held pair, though the first one's record is damaged", async () => {
  const { world, provider, keeper, store, place, record } = await adopted(strict);
  await keeper.adopt("2", provider.consent());
  await world.pass(hour);
  const mend = failAfterPost({ provider, store });
  await world.run(keeper.token("1"));
  mend();
  const mendAgain = failAfterPost({ provider, store });
  await world.run(keeper.token("2"));
  mendAgain();
  place.entries.set("g.1", { revision: ++place.revision, value: "{" });
  const ended = await world.run(
    keeper.close().then(
      () => "closed",
      (e: { code: string }) => e.code,
    ),
  );
  expect({ ended, version: record("2").version }).toMatchObject({ version: 2 });
});

test("close() that cannot store ends the events nevertheless", async () => {
  const { world, provider, keeper, store } = await adopted(strict);
  await world.pass(hour);
  failAfterPost({ provider, store });
  await world.run(keeper.token("1"));
  const reader = keeper.events[Symbol.asyncIterator]();
  const said = await world.run(
    keeper.close().then(
      () => "closed",
      (e: { code: string }) => e.code,
    ),
  );
  let ended = false;
  void reader.next().then(({ done }) => (ended = done === true));
  await world.pass(1000);
  expect({ said, ended }).toMatchObject({ ended: true });
});

test("adopt/revoke after close are refused", async () => {
  const { world, provider, keeper } = await adopted(lazy);
  await world.run(keeper.close());
  expect(
    await keeper.adopt("9", provider.consent()).then(
      () => "taken",
      (e: { code: string }) => e.code,
    ),
  ).toBe("closed");
});
