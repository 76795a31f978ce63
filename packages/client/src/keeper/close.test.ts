import { expect, test } from "vitest";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, strict } from "./testing/given.ts";
import { adopted, failAfterPost } from "./testing/stage.ts";

test("sends nothing after close() has resolved", async () => {
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

test("close() stops a running sweep", async () => {
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

test("close() stores every held pair, also after one whose record is damaged", async () => {
  const { world, provider, keeper, store, place, record } = await adopted(strict);
  await keeper.adopt("2", provider.consent());
  await world.pass(hour);
  const repair = failAfterPost({ provider, store });
  await world.run(keeper.token("1"));
  repair();
  const repairAgain = failAfterPost({ provider, store });
  await world.run(keeper.token("2"));
  repairAgain();
  place.entries.set("g.1", { revision: ++place.revision, value: "{" });
  const ended = await world.run(
    keeper.close().then(
      () => "closed",
      (e: { code: string }) => e.code,
    ),
  );
  expect({ ended, version: record("2").version }).toEqual({ ended: "unreadable", version: 2 });
});

test("close() ends the events also where it cannot store", async () => {
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
  expect({ said, ended }).toEqual({ said: "store_unavailable", ended: true });
});

test.each(["adopt", "token"] as const)("%s rejects with 'closed' after close(), and names the grant", async (verb) => {
  const { world, provider, keeper } = await adopted(lazy);
  await world.run(keeper.close());
  const call = verb === "adopt" ? keeper.adopt("1", provider.consent()) : keeper.token("1");
  expect(await errorOf(call)).toMatchObject({ code: "closed", id: "1" });
});

test("drain() waits for the refresh that runs", async () => {
  const { world, provider, keeper, record } = await adopted(strict);
  await world.pass(hour);
  provider.faults.push({ afterMs: 3000 });
  void keeper.token("1");
  await world.pass(10);
  await world.run(keeper.drain());
  expect(record()).toMatchObject({ version: 2, state: "active" });
});

test("close() waits for a revocation that begins while it waits for a refresh", async () => {
  const { world, provider, keeper, store, record } = await adopted(strict);
  await keeper.adopt("2", provider.consent());
  await world.pass(hour);
  provider.faults.push({ afterMs: 3000 });
  void keeper.token("1");
  await world.pass(10);
  const { write } = store;
  store.write = async (key, expected, value) => {
    if (key === "g.2") await world.sleep(1000);
    return write(key, expected, value);
  };
  const revoke = provider.revoke!;
  provider.revoke = async (ask) => {
    await world.sleep(5000);
    return revoke(ask);
  };
  void keeper.revoke("2");
  await world.run(keeper.close());
  expect(record("2")).toMatchObject({ state: "dead", cause: "revoked" });
});

test("close() resolves though revocations never stop coming", async () => {
  const { world, provider, keeper } = await adopted(strict);
  const most = 300;
  for (let id = 2; id <= most; id++) await keeper.adopt(`${id}`, provider.consent());
  const revoke = provider.revoke!;
  provider.revoke = async (ask) => {
    await world.sleep(1500);
    return revoke(ask);
  };
  let begun = 1;
  void keeper.revoke("1");
  const beginning = (async () => {
    while (begun < most) {
      await world.sleep(1000);
      void keeper.revoke(`${++begun}`);
    }
  })();
  await world.pass(10);
  await world.run(keeper.close());
  expect(begun).toBeLessThan(most);
  await world.run(beginning);
});
