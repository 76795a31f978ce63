import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { memoryPlace, memoryStore } from "./memory-store.ts";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, strict } from "./testing/given.ts";
import { plainVault } from "./testing/plain-vault.ts";
import { adopted, failAfterPost } from "./testing/stage.ts";

const down = () => "before" as const;
const rateLimited = (retryAfterMs: number) =>
  ({ kind: "not_processed", code: "rate_limited", status: 429, retryAfterMs }) as const;

describe("refresh-tokens.md B10: a caller without a token", () => {
  test.each([
    [10_000, 10_000],
    [10_001, 0],
  ])("during a wait of %i ms waits %i ms", async (retryAfterMs, waitedMs) => {
    const { world, provider, keeper } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push(rateLimited(retryAfterMs));
    await world.run(errorOf(keeper.token("1")));
    const begun = world.monotonicMs();
    const result = await world.run(keeper.tryToken("1"));
    expect([world.monotonicMs() - begun, result.ok]).toEqual([waitedMs, waitedMs > 0]);
  });

  test("waits once: where the wait was made longer meanwhile, the call fails", async () => {
    const { world, provider, keeper, edit } = await adopted(lazy);
    await world.pass(hour);
    const wait = (ms: number): void =>
      edit((found) => ({ ...found, nextAttempt: { atMs: world.epochMs() + ms, waitMs: ms } }));
    wait(5000);
    const failing = errorOf(keeper.token("1"));
    await world.pass(1000);
    wait(9000);
    const begun = world.monotonicMs();
    expect(await world.run(failing)).toMatchObject({ code: "unavailable", retryAfterMs: 5000 });
    expect([world.monotonicMs() - begun, provider.posts.length]).toEqual([4000, 0]);
  });

  test("does not wait after its own attempt", async () => {
    const { world, provider, keeper, record } = await adopted(strict);
    await world.pass(hour);
    provider.faults.push("unsent", "unsent", "unsent");
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "unavailable" });
    const { atMs, waitMs } = record().nextAttempt!;
    expect(world.epochMs()).toBe(atMs - waitMs);
  });

  test("does not wait for a suspect grant, and is told in whole milliseconds when to come back", async () => {
    const { world, keeper, edit } = await adopted(lazy);
    await world.pass(hour);
    edit((found) => ({
      ...found,
      state: "suspect",
      suspicion: { sinceMs: 1, dated: false, refusals: 1, generation: 1 },
      nextAttempt: { atMs: world.epochMs() + 5000.5, waitMs: 5000.5 },
    }));
    const begun = world.monotonicMs();
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "suspect", retryAfterMs: 5001 });
    expect(world.monotonicMs()).toBe(begun);
  });

  test("is not told to come back where the grant has ended", async () => {
    const { world, keeper } = await adopted(lazy);
    await world.run(keeper.revoke("1"));
    expect((await errorOf(keeper.token("1"))).retryAfterMs).toBeUndefined();
  });

  test("sends nothing more after its attempt, though another process refreshed without success since", async () => {
    const { world, provider, keeper, store, edit } = await adopted(strict);
    await world.pass(hour);
    provider.faults.push("unsent", "unsent", "unsent");
    const { write } = store;
    store.write = async (key, expected, value) => {
      const written = await write(key, expected, value);
      if (!value.includes('"streak":1')) return written;
      store.write = write;
      edit((found) => ({ ...found, fence: 9, lease: { owner: "other", beat: 0, ms: 24_000 } }));
      return written;
    };
    const failing = errorOf(keeper.token("1"));
    await world.pass(10_000);
    edit((found) => ({ ...found, lease: undefined, nextAttempt: undefined }));
    expect(await world.run(failing)).toMatchObject({ code: "unavailable" });
    expect(provider.posts).toEqual([]);
  });
});

