import { describe, expect, test } from "vitest";
import { KeeperError } from "./errors.ts";
import { memoryStore } from "./memory-store.ts";
import type { RefreshOutcome } from "./provider.ts";
import type { KeeperStore } from "./store.ts";
import { errorOf } from "./testing/errors.ts";
import { grace, hour, lazy, none, refusal, strict } from "./testing/given.ts";
import { plainVault } from "./testing/plain-vault.ts";
import { adopted, createStage, failAfterPost } from "./testing/stage.ts";

const lost: RefreshOutcome = { kind: "unknown", code: "connection" };

describe("refresh-tokens.md B3.2: when a request is sent again under the same lease", () => {
  const unsent: RefreshOutcome = { kind: "not_processed", code: "connection" };
  test.each<[string, typeof lazy, number, RefreshOutcome, number]>([
    ["a lost answer, three times", lazy, 0, lost, 3],
    ["a lost answer of a grant that had failed before: later", lazy, 1, lost, 1],
    ["a lost answer inside a window, though the grant had failed before", grace, 1, lost, 3],
    ["a lost answer under strict: later", strict, 0, lost, 1],
    ["what was not sent, three times", strict, 0, unsent, 3],
    ["what was not sent, of a grant that had failed before: later", grace, 1, unsent, 1],
    ["what was turned away with a status: later", lazy, 0, { ...unsent, status: 429 }, 1],
    ["where the provider asks for two seconds", lazy, 0, { ...lost, retryAfterMs: 2000 }, 3],
    ["where the provider asks for more: later", lazy, 0, { ...lost, retryAfterMs: 2001 }, 1],
    ["a refusal: later", lazy, 0, refusal, 1],
  ])("%s", async (_, rotation, streak, outcome, posts) => {
    const { world, provider, keeper, edit } = await adopted(rotation);
    edit((found) => ({ ...found, streak }));
    await world.pass(hour);
    provider.faults.push(outcome, outcome, outcome);
    await world.run(errorOf(keeper.token("1")));
    expect(provider.posts).toHaveLength(posts);
    const pauses = provider.posts.slice(1).map(({ atMs }, index) => atMs - provider.posts[index]!.atMs);
    const leastMs = "retryAfterMs" in outcome ? 2000 : 100;
    for (const ms of pauses) expect(ms).toBeGreaterThanOrEqual(leastMs);
    for (const ms of pauses) expect(ms).toBeLessThanOrEqual(2100);
  });

  test("not where the replay window has ended meanwhile", async () => {
    const { world, provider, keeper } = await adopted({ kind: "grace", windowSeconds: 1 });
    await world.pass(hour);
    const { refresh } = provider;
    provider.refresh = async (ask) => {
      await world.sleep(1000);
      return refresh(ask);
    };
    provider.faults.push(lost);
    await world.run(errorOf(keeper.token("1")));
    expect(provider.posts).toHaveLength(1);
  });

  test("a provider that never answers is noted as such", async () => {
    const { world, provider, keeper, record } = await adopted(strict);
    await world.pass(hour);
    provider.refresh = () => new Promise(() => undefined);
    await world.run(errorOf(keeper.token("1")));
    expect(record()).toMatchObject({ state: "ambiguous", evidence: [{ code: "no_answer", version: 1 }] });
  });
});

