import { expect, test, describe } from "vitest";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, strict, none } from "./testing/given.ts";
import { adopted, failAfterPost, createStage } from "./testing/stage.ts";

describe("refresh-tokens.md B3.9: a grant is revoked, or replaced by a second consent", () => {
  test("a new consent of the same subject replaces the old grant without revoking it at the provider", async () => {
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

  test("revokes once however often it is asked, and continues what the provider did not confirm", async () => {
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

  test("revokes the pair that arrives from a refresh under way", async () => {
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

  test("revokes the pair of an answer that comes after the revocation", async () => {
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

  test("revokeWhere ends all matching grants here before it sends a request", async () => {
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

test("sends no revocation for a grant that was replaced during its refresh", async () => {
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

test("keeps the new consent of a grant replaced during its refresh, where a revocation ends every grant of the user", async () => {
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

test("revokeWhere continues after a grant that cannot be opened", async () => {
  const { world, provider, keeper, process, edit } = await adopted(strict);
  await keeper.adopt("2", provider.consent());
  await keeper.adopt("3", provider.consent());
  edit((r) => ({ ...r, current: "x" }), "2");
  const fresh = process();
  const answer = await world.run(fresh.keeper.revokeWhere(() => true).catch((e: { code: string }) => e.code));
  expect({ answer, revoked: provider.revoked }).toMatchObject({ revoked: ["rt-1", "rt-3"] });
});

test("revokeWhere ends the other grants after one failed write", async () => {
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

test("revokes the pair in use while the store has not taken it yet", async () => {
  const { world, provider, keeper, store } = await adopted(strict);
  await world.pass(hour);
  // A provider that knows only the newest refresh token at its revocation endpoint.
  const gone: string[] = [];
  provider.revoke = async ({ token }) => (gone.push(token.reveal()), "revoked");
  const repair = failAfterPost({ provider, store });
  await world.run(keeper.token("1"));
  repair();
  const said = await world.run(keeper.revoke("1"));
  expect({ said, gone }).toEqual({ said: "revoked", gone: ["rt-2"] });
});

test("hands out no volatile token after a revocation", async () => {
  const { world, provider, keeper, store } = await adopted(strict);
  await world.pass(hour);
  const repair = failAfterPost({ provider, store });
  await world.run(keeper.token("1"));
  repair();
  await world.run(keeper.revoke("1"));
  store.failing = () => "before";
  const r = await world.run(keeper.tryToken("1"));
  expect(r.ok).toBe(false);
});

test("backs off while the provider does not confirm a revocation for a week", async () => {
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
