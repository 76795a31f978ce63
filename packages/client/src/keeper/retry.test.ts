import { describe, expect, test } from "vitest";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, strict } from "./testing/given.ts";
import { adopted } from "./testing/stage.ts";
import { virtualWorld } from "./testing/virtual-world.ts";
import { KeeperError } from "./errors.ts";
import {
  backoffMs,
  conflict,
  isStoreUnavailable,
  longestBackoffMs,
  pauseBeforePoll,
  randomFraction,
  retryOnConflict,
  retryWhileUnavailable,
} from "./retry.ts";

describe("refresh-tokens.md B6: every loop that waits for other processes ends", () => {
  /** A store in which another process is always first to change a grant. */
  async function conflicting() {
    const stage = await adopted(lazy);
    const { write } = stage.store;
    let conflicts = 0;
    stage.store.write = async (key, expected, value) => {
      if (!key.startsWith("g.")) return write(key, expected, value);
      conflicts++;
      return undefined;
    };
    return { ...stage, conflicts: () => conflicts };
  }

  test.each(["revoke", "adopt"] as const)("%s rejects after a hundred conflicts", async (verb) => {
    const { world, keeper, provider, conflicts } = await conflicting();
    const call = verb === "revoke" ? keeper.revoke("1") : keeper.adopt("1", provider.consent());
    expect(await world.run(errorOf(call))).toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining("other processes keep changing the record"),
    });
    expect(conflicts()).toBe(100);
  });

  test("token sends nothing, and rejects after a hundred conflicts where no token lives", async () => {
    const { world, keeper, provider, conflicts } = await conflicting();
    await world.pass(hour);
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "store_unavailable" });
    expect(conflicts()).toBe(100);
    expect(provider.posts).toEqual([]);
  });

  test("token serves a live token where the lease cannot be taken", async () => {
    const { world, keeper, provider } = await conflicting();
    await world.pass(hour * 0.96);
    expect((await world.run(keeper.token("1"))).version).toBe(1);
    expect(provider.posts).toEqual([]);
  });

  test("an answer that meets only conflicts is handed out as volatile and put into the outbox (strict)", async () => {
    const { world, keeper, provider, store, place, events } = await adopted(strict);
    await world.pass(hour);
    const { write } = store;
    store.write = async (key, expected, value) =>
      value.includes('"version":2') ? undefined : write(key, expected, value);
    expect(await world.run(keeper.token("1"))).toMatchObject({ version: 2, volatile: true });
    expect(events.at(-1)).toMatchObject({ type: "volatile", inOutbox: true });
    expect([...place.entries.keys()].filter((key) => key.startsWith("v."))).toHaveLength(1);
    store.write = write;
    expect(await world.run(keeper.token("1"))).toMatchObject({ version: 2, volatile: false });
    expect(provider.posts).toHaveLength(1);
  });
});

/** A world whose randomness is always this byte. */
const drawing = (byte: number) => ({
  ...virtualWorld(),
  random: (length: number) => new Uint8Array(length).fill(byte),
});

describe("refresh-tokens.md B10: random pauses", () => {
  test("a fraction is from 0 up to 1, of four random bytes", () => {
    expect(randomFraction(drawing(0))).toBe(0);
    expect(randomFraction(drawing(0x80))).toBeCloseTo(0.502, 3);
    expect(randomFraction(drawing(0xff))).toBe(1 - 2 ** -32);
  });

  test.each([
    [0, 1, 600],
    [1, 1, 1100],
    [1, 0.5, 600],
    [9, 1, 256_100],
    [10, 1, 300_100],
    [20, 1, 300_100],
    [25, 1, 600_100],
    [40, 1, 1_800_100],
    [1000, 1, 1_800_100],
    [1000, 0, 100],
  ])("after %i failures, with the draw %d, the next attempt is %i ms away", (streak, fraction, ms) =>
    expect(backoffMs(streak, fraction)).toBe(ms),
  );

  test("a back-off is in whole milliseconds, and below a limit that is given", () => {
    expect(backoffMs(1, 0.0001)).toBe(101);
    expect(backoffMs(9, 1, 1000)).toBe(1100);
    expect([0, 20, 25, 33, 1000].map(longestBackoffMs)).toEqual([300_000, 300_000, 600_000, 1_800_000, 1_800_000]);
  });

  test("polls begin apart by 25 ms and end apart by a quarter of a second, less a random half", async () => {
    const pauses = async (byte: number): Promise<number[]> => {
      const world = drawing(byte);
      const found: number[] = [];
      for (const polls of [0, 1, 2, 3, 4, 9]) {
        const begun = world.monotonicMs();
        await world.run(pauseBeforePoll(world, polls));
        found.push(Math.round(world.monotonicMs() - begun));
      }
      return found;
    };
    expect(await pauses(0)).toEqual([13, 25, 50, 100, 125, 125]);
    expect(await pauses(0xff)).toEqual([25, 50, 100, 200, 250, 250]);
  });

  test("a pause ends with its signal", async () => {
    const stop = new AbortController();
    const pause = pauseBeforePoll(virtualWorld(), 9, stop.signal);
    stop.abort("enough");
    await expect(pause).rejects.toBe("enough");
  });
});

describe("refresh-tokens.md B6: trying again", () => {
  test("a compare-and-set is repeated until it succeeds", async () => {
    let tries = 0;
    expect(await retryOnConflict("1", async () => (++tries === 100 ? "written" : conflict))).toBe("written");
    tries = 0;
    const ended = retryOnConflict("1", async () => (tries++, conflict));
    expect(await errorOf(ended)).toMatchObject({ code: "store_unavailable", id: "1" });
    expect(tries).toBe(100);
  });

  test("a store that does not answer is tried four times, with pauses that double", async () => {
    const world = drawing(0xff);
    const triedAt: number[] = [];
    const down = new KeeperError("store_unavailable");
    const trying = retryWhileUnavailable(world, async () => {
      triedAt.push(Math.round(world.monotonicMs()));
      throw down;
    });
    expect(await world.run(errorOf(trying))).toBe(down);
    expect(triedAt).toEqual([0, 200, 600, 1400]);
  });

  test("any other error is not tried again", async () => {
    const world = virtualWorld();
    let tries = 0;
    const trying = retryWhileUnavailable(world, async () => {
      tries++;
      throw new KeeperError("unreadable");
    });
    expect(await world.run(errorOf(trying))).toMatchObject({ code: "unreadable" });
    expect(tries).toBe(1);
    expect(isStoreUnavailable(new KeeperError("store_unavailable"))).toBe(true);
    expect(isStoreUnavailable(new KeeperError("unreadable"))).toBe(false);
    expect(isStoreUnavailable(Object.assign(new Error("down"), { code: "store_unavailable" }))).toBe(false);
    expect(isStoreUnavailable(undefined)).toBe(false);
  });
});