describe("refresh-tokens.md B3.9: a token of a grant that is being revoked", () => {
  async function pending() {
    const stage = await adopted(lazy);
    const revoke = stage.provider.revoke!;
    stage.provider.revoke = async () => "unknown";
    await stage.world.run(stage.keeper.revoke("1"));
    stage.provider.revoke = revoke;
    return stage;
  }

  test("is refused, and the call continues the revocation once its wait is over", async () => {
    const { world, provider, keeper, record } = await pending();
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "ended" });
    expect(provider.revoked).toEqual([]);
    await world.pass(record().nextAttempt!.waitMs);
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "ended" });
    expect([provider.revoked, record().state]).toEqual([["rt-1"], "dead"]);
  });

  test("is refused also where the revocation cannot be continued", async () => {
    const { world, keeper, store, record } = await pending();
    await world.pass(record().nextAttempt!.waitMs);
    store.failing = (operation) => operation === "write" && "before";
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "ended" });
  });
});

describe("refresh-tokens.md B3.3: a token while the store does not answer", () => {
  test("is the volatile one, with its own lifetime and scope, until it expires", async () => {
    const { world, provider, keeper, store } = await adopted(strict);
    await world.pass(hour);
    provider.scope = ["read"];
    failAfterPost({ provider, store });
    const { accessToken } = await world.run(keeper.token("1"));
    store.failing = down;
    await world.pass(1_000_000);
    const kept = await world.run(keeper.token("1"));
    expect(kept).toMatchObject({ version: 2, volatile: true, scope: ["read"] });
    expect(kept.expiresInSeconds).toBeLessThanOrEqual(2600);
    expect(kept.expiresInSeconds).toBeGreaterThanOrEqual(2590);
    const again = keeper.tryToken("1", { rejected: accessToken });
    expect(await world.run(again)).toMatchObject({ ok: false, error: { code: "store_unavailable" } });
    await world.pass(hour);
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "store_unavailable" });
  });

  test("of an answer without lifetime and scope has those of the pair before", async () => {
    const { world, provider, keeper, store } = await adopted(strict);
    await world.pass(hour);
    const { refresh } = provider;
    provider.refresh = async (ask) => {
      const outcome = await refresh(ask);
      if (outcome.kind !== "tokens") return outcome;
      const { accessToken, refreshToken } = outcome.tokens;
      return { kind: "tokens", tokens: { accessToken, refreshToken: refreshToken! } };
    };
    failAfterPost({ provider, store });
    await world.run(keeper.token("1"));
    expect(await world.run(keeper.token("1"))).toMatchObject({ volatile: true, scope: ["read", "write"] });
    await world.pass(hour);
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "store_unavailable" });
  });

  test("is the stored one that memory has, until the very end of its life, and not if it was rejected", async () => {
    const { world, keeper, store } = await adopted(lazy);
    const { accessToken } = await keeper.token("1");
    store.failing = down;
    const rejected = keeper.token("1", { rejected: accessToken });
    expect(await world.run(errorOf(rejected))).toMatchObject({ code: "store_unavailable" });
    await world.pass(hour - 1);
    expect(await world.run(keeper.token("1"))).toMatchObject({ version: 1, volatile: false, expiresInSeconds: 0 });
    await world.pass(1);
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "store_unavailable" });
  });

  test("is none, where this process has not read the grant", async () => {
    const { world, process } = await adopted(lazy);
    const { keeper, store } = process();
    store.failing = down;
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "store_unavailable" });
    store.failing = () => false;
    await keeper.status("1");
    store.failing = down;
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "store_unavailable" });
  });
});

