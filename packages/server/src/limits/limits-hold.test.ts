import { describe, expect, test } from "vitest";
import { StoreUnavailable } from "../index.ts";
import { authorizeUrl, browserOf, hiddenFields, post } from "../../test/flows.ts";
import { watchedStore } from "../../test/watched-store.ts";
import { basic, makeWorld, password, type World } from "../../test/world.ts";
import { gcraLimiter, standardLimits } from "./gcra-limiter.ts";

async function worldWith(
  watched = watchedStore(),
): Promise<{ world: World; watched: ReturnType<typeof watchedStore> }> {
  const world = await makeWorld({ store: watched.store });
  await world.addApplication("app");
  await world.addAccount("ann@app.example");
  return { world, watched };
}
const guess = async (world: World, secret = "wrong") =>
  (await post(world, "/oauth/token", { grant_type: "client_credentials" }, { authorization: basic("app", secret) }))
    .status;
const atOnce = (count: number, attempt: () => Promise<number>) => Promise.all(Array.from({ length: count }, attempt));

describe("OP-04: limits are counted atomically", () => {
  test("counts every request that arrives at once, even with a slow store", async () => {
    const { world, watched } = await worldWith();
    const { applications } = watched.store;
    const gate = Promise.withResolvers<void>();
    const find = applications.find.bind(applications);
    let waiting = 0;
    world.deps.store = {
      ...watched.store,
      applications: {
        ...applications,
        find: async (id) => (waiting++, await gate.promise, find(id)),
      } as typeof applications,
    };
    const guesses = atOnce(40, () => guess(world));
    while (waiting < 40) await new Promise(setImmediate);
    gate.resolve();
    expect((await guesses).filter((status) => status === 401)).toHaveLength(20);
    expect((await guesses).filter((status) => status === 429)).toHaveLength(20);
    world.advance(3);
    expect(await guess(world)).toBe(401);
    expect(await guess(world)).toBe(429);
  });

  test("counts without the store", async () => {
    const { world, watched } = await worldWith();
    for (let count = 0; count < 20; count++) await guess(world);
    watched.forget();
    expect(await guess(world)).toBe(429);
    expect(watched.calls).toEqual(["applications.find"]);
  });

  test("does not count a store failure as a failure of the client", async () => {
    const { world, watched } = await worldWith();
    watched.faults.next = () => new StoreUnavailable("down");
    expect(new Set(await atOnce(40, () => guess(world, "right-or-not")))).toEqual(new Set([503]));
    delete watched.faults.next;
    expect(await guess(world)).toBe(401);
  });

  test("is unaffected by a step of the wall clock", async () => {
    const { world } = await worldWith();
    const wall = world.deps.clock.epochMs;
    for (let count = 0; count < 20; count++) await guess(world);
    for (const step of [86_400_000, -86_400_000]) {
      world.deps.clock.epochMs = () => wall() + step;
      expect(await guess(world)).toBe(429);
    }
    world.advance(60);
    expect(await guess(world)).toBe(401);
  });
});

describe("OP-04: several processes, and restarts", () => {
  test("each process counts for itself: n processes allow n bursts, and a new one starts at zero", () => {
    const clock = { epochMs: () => 0, monotonicMs: () => 0 };
    const processes = Array.from({ length: 3 }, () => gcraLimiter(standardLimits(60), clock));
    const passed = processes.map(
      (limiter) =>
        Array.from({ length: 100 }, () => limiter.take("sign_in_failures_from_network", "ann")).filter(
          (wait) => wait === 0,
        ).length,
    );
    expect(passed).toEqual([8, 8, 8]);
  });
});

describe("OP-03, OP-05: a flood of sign-ins does not affect clients", () => {
  test("clients authenticate at the token endpoint while an account is limited", async () => {
    const { world } = await worldWith();
    const browser = browserOf(world);
    const fields = hiddenFields((await browser.get(authorizeUrl("app"))).body);
    const statuses = [];
    for (let count = 0; count < 30; count++)
      statuses.push(
        (await browser.post("/oauth/sign-in", { ...fields, email: "ann@app.example", password: `${password}${count}` }))
          .status,
      );
    expect(statuses.filter((status) => status === 429)).toHaveLength(22);
    expect(
      (await post(world, "/oauth/token", { grant_type: "client_credentials" }, { authorization: basic("app") })).status,
    ).toBe(200);
  });
});
