import { expect, test, describe } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, strict, none, refusal, replay, timed } from "./testing/given.ts";
import { adopted } from "./testing/stage.ts";

describe("refresh-tokens.md B3.1: two processes refresh at once", () => {
  test("the second waits for the lease of the first and sends nothing", async () => {
    const { world, provider, keeper, process } = await adopted(strict);
    const other = process();
    await world.pass(hour);
    provider.faults.push({ afterMs: 8000 });
    const [one, two] = await world.run(Promise.all([keeper.token("1"), other.keeper.token("1")]));
    expect(two.accessToken.reveal()).toBe(one.accessToken.reveal());
    expect(provider.posts).toHaveLength(1);
  });

  test("a late caller whose token was rejected gets the new one", async () => {
    const { world, provider, keeper, process } = await adopted(strict);
    const { accessToken } = await keeper.token("1");
    await world.run(keeper.token("1", { rejected: accessToken }));
    expect((await world.run(process().keeper.token("1", { rejected: accessToken }))).version).toBe(2);
    expect(provider.posts).toHaveLength(1);
  });

  test("an invalid_grant for a process whose lease ran out ends no grant while another process waits for its answer", async () => {
    const { world, provider, keeper, process, record, edit } = await adopted(strict);
    await world.pass(hour);
    provider.faults.push({ afterMs: 9000 });
    const slow = keeper.token("1");
    await world.pass(500);
    edit((found) => ({ ...found, fence: found.fence + 1, lease: { owner: "other", beat: 0, ms: 24_000 } }));
    const waiting = process().keeper.token("1");
    await world.pass(5000);
    expect(provider.posts).toHaveLength(1);
    expect((await world.run(Promise.all([slow, waiting]))).map(({ version }) => version)).toEqual([2, 2]);
    expect(record().state).toBe("active");
  });
});

describe("refresh-tokens.md B3.5: no refresh token in the answer", () => {
  test.each([none, lazy, timed])("keeps the old one ($kind)", async (rotation) => {
    const { world, provider, keeper } = await adopted(rotation);
    provider.refresh = async ({ refreshToken }) => {
      provider.posts.push({ refreshToken: refreshToken.reveal(), atMs: 0, outcome: "tokens" });
      return { kind: "tokens", tokens: { accessToken: new Sealed(`new-${provider.posts.length}`) } };
    };
    for (let round = 1; round <= 3; round++) {
      await world.pass(hour);
      expect(await world.run(keeper.token("1"))).toMatchObject({
        version: round + 1,
        expiresInSeconds: 3600,
        scope: ["read", "write"],
      });
    }
    expect(provider.posts.map(({ refreshToken }) => refreshToken)).toEqual(["rt-1", "rt-1", "rt-1"]);
  });

  test("treats an unreadable answer as an unknown outcome, and replays where the class allows it", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push({ kind: "unknown", code: "response_invalid", status: 200 });
    expect((await world.run(keeper.token("1"))).version).toBe(2);
  });
});

describe("refresh-tokens.md B3.6: invalid_grant that is not final", () => {
  test("one invalid_grant does not end the grant", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    await world.pass(hour * 0.96);
    provider.faults.push(refusal);
    await world.run(keeper.token("1"));
    await world.pass(230_000);
    expect((await world.run(keeper.token("1"))).version).toBe(2);
    expect(record()).not.toHaveProperty("suspicion");
  });

  test("one bad secret ends none of ten thousand grants", async () => {
    const { world, provider, process, record } = await adopted(strict);
    const { keeper } = process();
    for (let id = 2; id <= 50; id++) await keeper.adopt(`${id}`, provider.consent());
    await world.pass(hour);
    const send = provider.refresh;
    provider.refresh = async (ask) => {
      provider.posts.push({ refreshToken: ask.refreshToken.reveal(), atMs: world.monotonicMs(), outcome: "refused" });
      return { kind: "refused", about: "client", code: "invalid_client", status: 401, final: false };
    };
    for (let id = 1; id <= 50; id++)
      expect(await world.run(errorOf(keeper.token(`${id}`)))).toMatchObject({ code: "paused" });
    expect(provider.posts).toHaveLength(1);
    for (let id = 1; id <= 50; id++) expect(record(`${id}`)).toMatchObject({ state: "active" });
    provider.refresh = send;
    await world.pass(61_000);
    for (let id = 50; id >= 1; id--) expect((await world.run(keeper.token(`${id}`))).version).toBe(2);
  });
});

describe("refresh-tokens.md B3.8: the scope shrinks", () => {
  test("records the granted scope and emits the difference", async () => {
    const { world, provider, keeper, events } = await adopted(lazy);
    provider.scope = ["read"];
    await world.pass(hour);
    expect((await world.run(keeper.token("1"))).scope).toEqual(["read"]);
    expect(events.at(-1)).toMatchObject({ type: "scope_changed", from: ["read", "write"], to: ["read"] });
  });

  test("does not report the same scopes in another order", async () => {
    const { world, provider, keeper, events } = await adopted(lazy);
    provider.scope = ["write", "read"];
    await world.pass(hour);
    await world.run(keeper.token("1"));
    expect(events.at(-1)).toMatchObject({ type: "rotated" });
  });
});

describe("refresh-tokens.md B3.10: the host is suspended", () => {
  test("a process that wakes after its lease was taken sends nothing", async () => {
    const { world, provider, keeper, store, process } = await adopted(strict);
    await world.pass(hour);
    const { read } = store;
    let reads = 0;
    store.read = async (key) => {
      // The second read of the record is the one right before the POST; the host sleeps in it.
      if (key === "g.1" && ++reads === 3) await world.sleep(60_000);
      return read(key);
    };
    const asleep = keeper.token("1");
    await world.pass(1000);
    expect(provider.posts).toEqual([]);
    const other = process().keeper.token("1");
    expect((await world.run(Promise.all([asleep, other]))).map(({ version }) => version)).toEqual([2, 2]);
    expect(provider.posts).toHaveLength(1);
  });

  test("a lease that ran out unclaimed goes on", async () => {
    const { world, provider, keeper, store, record } = await adopted(strict);
    await world.pass(hour);
    const { read } = store;
    let reads = 0;
    store.read = async (key) => {
      if (key === "g.1" && ++reads === 3) await world.sleep(60_000);
      return read(key);
    };
    expect((await world.run(keeper.token("1"))).version).toBe(2);
    expect(provider.posts).toHaveLength(1);
    expect(record().fence).toBe(2);
  });

  test("C-13: refreshes once after three days asleep with a monotonic clock that stood still", async () => {
    const { world, provider, keeper } = await adopted(replay);
    expect((await keeper.token("1")).version).toBe(1);
    world.stepWall(3 * 86_400_000);
    const kept = await world.run(Promise.all([keeper.token("1"), keeper.token("1")]));
    expect(kept.map(({ version }) => version)).toEqual([2, 2]);
    expect(provider.posts).toHaveLength(1);
  });
});
