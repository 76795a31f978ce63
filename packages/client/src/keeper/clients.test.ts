import { describe, expect, test } from "vitest";
import { createClients } from "./clients.ts";
import type { KeeperEvent } from "./events.ts";
import { memoryPlace, memoryStore } from "./memory-store.ts";
import type { KeeperProvider, RefreshOutcome } from "./provider.ts";
import { fakeProvider } from "./testing/fake-provider.ts";
import { hour, lazy, refusal, replay } from "./testing/given.ts";
import { plainVault } from "./testing/plain-vault.ts";
import { virtualWorld } from "./testing/virtual-world.ts";

const refusedClient = { ...refusal, about: "client", code: "invalid_client" } as RefreshOutcome;
const failed: RefreshOutcome = { kind: "unknown", code: "timeout" };
const brought: RefreshOutcome = { kind: "tokens", tokens: { accessToken: "at" as never } };

/** The circuit breaker of one client. All random bytes are `byte`, so that waits are known. */
function setUp(changes: Partial<KeeperProvider> = {}, byte = 0) {
  const world = { ...virtualWorld(), random: (length: number) => new Uint8Array(length).fill(byte) };
  const place = memoryPlace();
  const events: KeeperEvent[] = [];
  const provider = fakeProvider(world, lazy, changes);
  const store = memoryStore(place);
  const clockOffsets = new Map<string, number>();
  const process = () =>
    createClients({ world, store, vault: plainVault, clockOffsets, emit: (event) => events.push(event) });
  const clients = process();
  const fail = async (...ids: string[]): Promise<void> => {
    for (const id of ids) await clients.report(provider, id, failed);
  };
  const stored = () => JSON.parse([...place.entries.values()].at(-1)!.value) as Record<string, unknown>;
  const leftMs = async (id = "other"): Promise<number> => {
    const gate = await clients.gate(provider, id, false);
    return gate.open ? 0 : gate.retryAfterMs;
  };
  return { world, place, events, provider, store, clockOffsets, process, clients, fail, stored, leftMs };
}

/** Half of 500 ms, doubled five times, and 100 ms. */
const firstWaitMs = 8100;
const opened = ["1", "2", "3", "4", "5"];

describe("refresh-tokens.md B10: the circuit breaker of a client", () => {
  test("opens after failures of five grants, for a time from its half to its whole", async () => {
    const { clients, provider, fail, leftMs } = setUp();
    await fail(...opened.slice(1));
    expect(await clients.gate(provider, "1", true)).toEqual({ open: true });
    await fail("1");
    expect(await leftMs()).toBe(firstWaitMs);
    const longest = setUp({}, 0xff);
    await longest.fail(...opened);
    expect(await longest.leftMs()).toBe(2 * (firstWaitMs - 100) + 100);
  });

  test("counts repeated failures of one grant once, until it is open", async () => {
    const { fail, stored, leftMs } = setUp();
    await fail("1", "1", "1", "1", "1", "1");
    expect(await leftMs()).toBe(0);
    await fail("2", "3", "4", "5", "5", "5");
    expect(stored()["streak"]).toBe(7);
  });

  test("is not opened by what was certainly not sent, and by what the provider answered", async () => {
    const { clients, provider, place, leftMs } = setUp();
    for (const id of opened) await clients.report(provider, id, { kind: "not_processed", code: "connection" });
    expect(place.entries.size).toBe(0);
    for (const id of opened)
      await clients.report(provider, id, { kind: "not_processed", code: "server_error", status: 503 });
    expect(await leftMs()).toBe(firstWaitMs);
  });

  test.each<[string, RefreshOutcome]>([
    ["tokens", brought],
    ["a refusal of a grant", refusal],
  ])("%s end the row of failures", async (_, outcome) => {
    const { clients, provider, fail, stored, leftMs } = setUp();
    await fail(...opened.slice(1));
    await clients.report(provider, "1", outcome);
    expect(stored()["streak"]).toBe(0);
    await fail(...opened.slice(1));
    expect(await leftMs()).toBe(0);
  });

  test("tells an outage from a replay window: the first wait is at most a third of it", async () => {
    const { fail, leftMs } = setUp({ rotation: { kind: "grace", windowSeconds: 30 } });
    await fail(...opened);
    expect(await leftMs()).toBe(5100);
  });

  test("waits at most a minute without being told", async () => {
    const { fail, leftMs } = setUp();
    await fail(...opened, ...opened, ...opened);
    expect(await leftMs()).toBe(30_100);
  });

  test.each([
    [lazy, 30_000, 30_000],
    [lazy, 1e9, 900_000],
    [replay, 600_000, 60_000],
  ])("under %j honours a Retry-After of %i ms for %i ms", async (rotation, retryAfterMs, honouredMs) => {
    const { clients, provider, leftMs } = setUp({ rotation });
    await clients.report(provider, "1", { kind: "not_processed", code: "rate_limited", status: 429, retryAfterMs });
    expect(await leftMs()).toBe(honouredMs);
  });

  test("is one for all processes, and each client has its own", async () => {
    const { process, provider, fail } = setUp();
    await fail(...opened);
    const other = process();
    expect(await other.gate(provider, "9", false)).toMatchObject({ open: false, code: "unavailable" });
    for (const changes of [{ clientId: "other" }, { issuer: "https://other.example" }, { clientGeneration: 2 }])
      expect(await other.gate({ ...provider, ...changes }, "9", false)).toEqual({ open: true });
  });

  test("a damaged record does not stop the client", async () => {
    const { clients, provider, fail, place } = setUp();
    await fail(...opened);
    for (const key of place.entries.keys()) place.entries.set(key, { revision: ++place.revision, value: "<html>" });
    expect(await clients.gate(provider, "9", true)).toEqual({ open: true });
  });

  test("writes nothing where nothing has changed", async () => {
    const { clients, provider, place } = setUp();
    await clients.report(provider, "1", brought);
    const { revision } = place;
    await clients.report(provider, "2", brought);
    await clients.report(provider, "2", refusal);
    expect(place.revision).toBe(revision);
  });
});

