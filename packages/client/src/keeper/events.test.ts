import { describe, expect, test } from "vitest";
import { createEvents, type KeeperEvent } from "./events.ts";
import { createStage } from "./testing/stage.ts";

const event = (version: number): KeeperEvent => ({
  type: "rotated",
  id: "1",
  issuer: "https://provider.example",
  clientId: "app",
  version,
  atMs: 0,
});
const versionOf = (event: KeeperEvent): number | undefined => ("version" in event ? event.version : undefined);

async function all(events: AsyncIterable<KeeperEvent>): Promise<KeeperEvent[]> {
  const read: KeeperEvent[] = [];
  for await (const one of events) read.push(one);
  return read;
}

describe("refresh-tokens.md B5: every change is an event", () => {
  test("gives each reader each event in order, as the callback; disposing the keeper ends all readers", async () => {
    const { world, provider, process } = createStage({ kind: "lazy" });
    const { keeper, events: emitted } = process();
    const [one, other] = [all(keeper.events), all(keeper.events)];
    await keeper.adopt("1", provider.consent());
    await world.pass(3_600_000);
    await world.run(keeper.token("1"));
    await world.run(keeper.revoke("1"));
    await keeper[Symbol.asyncDispose]();
    const types = (events: KeeperEvent[]): string[] => events.map(({ type }) => type);
    expect(types(await one)).toEqual(["adopted", "rotated", "revoking", "dead"]);
    expect(await other).toEqual(await one);
    expect(emitted).toEqual(await one);
  });

  test("delivers the events of a draining refresh before the end; a later reader gets nothing", async () => {
    const { world, provider, process } = createStage({ kind: "lazy" });
    const { keeper } = process();
    await keeper.adopt("1", provider.consent());
    await world.pass(3_600_000);
    provider.faults.push({ afterMs: 3000 });
    const reading = all(keeper.events);
    void keeper.token("1");
    await world.pass(100);
    await world.run(keeper.close());
    expect((await reading).map(({ type }) => type)).toEqual(["rotated"]);
    expect(await all(keeper.events)).toEqual([]);
  });

  test("keeps the last thousand events for a slow reader", async () => {
    const { emit, events, close } = createEvents();
    const reader = events[Symbol.asyncIterator]();
    for (let version = 1; version <= 1500; version++) emit(event(version));
    close();
    const read = (await all({ [Symbol.asyncIterator]: () => reader })).map(versionOf);
    expect([read.length, read[0], read.at(-1)]).toEqual([1000, 501, 1500]);
  });

  test("does not repeat events from before the reader", async () => {
    const { emit, events, close } = createEvents();
    emit(event(1));
    const reading = all(events);
    emit(event(2));
    close();
    expect((await reading).map(versionOf)).toEqual([2]);
  });

  test("ends a reader that leaves, also while it waits; the others go on", async () => {
    const { emit, events, close } = createEvents();
    const [leaver, stayer] = [events[Symbol.asyncIterator](), all(events)];
    const waiting = leaver.next();
    expect(await leaver.return!()).toEqual({ done: true, value: undefined });
    expect(await waiting).toEqual({ done: true, value: undefined });
    emit(event(1));
    expect(await leaver.next()).toEqual({ done: true, value: undefined });
    close();
    expect((await stayer).map(versionOf)).toEqual([1]);
  });

  test("drops the queued events of a reader that leaves", async () => {
    const { emit, events } = createEvents();
    const reader = events[Symbol.asyncIterator]();
    emit(event(1));
    await reader.return!();
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  test("gives two calls that wait on one reader one event each", async () => {
    const { emit, events } = createEvents();
    const reader = events[Symbol.asyncIterator]();
    const both = Promise.all([reader.next(), reader.next()]);
    emit(event(1));
    emit(event(2));
    expect((await both).map(({ value }) => versionOf(value as KeeperEvent))).toEqual([1, 2]);
  });

  test("a callback that throws loses no event and no grant", async () => {
    const { provider, process } = createStage({ kind: "lazy" });
    const { keeper } = process({
      onEvent: () => {
        throw new Error("mine");
      },
    });
    const reading = all(keeper.events);
    await keeper.adopt("1", provider.consent());
    await keeper.close();
    expect((await reading).map(({ type }) => type)).toEqual(["adopted"]);
  });
});
