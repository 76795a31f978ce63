import { describe, expect, test } from "vitest";
import type { RefreshOutcome } from "./provider.ts";
import { hour, lazy } from "./testing/given.ts";
import { adopted } from "./testing/stage.ts";

test("pauses a process with the old secret too", async () => {
  const { world, process } = await adopted(lazy, {});
  await world.pass(hour);
  const p2 = process({ provider: { clientGeneration: 2 } });
  await world.run(p2.keeper.token("1"));
  await world.pass(hour);
  let posts = 0;
  const p1 = process({
    provider: {
      clientGeneration: 1,
      refresh: async () => (
        posts++,
        { kind: "refused", about: "client", code: "invalid_client", status: 401, final: false }
      ),
    },
  });
  const codes = new Set();
  for (let i = 0; i < 50; i++) {
    const r = await world.run(p1.keeper.tryToken("1"));
    codes.add(r.ok ? "ok" : r.error.code);
    await world.pass(1000);
  }
  expect({ posts, codes: [...codes] }).toEqual({ posts: 1, codes: ["paused"] });
});

test("keeps the pause of a newer client generation when the older one obtains tokens", async () => {
  const { world, provider, keeper, process } = await adopted(lazy);
  for (let i = 2; i < 12; i++) await keeper.adopt(`${i}`, provider.consent());
  await world.pass(hour);
  let posts = 0;
  const p2 = process({
    provider: {
      clientGeneration: 2,
      refresh: async () => (
        posts++,
        { kind: "refused", about: "client", code: "invalid_client", status: 401, final: false }
      ),
    },
  });
  for (let i = 2; i < 12; i++) {
    await world.run(p2.keeper.tryToken("1"));
    await world.run(keeper.token(`${i}`));
    await world.pass(100);
  }
  expect(posts).toBe(1);
});

test("does not pause processes with the right secret for a wrong one", async () => {
  const { world, provider, keeper, process } = await adopted(lazy);
  await keeper.adopt("2", provider.consent());
  await world.pass(hour);
  await world.run(keeper.token("1"));
  const p2 = process({
    provider: {
      clientGeneration: 2,
      refresh: async () => ({ kind: "refused", about: "client", code: "invalid_client", status: 401, final: false }),
    },
  });
  await world.run(p2.keeper.tryToken("2"));
  const r = await world.run(keeper.tryToken("2"));
  expect(r.ok ? "ok" : r.error.code).toBe("ok");
});

test("backs off during a week of answers with status 500", async () => {
  const { world, provider, keeper } = await adopted(lazy);
  await world.pass(hour);
  const five: typeof provider.refresh = async () => {
    n++;
    return { kind: "unknown", code: "server_error", status: 500 };
  };
  let n = 0;
  provider.refresh = five;
  for (let i = 0; i < 7 * 24 * 12; i++) {
    await world.pass(5 * 60_000);
    await world.run(keeper.sweep());
  }
  expect(n).toBeLessThan(800);
});

describe("B8, B10: one grant that is refused does not stop the others of its client", () => {
  const refusing = async (outcome: RefreshOutcome, blocked: number) => {
    const stage = await adopted(lazy);
    const { world, provider, keeper } = stage;
    // The grant "1" is the good one, which adopts first.
    const tokens = new Set<string>();
    for (let i = 2; i < 2 + blocked; i++) {
      const fresh = provider.consent();
      tokens.add(fresh.refreshToken!.reveal());
      await keeper.adopt(`${i}`, fresh);
    }
    const { refresh } = provider;
    const refused: string[] = [];
    provider.refresh = async (ask) => {
      const token = ask.refreshToken.reveal();
      if (!tokens.has(token)) return refresh(ask);
      refused.push(token);
      return outcome;
    };
    await world.pass(hour);
    await world.run(keeper.tryToken("2"));
    /** Asks for every blocked grant each second, and for the good one every `everySeconds`, until that is served. */
    const secondsUntilServed = async (everySeconds: number): Promise<number> => {
      for (let second = 1; second < 5000; second++) {
        for (let i = 2; i < 2 + blocked; i++) void keeper.tryToken(`${i}`).catch(() => undefined);
        const good = second % everySeconds === 0 ? await world.run(keeper.tryToken("1")) : undefined;
        if (good?.ok) return second;
        await world.pass(1000);
      }
      return Infinity;
    };
    return { ...stage, secondsUntilServed, refused };
  };
  const refusedClient: RefreshOutcome = {
    kind: "refused",
    about: "client",
    code: "unauthorized_client",
    status: 400,
    final: false,
  };

  test("a grant that is always refused does not take the probes of a paused client from another", async () => {
    const { secondsUntilServed } = await refusing(refusedClient, 1);
    expect(await secondsUntilServed(1)).toBeLessThanOrEqual(61);
  });
  test.each([2, 5, 7])("the probes of a paused client rotate over its grants (%i refused)", async (blocked) => {
    const { secondsUntilServed, refused } = await refusing(refusedClient, blocked);
    expect(await secondsUntilServed(1)).toBeLessThan(5000);
    expect(new Set(refused).size).toBe(refused.length);
  });
  test("a grant that is asked for rarely gets its turn too", async () => {
    const { secondsUntilServed } = await refusing(refusedClient, 1);
    expect(await secondsUntilServed(17)).toBeLessThanOrEqual(90);
  });
  test("the only grant of a paused client waits no longer than before", async () => {
    const { world, keeper, refused } = await refusing(refusedClient, 1);
    await world.pass(60_001);
    await world.run(keeper.tryToken("2"));
    expect(refused).toHaveLength(2);
  });
  test("a firewall that blocks one grant does not close the breaker for the others", async () => {
    const { world, keeper, secondsUntilServed } = await refusing({ kind: "unknown", code: "refused", status: 403 }, 1);
    for (let second = 0; second < 600; second++) {
      void keeper.tryToken("2").catch(() => undefined);
      await world.pass(1000);
    }
    expect(await secondsUntilServed(1)).toBe(1);
  });
  test("an outage of one grant and then of all still closes the breaker", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    for (let i = 2; i <= 20; i++) await keeper.adopt(`${i}`, provider.consent());
    await world.pass(hour);
    let posts = 0;
    provider.refresh = async () => (posts++, { kind: "unknown", code: "server_error", status: 500 });
    for (let i = 1; i <= 20; i++) {
      void keeper.tryToken(`${i}`).catch(() => undefined);
      await world.pass(10_000);
    }
    expect(posts).toBeLessThan(40);
  });
});
