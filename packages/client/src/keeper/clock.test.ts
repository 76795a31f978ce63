import { expect, test, describe } from "vitest";
import { Sealed } from "@symbolon/protocol";
import type { RefreshOutcome } from "./provider.ts";
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
  test("counts the lifetime from the start of the request", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push({ afterMs: 9000 });
    expect((await world.run(keeper.token("1"))).expiresInSeconds).toBe(3591);
  });

  test.each([-2, -1, 1, 2])(
    "C-08: serves and refreshes as usual with a wall clock that is wrong by %i hours",
    async (hours) => {
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
    },
  );

  test("refreshes once for all processes whose clocks differ by an hour", async () => {
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

  test("takes a version that appeared since the last read for no older than that read, however fast the clock", async () => {
    const { world, provider, keeper, process } = await adopted(strict);
    const fast = process({ world: world.skewed(10 * hour) }).keeper;
    await fast.status("1");
    const { accessToken } = await keeper.token("1");
    await world.run(keeper.token("1", { rejected: accessToken }));
    expect((await world.run(fast.token("1"))).version).toBe(2);
    expect(provider.posts).toHaveLength(1);
  });

  test("records the clock offset from the provider's Date header", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push(tokensFor(3600, "a", -7_200_000));
    await world.run(keeper.token("1"));
    expect(record().issuedAt).toEqual({ wallMs: world.epochMs(), offsetMs: -7_200_000 });
  });

  test("dates events by the provider's clock, as far as it is known", async () => {
    const { world, provider, process } = createStage(lazy);
    const { keeper, events } = process();
    await keeper.adopt("1", provider.consent());
    await keeper.adopt("2", { ...provider.consent(), clockOffsetMs: 7000 });
    await world.pass(hour);
    provider.faults.push(tokensFor(3600, "a", NaN));
    await world.run(keeper.token("1"));
    expect(events.map(({ atMs }) => atMs - 1_800_000_000_000)).toEqual([0, 7000, hour + 7000]);
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

  test("refreshes a token rejected with 401 once per version, and gives the current token to callers with an older one", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    const { accessToken } = await keeper.token("1");
    await world.run(Promise.all(Array.from({ length: 20 }, () => keeper.token("1", { rejected: accessToken }))));
    await world.run(keeper.token("1", { rejected: accessToken.reveal() }));
    expect(provider.posts).toHaveLength(1);
  });

  test("C-10: refreshes at most once a minute for a resource server that rejects every token", async () => {
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
    "serves a token that a refresh just brought, even if it expires at once (%d s of life)",
    async (lifetimeSeconds) => {
      const { world, provider, keeper } = await adopted(lazy);
      await world.pass(hour);
      provider.faults.push(tokensFor(lifetimeSeconds, "a"));
      world.stepWall(hour);
      expect((await world.run(keeper.token("1", { minimumLifeSeconds: 600 }))).accessToken.reveal()).toBe("a");
      expect(provider.posts).toHaveLength(1);
    },
  );

  test("refreshes a token that lives shorter than minimumLifeSeconds", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    await world.pass(hour / 2);
    expect((await world.run(keeper.token("1", { minimumLifeSeconds: 1799 }))).version).toBe(1);
    expect((await world.run(keeper.token("1", { minimumLifeSeconds: 1801 }))).version).toBe(2);
    expect(provider.posts).toHaveLength(1);
  });

  test("refreshes a token without a lifetime only after a 401", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    const { lifetimeSeconds: _, ...tokens } = provider.consent();
    await keeper.adopt("1", tokens);
    await world.pass(100 * hour);
    const kept = await keeper.token("1");
    expect(kept).toMatchObject({ version: 2, expiresInSeconds: undefined });
    expect((await world.run(keeper.token("1", { rejected: kept.accessToken }))).version).toBe(3);
  });
});

test("refreshes once, not per call, where the minimum life is at or above the lifetime", async () => {
  const { world, provider, keeper } = await adopted(lazy);
  for (let i = 0; i < 10; i++) {
    await world.run(keeper.token("1", { minimumLifeSeconds: 7200 }));
    await world.pass(1000);
  }
  expect(provider.posts.length).toBeLessThanOrEqual(1);
});

test("lets ten processes keep each other's lazy tokens alive where the minimum life is the lifetime", async () => {
  const { world, provider, process } = await adopted(lazy);
  const got = await world.run(
    Promise.all(Array.from({ length: 10 }, () => process().keeper.token("1", { minimumLifeSeconds: 3600 }))),
  );
  for (const one of got) provider.accepts(one.accessToken);
  expect({
    posts: provider.posts.length,
    alive: got.filter((one) => provider.accepts(one.accessToken)).length,
  }).toEqual({ posts: 0, alive: 10 });
});