describe("C-05: a caller that gives up", () => {
  test("asks nothing of the store where its signal is already aborted", async () => {
    const { world, keeper, store } = await adopted(lazy);
    store.read = () => Promise.reject(new Error("asked"));
    const aborted = keeper.token("1", { signal: AbortSignal.abort("enough") });
    await expect(world.run(aborted)).rejects.toBe("enough");
  });

  test("while its pair is opened, does not wait for the refresh that follows", async () => {
    const { world, provider, process } = await adopted(lazy);
    const open: typeof plainVault.open = async (...given) => {
      await world.sleep(1000);
      return plainVault.open(...given);
    };
    const { keeper } = process({ keys: { ...plainVault, open } });
    await world.pass(hour);
    provider.faults.push({ afterMs: 5000 });
    const stop = new AbortController();
    const begun = world.monotonicMs();
    const leaving = keeper.token("1", { signal: stop.signal }).catch((reason: unknown) => reason);
    await world.pass(500);
    stop.abort("enough");
    expect(await world.run(leaving)).toBe("enough");
    expect(world.monotonicMs() - begun).toBe(1000);
  });

  test("during the wait for the next attempt is rejected at once", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push(rateLimited(9000));
    await world.run(errorOf(keeper.token("1")));
    const stop = new AbortController();
    const leaving = keeper.token("1", { signal: stop.signal }).catch((reason: unknown) => reason);
    await world.pass(100);
    stop.abort("enough");
    const begun = world.monotonicMs();
    expect(await world.run(leaving)).toBe("enough");
    expect(world.monotonicMs()).toBe(begun);
  });

  test("leaves no listener behind on a signal that lives long", async () => {
    const { world, keeper } = await adopted(lazy);
    const { signal } = new AbortController();
    await world.pass(hour);
    await world.run(keeper.token("1", { signal }));
    await world.run(keeper.token("1", { signal }));
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("refresh-tokens.md B7: one task at a time on a grant", () => {
  test("a caller waits for the refresh that runs, and reads the record once before and once after it", async () => {
    const { world, provider, keeper, store } = await adopted(strict);
    await world.pass(hour);
    provider.faults.push({ afterMs: 3000 });
    const first = keeper.token("1");
    await world.pass(1000);
    let reads = 0;
    const { read } = store;
    store.read = (key) => (reads++, read(key));
    const second = keeper.token("1");
    await world.pass(1000);
    expect(reads).toBe(1);
    await world.run(Promise.all([first, second]));
    expect(provider.posts).toHaveLength(1);
  });

  test("a caller waits for a delivery from the outbox, and gets what it brought", async () => {
    const { world, provider, process, record } = await adopted(strict);
    const outbox = memoryStore(memoryPlace());
    const victim = process({ outbox });
    await world.pass(hour);
    failAfterPost({ provider, store: victim.store });
    await world.run(victim.keeper.token("1"));
    const { keeper, store } = process({ outbox });
    const { read } = store;
    store.read = async (key) => {
      await world.sleep(1000);
      return read(key);
    };
    const sweeping = keeper.sweep();
    await world.pass(10);
    expect(await world.run(keeper.token("1"))).toMatchObject({ version: 2, volatile: false });
    await world.run(sweeping);
    expect([provider.posts.length, record().version]).toEqual([1, 2]);
  });

  test("a caller is told that the keeper was closed meanwhile", async () => {
    const { world, keeper, store, provider } = await adopted(strict);
    await world.pass(hour);
    const { read } = store;
    store.read = async (key) => {
      await world.sleep(100);
      return read(key);
    };
    const waiting = errorOf(keeper.token("1"));
    await world.pass(10);
    await world.run(keeper.close());
    expect(await world.run(waiting)).toMatchObject({ code: "closed", id: "1" });
    expect(provider.posts).toEqual([]);
  });
});

test("keeper.tryToken rejects with a fault of the program, and returns every KeeperError", async () => {
  const { world, provider, keeper } = await adopted(lazy);
  expect(await keeper.tryToken("2")).toMatchObject({ ok: false, error: { code: "unknown_grant" } });
  await world.pass(hour);
  Object.defineProperty(provider, "deadlineMs", {
    get: () => {
      throw new RangeError("mine");
    },
  });
  await expect(world.run(keeper.tryToken("1"))).rejects.toThrow("mine");
});
