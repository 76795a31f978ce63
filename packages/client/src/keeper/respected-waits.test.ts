import { describe, expect, test } from "vitest";
import { factsOf } from "./decide.ts";
import type { GrantRecord } from "./record.ts";
import { fakeProvider } from "./testing/fake-provider.ts";
import { virtualWorld } from "./testing/virtual-world.ts";
import { momentOf, observe } from "./time.ts";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, refusal } from "./testing/given.ts";
import { adopted, type Process, type Stage } from "./testing/stage.ts";

test("refresh-tokens.md B6: a lease ends in the millisecond in which it was observed unchanged for its time", () => {
  const world = virtualWorld();
  const found: GrantRecord = {
    format: 1,
    id: "1",
    issuer: "https://provider.example",
    clientId: "app",
    version: 1,
    fence: 2,
    state: "refreshing",
    class: lazy,
    clientGeneration: 1,
    current: "",
    issuedAt: { wallMs: world.epochMs(), offsetMs: 0 },
    boughtUnder: 1,
    lease: { owner: "other", beat: 0, ms: 24_000 },
    streak: 0,
    evidence: [],
  };
  const observation = observe(undefined, found, momentOf(world), 0);
  const isLeased = (ms: number): boolean => {
    const later = { ...world, monotonicMs: () => ms };
    const providers = [fakeProvider(world, lazy)];
    const context = { world: later, owner: "me", providers, clockOffsets: new Map(), isGone: () => false };
    return factsOf(context, { record: found, revision: 1, observation }).leased;
  };
  expect([23_999, 24_000].map(isLeased)).toEqual([true, false]);
});

/** The lease that a process left in the record of "1". */
const leave = ({ edit }: Stage, owner: string, ms: number): void =>
  edit((found) => ({
    ...found,
    fence: found.fence + 1,
    state: "refreshing",
    intent: { startedAtMs: 1 },
    lease: { owner, beat: 0, ms },
  }));

/** How long a caller without a token waits until its request is sent. */
async function waited({ world, provider }: Stage, { keeper }: Process): Promise<number> {
  const begun = world.monotonicMs();
  await world.run(keeper.token("1"));
  return provider.posts[0]!.atMs - begun;
}

describe("refresh-tokens.md B6: how long a lease is respected", () => {
  /** A caller polls four times a second, and pauses half a second before it repeats a refresh. */
  const slackMs = 1000;

  test("until it has been observed unchanged for its time", async () => {
    const stage = await adopted(lazy);
    await stage.world.pass(hour);
    leave(stage, "other", 24_000);
    const ms = await waited(stage, stage);
    expect(ms).toBeGreaterThanOrEqual(24_000);
    expect(ms).toBeLessThan(24_000 + slackMs);
  });

  test("an hour, where a damaged one is longer", async () => {
    const stage = await adopted(lazy);
    await stage.world.pass(hour);
    leave(stage, "other", 1e12);
    const ms = await waited(stage, stage);
    expect(ms).toBeGreaterThanOrEqual(hour);
    expect(ms).toBeLessThan(hour + slackMs);
  });

  test("five seconds, where its process is known to have ended", async () => {
    const stage = await adopted(lazy);
    const process = stage.process({ isGone: (name) => name === "worker" });
    await stage.world.pass(hour);
    leave(stage, "worker 0123456789abcdef", 24_000);
    const ms = await waited(stage, process);
    expect(ms).toBeGreaterThanOrEqual(5000);
    expect(ms).toBeLessThan(5000 + slackMs);
  });

  test("not at all, where this process took it in a call that failed", async () => {
    const stage = await adopted(lazy);
    const { world, provider, keeper, store } = stage;
    await world.pass(hour);
    const { read } = store;
    const taken = () => stage.record().lease !== undefined;
    store.read = async (key) => {
      if (key === "g.1" && taken()) throw new Error("the store does not answer");
      return read(key);
    };
    await world.run(errorOf(keeper.token("1")));
    store.read = read;
    expect(taken()).toBe(true);
    expect(provider.posts).toEqual([]);
    expect(await waited(stage, stage)).toBeLessThan(slackMs);
  });
});

describe("refresh-tokens.md B8: the wait of a client that has changed", () => {
  test("is over after a refusal, because the refusal was of the former client", async () => {
    const { world, provider, keeper, process } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push(refusal);
    await world.run(errorOf(keeper.token("1")));
    expect((await keeper.status("1")).retryAfterMs).toBeGreaterThan(100_000);
    expect((await process({ provider: { clientGeneration: 2 } }).keeper.status("1")).retryAfterMs).toBe(0);
    expect((await process({ provider: { clientGeneration: 0 } }).keeper.status("1")).retryAfterMs).toBeGreaterThan(0);
  });

  test("goes on after an attempt without an answer", async () => {
    const { edit, process, world } = await adopted(lazy);
    edit((found) => ({
      ...found,
      streak: 1,
      suspicion: { sinceMs: 1, dated: false, refusals: 1, generation: 1 },
      nextAttempt: { atMs: world.epochMs() + 5000, waitMs: 5000 },
    }));
    expect((await process({ provider: { clientGeneration: 2 } }).keeper.status("1")).retryAfterMs).toBe(5000);
  });

  test("goes on where the provider is not known", async () => {
    const { edit, process, world } = await adopted(lazy);
    edit((found) => ({
      ...found,
      suspicion: { sinceMs: 1, dated: false, refusals: 1, generation: 1 },
      nextAttempt: { atMs: world.epochMs() + 5000, waitMs: 5000 },
    }));
    expect((await process({ provider: { issuer: "https://other.example" } }).keeper.status("1")).retryAfterMs).toBe(
      5000,
    );
  });
});

test("serves a token that a refresh just brought, though the wall clock jumped meanwhile (B9)", async () => {
  const { world, provider, keeper } = await adopted(lazy);
  await world.pass(hour);
  const { refresh } = provider;
  provider.refresh = async (ask) => {
    world.stepWall(2 * hour);
    return refresh(ask);
  };
  expect((await world.run(keeper.token("1"))).version).toBe(2);
  expect(provider.posts).toHaveLength(1);
});