describe("refresh-tokens.md B6: before a request is sent", () => {
  test("what the answer needs to be sealed is there", async () => {
    const { world, provider, process } = await adopted(strict);
    await world.pass(hour);
    const down = () => Promise.reject(new KeeperError("store_unavailable"));
    const { keeper } = process({ keys: { ...plainVault, seal: down } });
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "store_unavailable" });
    expect(provider.posts).toEqual([]);
  });

  test("a revocation that began meanwhile stops it, and gets the lease back at once", async () => {
    const { world, provider, keeper, store, process, record } = await adopted(strict);
    await world.pass(hour);
    const other = process();
    const { read } = store;
    let revoking: Promise<unknown> | undefined;
    store.read = async (key) => {
      if (key === "g.1" && record().lease !== undefined && revoking === undefined) {
        revoking = other.keeper.revoke("1");
        await world.sleep(100);
      }
      return read(key);
    };
    const begun = world.monotonicMs();
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "ended" });
    expect(await world.run(revoking!)).toBe("revoked");
    expect(world.monotonicMs() - begun).toBeLessThan(2000);
    expect([provider.posts, provider.revoked]).toEqual([[], ["rt-1"]]);
  });

  test("a suspect grant stays suspect, and an active one is refreshing", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push(refusal);
    const { refresh } = provider;
    const states: string[] = [];
    provider.refresh = (ask) => {
      states.push(record().state);
      return refresh(ask);
    };
    await world.run(errorOf(keeper.token("1")));
    await world.pass(230_000);
    await world.run(keeper.token("1"));
    expect(states).toEqual(["refreshing", "suspect"]);
  });

  test("a process that was second to take over the refresh of a dead one does not pause", async () => {
    const { world, provider, keeper, store, edit } = await adopted(lazy);
    await world.pass(hour);
    edit((found) => ({ ...found, state: "refreshing", intent: { startedAtMs: 1 } }));
    const { write } = store;
    store.write = async () => {
      store.write = write;
      return undefined;
    };
    const begun = world.monotonicMs();
    await world.run(keeper.token("1"));
    expect(provider.posts[0]!.atMs - begun).toBe(500);
  });

  test("a sweep tries again where another process was first to change the record", async () => {
    const { world, keeper, store, record } = await adopted(lazy);
    await world.pass(hour);
    const { write } = store;
    store.write = async () => {
      store.write = write;
      return undefined;
    };
    expect(await world.run(keeper.sweep())).toEqual({ worked: 1, failed: {} });
    expect(record().version).toBe(2);
  });

  test("an answer that this process holds is stored first, instead of spending the token again (strict)", async () => {
    const { world, provider, process, place, record } = createStage(strict);
    const outbox = memoryStore();
    const { keeper, store } = process({
      outbox,
      onEvent: ({ type }) => {
        if (type === "volatile") repair();
      },
    });
    await keeper.adopt("1", provider.consent());
    await world.pass(hour);
    const repair = failAfterPost({ provider, store });
    provider.faults.push({ afterMs: 3000 });
    const first = keeper.token("1");
    await world.pass(1000);
    const recovering = keeper.recover();
    expect(await world.run(first)).toMatchObject({ version: 2 });
    expect(await world.run(recovering)).toEqual({ worked: 1, failed: {} });
    expect(provider.posts.map(({ outcome }) => outcome)).toEqual(["tokens"]);
    expect(record()).toMatchObject({ state: "active", version: 2 });
    expect(place.entries.size).toBeGreaterThan(0);
  });
});

describe("refresh-tokens.md B6: the outbox is asked for the answer of a process that may have died", () => {
  const listing = (onList: (prefix: string) => void): KeeperStore => {
    const outbox = memoryStore();
    return { ...outbox, entries: (prefix) => (onList(prefix), outbox.entries(prefix)) };
  };

  /** What a caller without a token does while another process answers after `ms`. */
  async function asked(ms: number, rotation = strict) {
    const { world, provider, keeper, process } = await adopted(rotation);
    const calls: string[] = [];
    const outbox = listing((prefix) => calls.push(prefix));
    const waiting = process({ outbox });
    const { read } = waiting.store;
    waiting.store.read = (key) => (calls.push(key), read(key));
    await world.pass(hour);
    provider.faults.push({ afterMs: ms });
    const refreshing = keeper.token("1");
    await world.pass(1);
    expect((await world.run(waiting.keeper.token("1"))).version).toBe(2);
    await world.run(refreshing);
    return calls;
  }

  test("not within the first second of its lease", async () => {
    expect(await asked(400)).not.toContain("v.1.");
  });

  test("once, after eight reads of a lease that goes on", async () => {
    const calls = await asked(9000);
    expect(calls.filter((one) => one === "v.1.")).toHaveLength(1);
    // The first read is that of the caller, before the refresh.
    expect(calls.indexOf("v.1.")).toBe(1 + 8);
  });

  test("not for a grant that has no open refresh", async () => {
    const { world, provider, process } = await adopted(strict);
    const listed: string[] = [];
    const outbox = listing((prefix) => listed.push(prefix));
    await world.pass(hour);
    await world.run(process({ outbox }).keeper.token("1"));
    expect([listed, provider.posts.length]).toEqual([[], 1]);
  });

  test("at once, where no lease is held", async () => {
    const { world, process, edit } = await adopted(lazy);
    const listed: number[] = [];
    const outbox = listing(() => listed.push(world.monotonicMs()));
    await world.pass(hour);
    edit((found) => ({ ...found, state: "refreshing", intent: { startedAtMs: 1 } }));
    await world.run(process({ outbox }).keeper.token("1"));
    expect(listed).toEqual([hour]);
  });
});

describe("refresh-tokens.md B8: what is written about an attempt", () => {
  test("a pair that was not asked for by a 401 is not marked as such", async () => {
    const { world, keeper, record } = await adopted(none);
    await world.pass(hour);
    await world.run(keeper.token("1"));
    expect(record()).not.toHaveProperty("forced");
    const { accessToken } = await keeper.token("1");
    await world.run(keeper.token("1", { rejected: accessToken }));
    expect(record().forced).toBe(true);
  });

  test.each([
    [{ clockOffsetMs: 5000 }, true],
    [{}, false],
  ])("a suspicion is dated where the refusal %j has the provider's time", async (changes, dated) => {
    const { world, provider, keeper, record } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push({ ...refusal, ...changes } as RefreshOutcome);
    await world.run(errorOf(keeper.token("1")));
    expect(record().suspicion!.dated).toBe(dated);
    expect(record().suspicion!.sinceMs - world.epochMs()).toBe(dated ? 5000 : 0);
  });
});
