import { expect, test } from "vitest";
import { hour, lazy, refusal } from "./testing/given.ts";
import { adopted } from "./testing/stage.ts";

test("emits 'dead' where the write happened and seemed to fail", async () => {
  const { world, provider, keeper, store, record, events } = await adopted(lazy);
  await world.pass(hour);
  provider.faults.push({ ...refusal, final: true } as never);
  store.failing = (op, key, value) =>
    op === "write" && key.startsWith("g.") && value.includes('"dead"') ? "after" : false;
  await world.run(keeper.tryToken("1"));
  expect({ state: record().state, events: events.map((e) => e.type) }).toEqual({
    state: "dead",
    events: ["adopted", "dead"],
  });
});

test("emits 'rotated' where the write happened and seemed to fail", async () => {
  const { world, keeper, store, record, events } = await adopted(lazy);
  await world.pass(hour);
  let once = true;
  store.failing = (op, _, value) =>
    op === "write" && value.includes('"version":2') && once ? ((once = false), "after") : false;
  await world.run(keeper.tryToken("1"));
  expect({ v: record().version, events: events.map((e) => e.type) }).toEqual({ v: 2, events: ["adopted", "rotated"] });
});

test("emits 'dead' where the client's record cannot be read afterwards", async () => {
  const { world, provider, keeper, store, record, events } = await adopted(lazy);
  await world.pass(hour);
  const send = provider.refresh;
  let sent = false;
  provider.refresh = async (ask) => {
    sent = true;
    void send;
    void ask;
    return { ...refusal, final: true } as never;
  };
  store.failing = (op, key) => (op === "read" && key.startsWith("c.") && sent ? "before" : false);
  const r = await world.run(keeper.tryToken("1"));
  expect({ state: record().state, events: events.map((e) => e.type), code: r.ok ? "ok" : r.error.code }).toMatchObject({
    state: "dead",
    events: ["adopted", "dead"],
  });
});

test("does not answer a caller that refreshed with a read from before", async () => {
  const { world, keeper, store } = await adopted(lazy);
  await world.pass(hour);
  const read = store.read,
    write = store.write;
  let stall = false;
  store.read = async (key) => {
    const found = await read(key);
    if (stall && key.startsWith("g.")) {
      stall = false;
      await world.sleep(300);
    }
    return found;
  };
  let b: Promise<unknown> | undefined;
  store.write = async (key, expected, value) => {
    if (value.includes('"version":2') && b === undefined) {
      stall = true;
      b = keeper.tryToken("1");
      await world.sleep(1);
    }
    return write(key, expected, value);
  };
  const a = await world.run(keeper.tryToken("1"));
  expect(a.ok ? a.value.version : a.error.code).toBe(2);
});

test("an abort ends the wait for a store that hangs", async () => {
  const { world, keeper, store } = await adopted(lazy);
  await world.pass(hour);
  store.read = () => new Promise(() => undefined);
  const stop = new AbortController();
  let done = false;
  keeper
    .tryToken("1", { signal: stop.signal })
    .catch(() => undefined)
    .finally(() => (done = true));
  stop.abort();
  await world.pass(60_000);
  expect(done).toBe(true);
});
