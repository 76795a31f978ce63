import { describe, expect, test } from "vitest";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, strict } from "./testing/given.ts";
import { adopted } from "./testing/stage.ts";

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
