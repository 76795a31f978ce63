import { expect, test } from "vitest";
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
  expect({ ended, version: record("2").version }).toMatchObject({ version: 2 });
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
  expect({ said, ended }).toMatchObject({ ended: true });
});

test("adopt rejects with 'closed' after close()", async () => {
  const { world, provider, keeper } = await adopted(lazy);
  await world.run(keeper.close());
  expect(
    await keeper.adopt("9", provider.consent()).then(
      () => "taken",
      (e: { code: string }) => e.code,
    ),
  ).toBe("closed");
});
