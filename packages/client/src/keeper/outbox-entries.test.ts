import { describe, expect, test } from "vitest";
import { memoryPlace, memoryStore } from "./memory-store.ts";
import { boundTo } from "./record.ts";
import { grace, hour, none, strict } from "./testing/given.ts";
import { adopted, createStage, failAfterPost, failingStore } from "./testing/stage.ts";

const day = 86_400_000;

/** A process with an outbox apart, which holds an answer for each of `ids`. */
async function holding(ids = ["1"], rotation = strict) {
  const stage = createStage(rotation);
  const { world, provider, process } = stage;
  const outbox = memoryPlace();
  const outboxStore = failingStore(memoryStore(outbox));
  const victim = process({ outbox: outboxStore });
  for (const id of ids) await victim.keeper.adopt(id, provider.consent());
  await world.pass(hour);
  let repair = (): void => undefined;
  for (const id of ids) {
    repair();
    repair = failAfterPost({ provider, store: victim.store });
    await world.run(victim.keeper.token(id));
  }
  const next = () => process({ outbox: memoryStore(outbox) });
  return { ...stage, ...victim, outbox, outboxStore, repair, next };
}

type Entry = { base: Parameters<typeof boundTo>[0] & { version: number }; sealed: string };
const entryOf = ({ outbox }: { outbox: ReturnType<typeof memoryPlace> }, key = "v.1.2"): Entry =>
  JSON.parse(outbox.entries.get(key)!.value) as Entry;

describe("refresh-tokens.md B3.3: an entry of the outbox", () => {
  test("is named after grant and fencing token, and bound to its record (B4)", async () => {
    const stage = await holding();
    const { base, sealed } = entryOf(stage);
    expect(base).toMatchObject({ id: "1", version: 1 });
    const { bound } = JSON.parse(sealed) as { bound: string };
    expect(bound.slice(bound.indexOf(" "))).toBe(` ${boundTo(base, 1)}`);
  });

  test("is gone once its record has taken the answer", async () => {
    const { world, keeper, repair, outbox, events } = await holding();
    repair();
    await world.run(keeper.token("1"));
    await world.run(keeper.token("1"));
    expect(outbox.entries.size).toBe(0);
    expect((await keeper.status("1")).volatile).toBe(false);
    expect(events.map(({ type }) => type)).toEqual(["adopted", "volatile", "rotated"]);
  });

  test("stays where the outbox does not answer then, and is removed by a later sweep", async () => {
    for (const operation of ["read", "remove"]) {
      const { world, keeper, repair, outbox, outboxStore } = await holding();
      outboxStore.failing = (asked) => asked === operation && "before";
      repair();
      expect(await world.run(keeper.token("1"))).toMatchObject({ version: 2, volatile: false });
      expect([...outbox.entries.keys()]).toEqual(["v.1.2"]);
      outboxStore.failing = () => false;
      expect((await world.run(keeper.sweep())).failed).toEqual({});
      expect(outbox.entries.size).toBe(0);
    }
  });

  test("replaces one of the same name, from before the store was restored", async () => {
    const { world, provider, process, record } = createStage(strict);
    const outbox = memoryPlace();
    outbox.entries.set("v.1.2", { revision: 5, value: "from before" });
    outbox.revision = 5;
    const { keeper, store } = process({ outbox: memoryStore(outbox) });
    await keeper.adopt("1", provider.consent());
    await world.pass(hour);
    failAfterPost({ provider, store });
    await world.run(keeper.token("1"));
    expect(entryOf({ outbox }).base.id).toBe("1");
    expect((await world.run(process({ outbox: memoryStore(outbox) }).keeper.sweep())).failed).toEqual({});
    expect(record().version).toBe(2);
  });

  test("says in its event whether there is one", async () => {
    const { world, provider, keeper, store, outboxStore, events } = await holding([]);
    await keeper.adopt("1", provider.consent());
    await world.pass(hour);
    failAfterPost({ provider, store });
    outboxStore.failing = () => "before";
    expect(await world.run(keeper.token("1"))).toMatchObject({ volatile: true });
    expect(events.at(-1)).toMatchObject({ type: "volatile", inOutbox: false, version: 2 });
  });
});

