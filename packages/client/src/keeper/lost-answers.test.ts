import { expect, test, describe } from "vitest";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, strict, none, replay, grace, timed } from "./testing/given.ts";
import { adopted, createStage } from "./testing/stage.ts";

describe("refresh-tokens.md B3.2: the response is lost", () => {
  test.each([lazy, replay, grace, timed, none, strict])(
    "sends again at once what was certainly not sent ($kind)",
    async (rotation) => {
      const { world, provider, keeper } = await adopted(rotation);
      await world.pass(hour);
      provider.faults.push("unsent", "unsent");
      const before = world.monotonicMs();
      expect((await world.run(keeper.token("1"))).version).toBe(2);
      expect(provider.posts).toHaveLength(1);
      expect(world.monotonicMs() - before).toBeLessThan(4000);
    },
  );

  test.each([lazy, replay, grace, timed, none])(
    "replays the same token at once after a lost answer ($kind)",
    async (rotation) => {
      const { world, provider, keeper } = await adopted(rotation);
      await world.pass(hour);
      provider.faults.push("lost");
      const kept = await world.run(keeper.token("1"));
      expect(provider.accepts(kept.accessToken)).toBe(true);
      expect(provider.posts.map(({ refreshToken }) => refreshToken)).toEqual(["rt-1", "rt-1"]);
      expect(provider.posts[1]!.atMs - provider.posts[0]!.atMs).toBeLessThan(2000);
    },
  );

  test("strict: serves the live token after a lost answer, and replays only shortly before it expires", async () => {
    const { world, provider, keeper } = await adopted(strict);
    await world.pass(hour * 0.96);
    provider.faults.push({ kind: "unknown", code: "timeout" });
    expect((await world.run(keeper.token("1"))).version).toBe(1);
    await world.pass(60_000);
    expect((await world.run(keeper.token("1"))).version).toBe(1);
    expect(provider.posts).toHaveLength(1);
    await world.pass(hour * 0.04 - 60_000 - 59_000);
    expect((await world.run(keeper.token("1"))).version).toBe(2);
  });

  test("strict: replays once, at once, after a lost answer where no token lives", async () => {
    const { world, provider, keeper } = await adopted(strict);
    await world.pass(hour);
    provider.faults.push({ kind: "unknown", code: "timeout" });
    await world.run(errorOf(keeper.token("1")));
    await world.pass(2000);
    expect((await world.run(keeper.token("1"))).version).toBe(2);
  });

  test("replays to a strict server at once with the same intent key", async () => {
    const { world, provider, keeper } = await adopted(strict, { readsIntent: true });
    await world.pass(hour);
    provider.faults.push("lost");
    expect((await world.run(keeper.token("1"))).version).toBe(2);
    expect(provider.posts).toHaveLength(2);
    expect(provider.posts[0]!.intent).toMatch(/^[\w-]{24}$/);
    expect(provider.posts[1]!.intent).toBe(provider.posts[0]!.intent);
  });

  test("uses a new intent key for the next refresh, and none for providers that do not read it", async () => {
    const { world, provider, keeper } = await adopted(strict, { readsIntent: true });
    for (let round = 0; round < 2; round++) {
      await world.pass(hour);
      await world.run(keeper.token("1"));
    }
    expect(provider.posts[0]!.intent).not.toBe(provider.posts[1]!.intent);
    const other = await adopted(strict);
    await other.world.pass(hour);
    await other.world.run(other.keeper.token("1"));
    expect(other.provider.posts[0]!.intent).toBeUndefined();
  });

  test("stops waiting for an answer at the deadline, within the lease", async () => {
    const { world, provider, keeper, record } = await adopted(strict);
    await world.pass(hour);
    provider.faults.push({ hang: true });
    const before = world.monotonicMs();
    const refused = errorOf(keeper.token("1"));
    await world.pass(500);
    expect(record().lease!.ms).toBeGreaterThan(provider.deadlineMs * 1.5);
    await world.run(refused);
    expect(world.monotonicMs() - before).toBeLessThan(provider.deadlineMs + 2000);
    expect(record().state).toBe("ambiguous");
  });
});

test("replays again within the same call where an answer is lost again, because the window may close before the next call", async () => {
  const { world, provider, process, record } = createStage({ kind: "grace", windowSeconds: 60 });
  const { keeper } = process();
  await keeper.adopt("1", provider.consent());
  await world.pass(3_600_000);
  const lost = { kind: "unknown", code: "connection" } as const;
  provider.faults.push(lost, lost, lost);
  await world.run(keeper.tryToken("1"));
  await world.pass(120_000);
  expect(record()).toMatchObject({ state: "ambiguous", streak: 1 });
  provider.faults.push("lost");
  const kept = await world.run(keeper.token("1"));
  expect(provider.accepts(kept.accessToken)).toBe(true);
});

test("counts the replay window from the first attempt, so that no late replay ends a live access token", async () => {
  const { world, provider, process, record } = createStage({ kind: "grace", windowSeconds: 60 });
  const { keeper } = process();
  await keeper.adopt("1", provider.consent());
  await world.pass(1_000_000);
  const lost = { kind: "unknown", code: "connection" } as const;
  provider.faults.push("lost", ...Array.from({ length: 100 }, () => lost));
  for (let seconds = 0; seconds < 120; seconds += 10) {
    await world.run(keeper.token("1", { minimumLifeSeconds: 3000 }));
    await world.pass(10_000);
  }
  const [first, last] = [provider.posts[0]!, provider.posts.at(-1)!];
  expect(provider.posts.length).toBeGreaterThan(3);
  expect(last.atMs - first.atMs).toBeLessThan(60_000);
  expect(record()).toMatchObject({ state: "ambiguous", version: 1 });
  expect(provider.accepts((await keeper.token("1")).accessToken)).toBe(true);
});
