import { expect, test } from "vitest";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, strict, none, refusal } from "./testing/given.ts";
import { adopted, failAfterPost } from "./testing/stage.ts";

test("replaced while its refresh is on its way: our revocation must not reach the provider", async () => {
  const { world, provider, keeper, process } = await adopted(none);
  await keeper.adopt("old", provider.consent(), { subject: "ann" });
  await world.pass(hour);
  provider.faults.push({ afterMs: 3000 });
  const flight = keeper.token("old").catch((e: unknown) => e);
  await world.pass(1000);
  const other = process();
  await world.run(other.keeper.adopt("new", provider.consent(), { subject: "ann" }));
  await world.run(flight as Promise<unknown>);
  await world.pass(5000);
  await world.run(other.keeper.sweep());
  await world.run(errorOf(keeper.token("old")).catch(() => undefined));
  expect(provider.revoked).toEqual([]);
});

test("replaced while its refresh is on its way, where a revocation ends every grant of the person: the new consent survives", async () => {
  const { world, provider, keeper, process } = await adopted(none);
  await keeper.adopt("old", provider.consent(), { subject: "ann" });
  provider.revoke = async () => (provider.end(), "revoked");
  await world.pass(hour);
  provider.faults.push({ afterMs: 3000 });
  const flight = keeper.tryToken("old");
  await world.pass(1000);
  const other = process();
  const fresh = provider.consent();
  await world.run(other.keeper.adopt("new", fresh, { subject: "ann" }));
  await world.run(flight);
  await world.run(other.keeper.sweep());
  expect(provider.accepts(fresh.accessToken)).toBe(true);
});

test("minimum life at or above the lifetime: one refresh, not one per call", async () => {
  const { world, provider, keeper } = await adopted(lazy);
  for (let i = 0; i < 10; i++) {
    await world.run(keeper.token("1", { minimumLifeSeconds: 7200 }));
    await world.pass(1000);
  }
  expect(provider.posts.length).toBeLessThanOrEqual(1);
});

test("lazy: ten processes with minimum life >= lifetime keep each other's tokens alive", async () => {
  const { world, provider, process } = await adopted(lazy);
  const got = await world.run(
    Promise.all(Array.from({ length: 10 }, () => process().keeper.token("1", { minimumLifeSeconds: 3600 }))),
  );
  for (const one of got) provider.accepts(one.accessToken);
  expect({
    posts: provider.posts.length,
    alive: got.filter((one) => provider.accepts(one.accessToken)).length,
  }).toEqual({ posts: 0, alive: 10 });
});