describe("refresh-tokens.md B3.3: what a sweep does with the outbox", () => {
  test.each(["<html>", "null", "{}", "[]", '{"base":{"id":"1"},"sealed":"{}"}', '{"sealed":5}'])(
    "tells that an entry is damaged (%s), leaves it, and delivers the others",
    async (value) => {
      const { world, outbox, next, record } = await holding();
      outbox.entries.set("v.0.1", { revision: ++outbox.revision, value });
      const { failed } = await world.run(next().keeper.sweep());
      expect(failed).toMatchObject({ outbox: { code: "unreadable" } });
      expect(record().version).toBe(2);
      expect([...outbox.entries.keys()]).toEqual(["v.0.1"]);
    },
  );

  test("does not deliver an entry under the name of another grant", async () => {
    const stage = await holding(["1", "2"]);
    const { world, outbox, next, record } = stage;
    const [one, two] = [entryOf(stage, "v.1.2"), entryOf(stage, "v.2.2")];
    outbox.entries.set("v.1.2", { revision: ++outbox.revision, value: JSON.stringify({ ...one, sealed: two.sealed }) });
    const { failed } = await world.run(next().keeper.sweep());
    expect(failed).toMatchObject({ outbox: { code: "unreadable" } });
    expect([record("1").version, record("2").version]).toEqual([1, 2]);
  });

  test("keeps a pair whose record has moved on for thirty days, by the provider's clock", async () => {
    const { world, provider, process, place } = createStage(strict);
    const { keeper } = process();
    await keeper.adopt("1", { ...provider.consent(), clockOffsetMs: 10 * day });
    await world.pass(hour);
    provider.faults.push({ afterMs: 3000 });
    const refreshing = keeper.tryToken("1");
    await world.pass(1000);
    await process().keeper.adopt("1", provider.consent());
    await world.run(refreshing);
    const kept = () => [...place.entries.keys()].filter((key) => key.startsWith("v."));
    await world.pass(30 * day - 3000);
    await world.run(keeper.sweep());
    expect(kept()).toHaveLength(1);
    await world.pass(3001);
    await world.run(keeper.sweep());
    expect(kept()).toHaveLength(0);
  });

  test("leaves a record alone that has the version, but not the token that was spent", async () => {
    const { world, provider, place, process, next, outbox, record } = await holding();
    place.entries.delete("g.1");
    const tokens = provider.consent();
    await process().keeper.adopt("1", tokens);
    const { keeper } = next();
    expect((await world.run(keeper.sweep())).failed).toEqual({});
    expect(record().version).toBe(1);
    expect((await keeper.token("1")).accessToken.reveal()).toBe(tokens.accessToken.reveal());
    expect(outbox.entries.size).toBe(1);
  });
});

describe("refresh-tokens.md B3.3: what a refresh does with the outbox", () => {
  test("goes on without it where it does not answer", async () => {
    const { world, process, edit } = await adopted(grace);
    await world.pass(hour);
    edit((found) => ({ ...found, state: "refreshing", intent: { startedAtMs: 1 } }));
    const outbox = failingStore(memoryStore());
    outbox.failing = () => "before";
    expect((await world.run(process({ outbox }).keeper.token("1"))).version).toBe(2);
  });

  test("leaves a damaged entry, and the entries of grants whose name begins alike", async () => {
    const { world, outbox, next, place } = await holding(["a", "a.5"]);
    outbox.entries.set("v.a.9", { revision: ++outbox.revision, value: "<html>" });
    const { keeper } = next();
    expect((await world.run(keeper.token("a"))).version).toBe(2);
    expect([...outbox.entries.keys()].sort()).toEqual(["v.a.2e5.2", "v.a.9"]);
    expect(place.entries.get("g.a.2e5")!.value).toContain('"version":1,');
  });
});

describe("refresh-tokens.md B6: the late answer of a lease", () => {
  test("of a provider that did not rotate the token is dropped (none)", async () => {
    const { world, provider, process, place } = createStage(none);
    const [one, other] = [process(), process()];
    await one.keeper.adopt("1", provider.consent());
    await world.pass(hour);
    provider.faults.push({ afterMs: 3000 });
    const refreshing = one.keeper.tryToken("1");
    await world.pass(1000);
    await other.keeper.adopt("1", provider.consent());
    await world.run(refreshing);
    expect(one.events.map(({ type }) => type)).toEqual(["adopted"]);
    expect([...place.entries.keys()].filter((key) => key.startsWith("v."))).toEqual([]);
  });

  test("is told with the version that the record has now (strict)", async () => {
    const { world, provider, process } = createStage(strict);
    const [one, other] = [process(), process()];
    await one.keeper.adopt("1", provider.consent());
    await world.pass(hour);
    provider.faults.push({ afterMs: 3000 });
    const refreshing = one.keeper.tryToken("1");
    await world.pass(1000);
    for (let times = 0; times < 2; times++) await other.keeper.adopt("1", provider.consent());
    await world.run(refreshing);
    expect(one.events.at(-1)).toMatchObject({ type: "late_answer", id: "1", version: 3 });
  });

  test("is the same pair that the outbox has delivered meanwhile: the record stays (grace)", async () => {
    const { world, keeper, repair, next, record } = await holding(["1"], grace);
    await world.run(next().keeper.sweep());
    const { current, version } = record();
    expect(version).toBe(2);
    repair();
    await world.run(keeper.token("1"));
    expect(record()).toMatchObject({ version, current });
  });
});