describe("refresh-tokens.md B9: the wait of a breaker and wrong clocks", () => {
  test("ends by the monotonic clock where the wall clock is set back", async () => {
    const { world, fail, leftMs } = setUp();
    await fail(...opened);
    expect(await leftMs()).toBe(firstWaitMs);
    world.stepWall(-hour);
    await world.pass(firstWaitMs - 1);
    expect(await leftMs()).toBe(1);
    await world.pass(1);
    expect(await leftMs()).toBe(0);
  });

  test("ends by the wall clock in a process that has just begun", async () => {
    const { world, fail, process, provider } = setUp();
    await fail(...opened);
    await world.pass(firstWaitMs - 1);
    expect(await process().gate(provider, "9", false)).toMatchObject({ retryAfterMs: 1 });
  });

  test("is by the provider's clock, so that processes with different clocks agree", async () => {
    const { world, fail, process, provider, clockOffsets } = setUp();
    clockOffsets.set(provider.issuer, -hour);
    await fail(...opened);
    world.stepWall(hour);
    clockOffsets.set(provider.issuer, -2 * hour);
    expect(await process().gate(provider, "9", false)).toMatchObject({ retryAfterMs: firstWaitMs });
  });
});

describe("refresh-tokens.md B10: half open, one request at a time", () => {
  test("taking it starts the wait again; asking does not", async () => {
    const { world, clients, provider, fail, leftMs } = setUp();
    await fail(...opened);
    await world.pass(firstWaitMs);
    expect(await clients.gate(provider, "9", false)).toEqual({ open: true });
    expect(await clients.gate(provider, "9", true)).toEqual({ open: true });
    expect(await clients.gate(provider, "8", true)).toEqual({
      open: false,
      code: "unavailable",
      retryAfterMs: firstWaitMs,
    });
    await world.pass(firstWaitMs / 2);
    expect(await leftMs("8")).toBe(firstWaitMs / 2);
  });

  test("a process that comes second waits the whole time", async () => {
    const { world, clients, provider, store, fail } = setUp();
    await fail(...opened);
    await world.pass(firstWaitMs);
    store.write = async () => undefined;
    expect(await clients.gate(provider, "9", true)).toEqual({
      open: false,
      code: "unavailable",
      retryAfterMs: firstWaitMs,
    });
  });

  test("grants that failed leave it to others that wait: the earlier they failed, the sooner they may", async () => {
    const { fail, leftMs, stored } = setUp();
    await fail(...opened);
    expect(await leftMs("5")).toBe(firstWaitMs);
    expect(stored()["othersWait"]).toBeUndefined();
    expect(await leftMs("other")).toBe(firstWaitMs);
    expect(stored()["othersWait"]).toBe(true);
    expect(await leftMs("other")).toBe(firstWaitMs);
    expect(await leftMs("1")).toBe(firstWaitMs * 1.5);
    expect(await leftMs("4")).toBe(firstWaitMs * 1.8);
  });

  test("the grant that takes it is the latest that failed, until it succeeds", async () => {
    const { world, clients, provider, fail, stored } = setUp();
    await fail(...opened);
    await world.pass(2 * firstWaitMs);
    await clients.gate(provider, "2", true);
    expect(stored()).toMatchObject({ failed: ["1", "3", "4", "5", "2"] });
    expect(stored()["othersWait"]).toBeUndefined();
  });

  test("remembers the fifty latest grants that failed", async () => {
    const { fail, stored } = setUp();
    for (let id = 1; id <= 60; id++) await fail(`${id}`);
    expect(stored()["failed"]).toEqual(Array.from({ length: 50 }, (_, index) => `${index + 11}`));
  });
});