test("a process with the old secret is paused too", async () => {
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

test("a token of the old generation does not lift the pause of the newer one", async () => {
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

test("a mistyped secret in one new process does not stop those with the good one", async () => {
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

test("revokeWhere goes on past one that cannot be opened", async () => {
  const { world, provider, keeper, process, edit } = await adopted(strict);
  await keeper.adopt("2", provider.consent());
  await keeper.adopt("3", provider.consent());
  edit((r) => ({ ...r, current: "x" }), "2");
  const fresh = process();
  const answer = await world.run(fresh.keeper.revokeWhere(() => true).catch((e: { code: string }) => e.code));
  expect({ answer, revoked: provider.revoked }).toMatchObject({ revoked: ["rt-1", "rt-3"] });
});

test("revokeWhere: one store hiccup in the first round ends the others all the same", async () => {
  const { world, provider, keeper, store, record } = await adopted(strict);
  await keeper.adopt("2", provider.consent());
  await keeper.adopt("3", provider.consent());
  let once = true;
  store.failing = (op, key) => (op === "write" && key === "g.2" && once ? ((once = false), "before") : false);
  await world.run(keeper.revokeWhere(() => true).catch(() => undefined));
  store.failing = () => false;
  const r = await world.run(keeper.tryToken("3"));
  expect({ states: ["1", "2", "3"].map((id) => record(id).state), three: r.ok }).toMatchObject({ three: false });
});

test("revoke while a pair is held: 'revoked' means that the pair in use is revoked", async () => {
  const { world, provider, keeper, store } = await adopted(strict);
  await world.pass(hour);
  // A provider that knows only the newest refresh token at its revocation endpoint.
  const gone: string[] = [];
  provider.revoke = async ({ token }) => (gone.push(token.reveal()), "revoked");
  const mend = failAfterPost({ provider, store });
  await world.run(keeper.token("1"));
  mend();
  const said = await world.run(keeper.revoke("1"));
  expect({ said, gone }).toEqual({ said: "revoked", gone: ["rt-2"] });
});

test("after our own revoke, no volatile token", async () => {
  const { world, provider, keeper, store } = await adopted(strict);
  await world.pass(hour);
  const mend = failAfterPost({ provider, store });
  await world.run(keeper.token("1"));
  mend();
  await world.run(keeper.revoke("1"));
  store.failing = () => "before";
  const r = await world.run(keeper.tryToken("1"));
  expect(r.ok).toBe(false);
});

test("a week of a revocation that the provider never confirms", async () => {
  const { world, provider, keeper } = await adopted(lazy);
  let asked = 0;
  provider.revoke = async () => (asked++, "unknown");
  await world.run(keeper.revoke("1"));
  for (let i = 0; i < 7 * 24 * 12; i++) {
    await world.pass(5 * 60_000);
    await world.run(keeper.sweep());
  }
  expect(asked).toBeLessThan(800);
});

test("a week of 500", async () => {
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

test("the write happened and seemed to fail, once: the death is told", async () => {
  const { world, provider, keeper, store, record, events } = await adopted(lazy);
  await world.pass(hour);
  provider.faults.push({ ...refusal, final: true } as never);
  store.failing = (op, key, value) =>
    op === "write" && key.startsWith("g.") && value.includes('"dead"') ? "after" : false;
  await world.run(keeper.tryToken("1"));
  expect({ state: record().state, events: events.map((e) => e.type) }).toEqual({
    state: "dead",
    events: ["adopted", "dead"],
  });
});

test("rotated is told though the write seemed to fail", async () => {
  const { world, keeper, store, record, events } = await adopted(lazy);
  await world.pass(hour);
  let once = true;
  store.failing = (op, _, value) =>
    op === "write" && value.includes('"version":2') && once ? ((once = false), "after") : false;
  await world.run(keeper.tryToken("1"));
  expect({ v: record().version, events: events.map((e) => e.type) }).toEqual({ v: 2, events: ["adopted", "rotated"] });
});

test("the client record's read fails once after a death: it is told", async () => {
  const { world, provider, keeper, store, record, events } = await adopted(lazy);
  await world.pass(hour);
  const send = provider.refresh;
  let sent = false;
  provider.refresh = async (ask) => {
    sent = true;
    void send;
    void ask;
    return { ...refusal, final: true } as never;
  };
  store.failing = (op, key) => (op === "read" && key.startsWith("c.") && sent ? "before" : false);
  const r = await world.run(keeper.tryToken("1"));
  expect({ state: record().state, events: events.map((e) => e.type), code: r.ok ? "ok" : r.error.code }).toMatchObject({
    state: "dead",
    events: ["adopted", "dead"],
  });
});

test("a read that began before the refresh was stored does not answer whoever refreshed", async () => {
  const { world, keeper, store } = await adopted(lazy);
  await world.pass(hour);
  const read = store.read,
    write = store.write;
  let stall = false;
  store.read = async (key) => {
    const found = await read(key);
    if (stall && key.startsWith("g.")) {
      stall = false;
      await world.sleep(300);
    }
    return found;
  };
  let b: Promise<unknown> | undefined;
  store.write = async (key, expected, value) => {
    if (value.includes('"version":2') && b === undefined) {
      stall = true;
      b = keeper.tryToken("1");
      await world.sleep(1);
    }
    return write(key, expected, value);
  };
  const a = await world.run(keeper.tryToken("1"));
  expect(a.ok ? a.value.version : a.error.code).toBe(2);
});

test("the signal ends a wait for a store that hangs", async () => {
  const { world, keeper, store } = await adopted(lazy);
  await world.pass(hour);
  store.read = () => new Promise(() => undefined);
  const stop = new AbortController();
  let done = false;
  keeper
    .tryToken("1", { signal: stop.signal })
    .catch(() => undefined)
    .finally(() => (done = true));
  stop.abort();
  await world.pass(60_000);
  expect(done).toBe(true);
});

test.each([100, 10_050])("a sweep finds what a dead process left, of %i grants", async (count) => {
  const { world, provider, keeper, edit, record, process } = await adopted(lazy);
  for (let i = 2; i <= count; i++) await keeper.adopt(`${i}`, { ...provider.consent(), lifetimeSeconds: 90 * 86_400 });
  await world.pass(hour);
  edit(
    (found) => ({
      ...found,
      state: "refreshing",
      intent: { startedAtMs: 0 },
      fence: found.fence + 1,
      lease: { owner: "dead", beat: 0, ms: 20_000 },
    }),
    "1",
  );
  const other = process();
  for (let i = 0; i < 5; i++) {
    await world.run(other.keeper.sweep());
    await world.pass(300_000);
  }
  expect(record("1")).toMatchObject({ state: "active", version: 2 });
});
