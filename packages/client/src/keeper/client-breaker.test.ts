import { expect, test } from "vitest";
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
