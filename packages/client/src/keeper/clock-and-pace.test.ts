import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import type { RefreshOutcome } from "./provider.ts";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, strict } from "./testing/given.ts";
import { adopted, createStage } from "./testing/stage.ts";

const tokensFor = (lifetimeSeconds: number, access: string, clockOffsetMs?: number): RefreshOutcome => ({
  kind: "tokens",
  tokens: {
    accessToken: new Sealed(access),
    refreshToken: new Sealed(`r-${access}`),
    lifetimeSeconds,
    ...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
  },
});

describe("refresh-tokens.md B9: the clock", () => {
  test("expiry counts from the start of the request", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push({ afterMs: 9000 });
    expect((await world.run(keeper.token("1"))).expiresInSeconds).toBe(3591);
  });

  test.each([-2, -1, 1, 2])("C-08: a wall clock that is wrong by %i hours changes nothing", async (hours) => {
    const stage = createStage(lazy);
    const { world, provider } = stage;
    const { keeper } = stage.process({ world: world.skewed(hours * hour) });
    await keeper.adopt("1", provider.consent());
    for (let round = 1; round <= 5; round++) {
      for (let asked = 0; asked < 10; asked++) {
        await world.run(keeper.token("1"));
        await world.pass(hour / 10);
      }
    }
    expect(provider.posts.length).toBeGreaterThanOrEqual(4);
    expect(provider.posts.length).toBeLessThanOrEqual(6);
  });

  test("processes whose clocks differ by an hour refresh once for all of them", async () => {
    const { world, provider, process } = createStage(strict);
    const processes = [-hour, 0, hour].map((skew) => process({ world: world.skewed(skew) }).keeper);
    await processes[1]!.adopt("1", provider.consent());
    const ask = () => world.run(Promise.all(processes.map((keeper) => keeper.token("1"))));
    await ask();
    const before = provider.posts.length;
    for (let round = 0; round < 40; round++) {
      await world.pass(hour / 8);
      const kept = await ask();
      expect(provider.accepts(kept[0]!.accessToken)).toBe(true);
    }
    expect(provider.posts.length - before).toBeLessThanOrEqual(6);
  });

  test("a version that appeared since the last look is no older than that look, however fast the clock", async () => {
    const { world, provider, keeper, process } = await adopted(strict);
    const fast = process({ world: world.skewed(10 * hour) }).keeper;
    await fast.status("1");
    const { accessToken } = await keeper.token("1");
    await world.run(keeper.token("1", { rejected: accessToken }));
    expect((await world.run(fast.token("1"))).version).toBe(2);
    expect(provider.posts).toHaveLength(1);
  });

  test("the offset is learnt from the provider, and kept with the record", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push(tokensFor(3600, "a", -7_200_000));
    await world.run(keeper.token("1"));
    expect(record().issuedAt).toEqual({ wallMs: world.epochMs(), offsetMs: -7_200_000 });
  });

  test.each([
    [20, 4],
    [300, 60],
    [86_400, 60],
  ])("a token of %i s is refreshed when %i s are left, at the latest", async (lifetimeSeconds, marginSeconds) => {
    const { world, provider, keeper, edit } = await adopted(lazy);
    await keeper.adopt("1", { ...provider.consent(), lifetimeSeconds });
    edit((found) => ({ ...found, refreshAfterMs: 1e12 }));
    await world.pass((lifetimeSeconds - marginSeconds) * 1000 - 1);
    expect((await world.run(keeper.token("1"))).version).toBe(2);
    expect(provider.posts).toHaveLength(0);
    await world.pass(1);
    expect((await world.run(keeper.token("1"))).version).toBe(3);
  });

  test("a 401 beats the clock, once per version: whoever brings an older token gets the current one", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    const { accessToken } = await keeper.token("1");
    await world.run(Promise.all(Array.from({ length: 20 }, () => keeper.token("1", { rejected: accessToken }))));
    await world.run(keeper.token("1", { rejected: accessToken.reveal() }));
    expect(provider.posts).toHaveLength(1);
  });

  test("C-10: a resource server that refuses everything drives one refresh a minute, and no loop", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    for (let second = 0; second < 300; second++) {
      const { accessToken } = await world.run(keeper.token("1"));
      await world.run(keeper.token("1", { rejected: accessToken }));
      await world.pass(1000);
    }
    expect(provider.posts.length).toBeLessThanOrEqual(6);
    expect(provider.posts.length).toBeGreaterThanOrEqual(5);
  });

  test.each([0.001, 1, 3])(
    "a token that a refresh just brought is usable whatever the clock says (%d s of life)",
    async (lifetimeSeconds) => {
      const { world, provider, keeper } = await adopted(lazy);
      await world.pass(hour);
      provider.faults.push(tokensFor(lifetimeSeconds, "a"));
      world.stepWall(hour);
      expect((await world.run(keeper.token("1", { minimumLifeSeconds: 600 }))).accessToken.reveal()).toBe("a");
      expect(provider.posts).toHaveLength(1);
    },
  );

  test("minimumLifeSeconds: who needs more life than is left has it refreshed", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    await world.pass(hour / 2);
    expect((await world.run(keeper.token("1", { minimumLifeSeconds: 1799 }))).version).toBe(1);
    expect((await world.run(keeper.token("1", { minimumLifeSeconds: 1801 }))).version).toBe(2);
    expect(provider.posts).toHaveLength(1);
  });

  test("without a lifetime there is no early refresh; a 401 is what ends the token", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    const { lifetimeSeconds: _, ...tokens } = provider.consent();
    await keeper.adopt("1", tokens);
    await world.pass(100 * hour);
    const kept = await keeper.token("1");
    expect(kept).toMatchObject({ version: 2, expiresInSeconds: undefined });
    expect((await world.run(keeper.token("1", { rejected: kept.accessToken }))).version).toBe(3);
  });
});

describe("refresh-tokens.md B10: jitter, back-off, breaker", () => {
  test("the early point is drawn once per version, between 80 and 95 % of the lifetime", async () => {
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

  test("due, but alive: one caller fetches the next, the others are served at once", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    await world.pass(hour * 0.96);
    provider.faults.push({ afterMs: 5000 });
    const fetching = keeper.token("1");
    await world.pass(100);
    expect((await keeper.token("1")).version).toBe(1);
    expect((await world.run(fetching)).version).toBe(2);
  });

  test("back-off is drawn anew each time, doubles its limit, and is shared through the store", async () => {
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

  test("five failures in a row open the breaker for every process and every grant of the client", async () => {
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

  test("half open: one probe, and the others wait for what it brings", async () => {
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

  test("a process whose own network is gone opens the breaker for nobody", async () => {
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

  test("who has no token waits for an attempt that is near, rather than hear of it", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push({ kind: "not_processed", code: "rate_limited", status: 429, retryAfterMs: 5000 });
    await world.run(errorOf(keeper.token("1")));
    expect((await world.run(keeper.token("1"))).version).toBe(2);
  });

  test("a sweep refreshes what is due, ten a second at most, and leaves the rest alone", async () => {
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

  test("a caller who waits goes before the sweep", async () => {
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
