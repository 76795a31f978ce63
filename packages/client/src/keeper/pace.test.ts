import { expect, test, describe } from "vitest";
import type { RefreshOutcome } from "./provider.ts";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, strict } from "./testing/given.ts";
import { adopted, createStage } from "./testing/stage.ts";

describe("refresh-tokens.md B10: jitter, back-off, breaker", () => {
  test("draws the refresh point once per version, between 80 and 95 % of the lifetime", async () => {
    const { world, provider, process, record } = createStage(lazy);
    const { keeper } = process();
    const points: number[] = [];
    for (let id = 0; id < 200; id++) {
      await keeper.adopt(`${id}`, provider.consent());
      const before = record(`${id}`).refreshAfterMs!;
      await world.run(keeper.token(`${id}`));
      expect(record(`${id}`).refreshAfterMs).toBe(before);
      points.push(before / hour);
    }
    expect(Math.min(...points)).toBeGreaterThanOrEqual(0.8);
    expect(Math.max(...points)).toBeLessThanOrEqual(0.95);
    expect(Math.min(...points)).toBeLessThan(0.81);
    expect(Math.max(...points)).toBeGreaterThan(0.94);
  });

  test("serves the other callers at once while one refreshes a token that is due but alive", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    await world.pass(hour * 0.96);
    provider.faults.push({ afterMs: 5000 });
    const fetching = keeper.token("1");
    await world.pass(100);
    expect((await keeper.token("1")).version).toBe(1);
    expect((await world.run(fetching)).version).toBe(2);
  });

  test("draws each back-off again under a doubling limit, and shares it through the store", async () => {
    const { world, provider, keeper, process, record } = await adopted(strict);
    await world.pass(hour);
    const waits: number[] = [];
    for (let failure = 0; failure < 12; failure++) {
      provider.faults.push("unsent", "unsent", "unsent");
      await world.run(errorOf(keeper.token("1")));
      provider.faults.length = 0;
      waits.push(record().nextAttempt!.waitMs);
      await world.pass(waits.at(-1)! - (world.epochMs() - (record().nextAttempt!.atMs - waits.at(-1)!)) + 1);
    }
    expect(Math.max(...waits.slice(0, 3))).toBeLessThan(4200);
    expect(Math.max(...waits)).toBeGreaterThan(20_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(300_100);
    expect(new Set(waits).size).toBe(12);
    provider.faults.push("unsent");
    await world.run(errorOf(keeper.token("1")));
    const posts = provider.posts.length;
    await world.run(errorOf(process().keeper.token("1")));
    expect(provider.posts).toHaveLength(posts);
  });

  test("opens the breaker for every process and grant of the client after five failures in a row", async () => {
    const { world, provider, keeper, process } = await adopted(lazy);
    for (let id = 2; id <= 8; id++) await keeper.adopt(`${id}`, provider.consent());
    await world.pass(hour);
    const send = provider.refresh;
    provider.refresh = async (ask) => {
      provider.posts.push({
        refreshToken: ask.refreshToken.reveal(),
        atMs: world.monotonicMs(),
        outcome: "not_processed",
      });
      return { kind: "not_processed", code: "server_error", status: 503 };
    };
    for (let id = 1; id <= 5; id++) await world.run(errorOf(keeper.token(`${id}`)));
    expect(provider.posts).toHaveLength(5);
    const other = process().keeper;
    for (let id = 6; id <= 8; id++)
      expect(await world.run(errorOf(other.token(`${id}`)))).toMatchObject({ code: "unavailable" });
    expect(provider.posts).toHaveLength(5);
    await world.pass(60_000);
    provider.refresh = send;
    expect((await world.run(other.token("8"))).version).toBe(2);
    expect((await world.run(keeper.token("7"))).version).toBe(2);
  });

  test("sends one probe when half open, and the others wait for its result", async () => {
    const { world, provider, keeper, process } = await adopted(lazy);
    for (let id = 2; id <= 8; id++) await keeper.adopt(`${id}`, provider.consent());
    await world.pass(hour);
    provider.faults.push(
      ...Array.from({ length: 8 }, (): RefreshOutcome => ({
        kind: "not_processed",
        code: "server_error",
        status: 503,
      })),
    );
    for (let id = 1; id <= 5; id++) await world.run(errorOf(keeper.token(`${id}`)));
    await world.pass(60_000);
    const before = provider.posts.length;
    await world.run(Promise.all([6, 7, 8].map((id) => errorOf((id === 7 ? process().keeper : keeper).token(`${id}`)))));
    expect(provider.posts).toHaveLength(before + 1);
  });

  test("does not open the breaker where a process has lost its own network", async () => {
    const { world, provider, keeper, process } = await adopted(lazy);
    for (let id = 2; id <= 8; id++) await keeper.adopt(`${id}`, provider.consent());
    await world.pass(hour);
    const cut = process({ provider: { refresh: async () => ({ kind: "not_processed", code: "connection" }) } }).keeper;
    for (let id = 1; id <= 7; id++) await world.run(errorOf(cut.token(`${id}`)));
    expect((await world.run(keeper.token("8"))).version).toBe(2);
  });

  test.each([
    [30_000, 30_000],
    [3_600_000, 900_000],
  ])("Retry-After of %i ms is honoured, up to %i ms", async (retryAfterMs, honouredMs) => {
    const { world, provider, keeper } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push({ kind: "not_processed", code: "rate_limited", status: 429, retryAfterMs });
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({
      code: "unavailable",
      retryAfterMs: honouredMs,
    });
    await world.pass(honouredMs - 10_001);
    await world.run(errorOf(keeper.token("1")));
    expect(provider.posts).toHaveLength(1);
    await world.pass(10_001);
    expect((await world.run(keeper.token("1"))).version).toBe(2);
  });

  test("waits for the next attempt where it is near and there is no token", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push({ kind: "not_processed", code: "rate_limited", status: 429, retryAfterMs: 5000 });
    await world.run(errorOf(keeper.token("1")));
    expect((await world.run(keeper.token("1"))).version).toBe(2);
  });

  test("a sweep refreshes what is due, at most ten a second, and nothing else", async () => {
    const { world, provider, process, record } = createStage(lazy);
    const { keeper } = process();
    for (let id = 0; id < 30; id++) await keeper.adopt(`${id}`, provider.consent());
    await world.pass(hour);
    for (let id = 30; id < 60; id++) await keeper.adopt(`${id}`, provider.consent());
    const before = world.monotonicMs();
    expect(await world.run(keeper.sweep())).toEqual({ worked: 30, failed: {} });
    expect(world.monotonicMs() - before).toBeGreaterThanOrEqual(2900);
    expect(provider.posts).toHaveLength(30);
    expect(record("29").version).toBe(2);
    expect(record("30").version).toBe(1);
  });

  test("a waiting caller goes before the sweep", async () => {
    const { world, provider, process } = createStage(lazy);
    const { keeper } = process();
    for (let id = 1; id <= 3; id++) await keeper.adopt(`${id}`, provider.consent());
    await world.pass(hour);
    provider.faults.push({ afterMs: 4000 });
    const caller = keeper.token("3");
    await world.pass(10);
    const sweeping = keeper.sweep();
    await world.run(caller);
    expect(provider.posts).toHaveLength(1);
    await world.run(sweeping);
    expect(provider.posts).toHaveLength(3);
  });
});