describe("refresh-tokens.md B8: a client that the provider refuses", () => {
  test("is paused for a minute, then for twice as long each time, up to a quarter of an hour", async () => {
    const { clients, provider, leftMs, events } = setUp();
    const waits: number[] = [];
    for (let times = 0; times < 6; times++) {
      await clients.report(provider, "1", refusedClient);
      waits.push((await leftMs()) / 1000);
    }
    expect(waits).toEqual([60, 120, 240, 480, 900, 900]);
    expect(await clients.gate(provider, "9", true)).toMatchObject({ open: false, code: "paused" });
    expect(events).toEqual([
      {
        type: "paused",
        issuer: provider.issuer,
        clientId: "app",
        atMs: 1_800_000_000_000,
        code: "invalid_client",
      },
    ]);
  });

  test("is resumed once, by tokens or by a refusal of a grant", async () => {
    for (const outcome of [brought, refusal]) {
      const { clients, provider, events } = setUp();
      await clients.report(provider, "1", refusedClient);
      await clients.report(provider, "1", outcome);
      await clients.report(provider, "1", brought);
      expect(events.map(({ type }) => type)).toEqual(["paused", "resumed"]);
      expect(await clients.gate(provider, "1", true)).toEqual({ open: true });
    }
  });

  test("stays paused after an attempt without an answer", async () => {
    const { clients, provider, events, fail } = setUp();
    await clients.report(provider, "1", refusedClient);
    await fail("1");
    expect(events.map(({ type }) => type)).toEqual(["paused"]);
    expect(await clients.gate(provider, "1", true)).toMatchObject({ code: "paused" });
  });

  test("is resumed by the first tokens of its next generation, and by nothing else of it", async () => {
    const { clients, provider, events, fail } = setUp();
    await clients.report(provider, "1", refusedClient);
    const next = { ...provider, clientGeneration: 2 };
    await clients.report(next, "1", failed);
    await clients.report(next, "1", refusal);
    expect(events.map(({ type }) => type)).toEqual(["paused"]);
    await clients.report(next, "1", brought);
    expect(events.map(({ type }) => type)).toEqual(["paused", "resumed"]);
    await clients.report(next, "1", failed);
    await clients.report(next, "1", brought);
    await fail("1");
    expect(events.map(({ type }) => type)).toEqual(["paused", "resumed"]);
  });

  test("stays proven once it has brought tokens", async () => {
    const { clients, provider, fail } = setUp();
    await clients.report(provider, "1", refusal);
    expect(await clients.isProven(provider)).toBe(false);
    await clients.report(provider, "1", brought);
    await fail("1");
    await clients.report(provider, "1", refusal);
    await clients.report(provider, "1", refusedClient);
    expect(await clients.isProven(provider)).toBe(true);
    expect(await clients.isProven({ ...provider, clientGeneration: 2 })).toBe(false);
  });
});
