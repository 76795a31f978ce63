import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, strict, replay, grace, timed, none, refusal } from "./testing/given.ts";
import { adopted, createStage } from "./testing/stage.ts";

describe("refresh-tokens.md B3.1: two processes refresh at once", () => {
  test("the second waits for the first's lease, and sends nothing", async () => {
    const { world, provider, keeper, process } = await adopted(strict);
    const other = process();
    await world.pass(hour);
    provider.faults.push({ afterMs: 8000 });
    const [one, two] = await world.run(Promise.all([keeper.token("1"), other.keeper.token("1")]));
    expect(two.accessToken.reveal()).toBe(one.accessToken.reveal());
    expect(provider.posts).toHaveLength(1);
  });

  test("a caller who is a moment late, with the spent token refused, gets the new one", async () => {
    const { world, provider, keeper, process } = await adopted(strict);
    const { accessToken } = await keeper.token("1");
    await world.run(keeper.token("1", { rejected: accessToken }));
    expect((await world.run(process().keeper.token("1", { rejected: accessToken }))).version).toBe(2);
    expect(provider.posts).toHaveLength(1);
  });

  test("an invalid_grant for a process whose lease ran out, while the other's answer is in flight, kills nothing", async () => {
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

describe("refresh-tokens.md B3.2: the response is lost", () => {
  test.each([lazy, replay, grace, timed, none, strict])("not sent ($kind): sent again at once", async (rotation) => {
    const { world, provider, keeper } = await adopted(rotation);
    await world.pass(hour);
    provider.faults.push("unsent", "unsent");
    const before = world.monotonicMs();
    expect((await world.run(keeper.token("1"))).version).toBe(2);
    expect(provider.posts).toHaveLength(1);
    expect(world.monotonicMs() - before).toBeLessThan(4000);
  });

  test.each([lazy, replay, grace, timed, none])(
    "maybe processed ($kind): the same token is replayed at once",
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

  test("maybe processed (strict), with a token that lives: it is served, and nothing is replayed until little is left to lose", async () => {
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

  test("maybe processed (strict), with no token that lives: the one replay is played at once", async () => {
    const { world, provider, keeper } = await adopted(strict);
    await world.pass(hour);
    provider.faults.push({ kind: "unknown", code: "timeout" });
    await world.run(errorOf(keeper.token("1")));
    await world.pass(2000);
    expect((await world.run(keeper.token("1"))).version).toBe(2);
  });

  test("with an intent key a strict server is replayed at once, with the same key", async () => {
    const { world, provider, keeper } = await adopted(strict, { readsIntent: true });
    await world.pass(hour);
    provider.faults.push("lost");
    expect((await world.run(keeper.token("1"))).version).toBe(2);
    expect(provider.posts).toHaveLength(2);
    expect(provider.posts[0]!.intent).toMatch(/^[\w-]{24}$/);
    expect(provider.posts[1]!.intent).toBe(provider.posts[0]!.intent);
  });

  test("the next refresh has another key; a provider that does not read it gets none", async () => {
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

  test("an answer that never comes ends at the deadline, and the lease is longer", async () => {
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

describe("refresh-tokens.md B3.5: no refresh token in the answer", () => {
  test.each([none, lazy, timed])("the old one is kept ($kind)", async (rotation) => {
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

  test("an answer that cannot be read is an unknown outcome, replayed where the class allows it", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push({ kind: "unknown", code: "response_invalid", status: 200 });
    expect((await world.run(keeper.token("1"))).version).toBe(2);
  });
});

describe("refresh-tokens.md B3.6: invalid_grant that is not final", () => {
  test("one blip, and the grant goes on", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    await world.pass(hour * 0.96);
    provider.faults.push(refusal);
    await world.run(keeper.token("1"));
    await world.pass(230_000);
    expect((await world.run(keeper.token("1"))).version).toBe(2);
    expect(record()).not.toHaveProperty("suspicion");
  });

  test("one bad secret does not kill ten thousand connections: no grant is judged", async () => {
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
    for (let id = 1; id <= 50; id++) expect((await world.run(keeper.token(`${id}`))).version).toBe(2);
  });
});

describe("refresh-tokens.md B3.8: the scope shrinks", () => {
  test("what was granted is recorded, and the difference told", async () => {
    const { world, provider, keeper, events } = await adopted(lazy);
    provider.scope = ["read"];
    await world.pass(hour);
    expect((await world.run(keeper.token("1"))).scope).toEqual(["read"]);
    expect(events.at(-1)).toMatchObject({ type: "scope_changed", from: ["read", "write"], to: ["read"] });
  });

  test("the same scopes in another order are no change", async () => {
    const { world, provider, keeper, events } = await adopted(lazy);
    provider.scope = ["write", "read"];
    await world.pass(hour);
    await world.run(keeper.token("1"));
    expect(events.at(-1)).toMatchObject({ type: "rotated" });
  });
});

describe("refresh-tokens.md B3.9: revoked, or replaced by a second consent", () => {
  test("a new consent of the same subject takes the old one's place; nothing is revoked at the provider", async () => {
    const { provider, process, record } = createStage(lazy);
    const { keeper, events } = process();
    await keeper.adopt("old", provider.consent(), { subject: "anna" });
    await keeper.adopt("bert", provider.consent(), { subject: "bert" });
    await keeper.adopt("new", provider.consent(), { subject: "anna" });
    expect(record("old")).toMatchObject({ state: "dead", cause: "replaced" });
    expect(record("new").state).toBe("active");
    expect(record("bert").state).toBe("active");
    expect(events.at(-1)).toMatchObject({ type: "dead", id: "old", cause: "replaced", by: "new" });
    expect(provider.revoked).toEqual([]);
  });

  test("revoking twice is revoking once, and one that the provider did not confirm goes on", async () => {
    const { world, provider, keeper, record, process } = await adopted(lazy);
    const revoke = provider.revoke!;
    provider.revoke = async () => "unknown";
    expect(await world.run(keeper.revoke("1"))).toBe("pending");
    expect(record()).toMatchObject({ state: "revoking" });
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "ended" });
    provider.revoke = revoke;
    await world.pass(10_000);
    await world.run(process().keeper.sweep());
    expect(record()).toMatchObject({ state: "dead", cause: "revoked" });
    expect(await world.run(keeper.revoke("1"))).toBe("revoked");
    expect(provider.revoked).toEqual(["rt-1"]);
  });

  test("revoked while a refresh is on its way: the pair that arrives is the one that is revoked", async () => {
    const { world, provider, keeper, process, record } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push({ afterMs: 5000 });
    const refreshing = errorOf(keeper.token("1"));
    await world.pass(1000);
    expect(await world.run(process().keeper.revoke("1"))).toBe("revoked");
    expect(await world.run(refreshing)).toMatchObject({ code: "ended" });
    expect(provider.revoked).toEqual(["rt-2"]);
    expect(record()).toMatchObject({ state: "dead", cause: "revoked", version: 2 });
  });

  test("an answer that comes after a revocation revives nothing: it is revoked too", async () => {
    const { world, provider, keeper, process, record, edit } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push({ afterMs: 9000 });
    const slow = errorOf(keeper.token("1"));
    await world.pass(1000);
    edit((found) => ({
      ...found,
      state: "dead",
      cause: "revoked",
      fence: found.fence + 5,
      lease: undefined,
      intent: undefined,
    }));
    expect(await world.run(slow)).toMatchObject({ code: "ended" });
    await world.run(process().keeper.sweep());
    expect(provider.revoked).toEqual(["rt-2"]);
    expect(record()).toMatchObject({ state: "dead", cause: "revoked" });
  });

  test("revokeWhere ends all that are meant, here before anything is asked of the provider", async () => {
    const { world, provider, process, record } = createStage(lazy);
    const { keeper } = process();
    for (const id of ["1", "2", "3"]) await keeper.adopt(id, provider.consent(), { subject: `subject-${id}` });
    const states: string[] = [];
    const revoke = provider.revoke!;
    provider.revoke = async (ask) => {
      states.push(`${record("1").state} ${record("3").state}`);
      return revoke(ask);
    };
    expect(await world.run(keeper.revokeWhere(({ subject }) => subject !== "subject-2"))).toEqual({
      revoked: ["1", "3"],
      pending: [],
    });
    expect(states[0]).toBe("revoking revoking");
    expect(record("2").state).toBe("active");
  });
});

describe("refresh-tokens.md B3.10: the host is suspended", () => {
  test("whoever wakes after its lease was taken over sends nothing", async () => {
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

  test("a lease that ran out unclaimed is taken again, not given up", async () => {
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

  test("C-13: asleep for three days with a monotonic clock that stood still: one refresh", async () => {
    const { world, provider, keeper } = await adopted(replay);
    expect((await keeper.token("1")).version).toBe(1);
    world.stepWall(3 * 86_400_000);
    const kept = await world.run(Promise.all([keeper.token("1"), keeper.token("1")]));
    expect(kept.map(({ version }) => version)).toEqual([2, 2]);
    expect(provider.posts).toHaveLength(1);
  });
});
