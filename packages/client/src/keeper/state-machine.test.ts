import { describe, expect, test } from "vitest";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, strict, replay, refusal } from "./testing/given.ts";
import { adopted, type Process } from "./testing/stage.ts";

const types = (events: Process["events"]): string[] => events.map(({ type }) => type);

describe("refresh-tokens.md B5: the state machine", () => {
  test("active, due: takes the lease and writes the intent before a request is sent", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    await world.pass(hour);
    let atPost: ReturnType<typeof record> | undefined;
    const send = provider.refresh;
    provider.refresh = (ask) => {
      atPost = record();
      return send(ask);
    };
    await world.run(keeper.token("1"));
    expect(atPost).toMatchObject({ state: "refreshing", version: 1, fence: 2, lease: { beat: 0 } });
    expect(atPost!.intent).toBeDefined();
  });

  test("active, 401 on the current version: refreshing, then active with the next", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    const first = await keeper.token("1");
    const second = await world.run(keeper.token("1", { rejected: first.accessToken }));
    expect(second.version).toBe(2);
    expect(provider.posts).toHaveLength(1);
    expect(record()).toMatchObject({ state: "active", version: 2 });
  });

  test("refreshing, a good answer persisted: active, version + 1, intent and lease gone, the old pair beside the new", async () => {
    const { world, keeper, record, events } = await adopted(lazy);
    const before = record();
    await world.pass(hour);
    await world.run(keeper.token("1"));
    const after = record();
    expect(after).toMatchObject({ state: "active", version: 2, previous: before.current, streak: 0 });
    expect(after).not.toHaveProperty("intent");
    expect(after).not.toHaveProperty("lease");
    expect(types(events)).toEqual(["adopted", "rotated"]);
  });

  test("refreshing, certainly not sent: active, intent gone, the next attempt later", async () => {
    const { world, provider, keeper, record } = await adopted(strict);
    await world.pass(hour);
    provider.faults.push("unsent", "unsent", "unsent");
    const error = await world.run(errorOf(keeper.token("1")));
    expect(error).toMatchObject({ code: "unavailable" });
    expect(record()).toMatchObject({ state: "active", version: 1, streak: 1 });
    expect(record()).not.toHaveProperty("intent");
    expect(record().nextAttempt!.waitMs).toBeGreaterThanOrEqual(100);
    expect(provider.posts).toEqual([]);
  });

  test("refreshing, possibly processed, replay not possible now: ambiguous, and the live token is served", async () => {
    const { world, provider, keeper, record, events } = await adopted(strict);
    await world.pass(hour * 0.96);
    provider.faults.push("lost");
    const kept = await world.run(keeper.token("1"));
    expect(kept).toMatchObject({ version: 1, volatile: false });
    expect(record()).toMatchObject({ state: "ambiguous", version: 1 });
    expect(record().intent).toBeDefined();
    expect(types(events)).toEqual(["adopted", "ambiguous"]);
    await world.run(keeper.token("1"));
    expect(provider.posts).toHaveLength(1);
  });

  test("ambiguous, the replay answered with tokens: active", async () => {
    const { world, provider, keeper, record } = await adopted(strict);
    await world.pass(hour * 0.96);
    provider.faults.push({ kind: "unknown", code: "timeout" });
    await world.run(keeper.token("1"));
    expect(record().state).toBe("ambiguous");
    await world.pass(hour * 0.04 - 50_000);
    expect((await world.run(keeper.token("1"))).version).toBe(2);
    expect(record()).toMatchObject({ state: "active", version: 2 });
  });

  test("ambiguous, the replay answered invalid_grant: suspect", async () => {
    const { world, provider, keeper, record, events } = await adopted(strict);
    await world.pass(hour * 0.96);
    provider.faults.push("lost");
    await world.run(keeper.token("1"));
    await world.pass(hour * 0.04);
    const error = await world.run(errorOf(keeper.token("1")));
    expect(error).toMatchObject({ code: "suspect", reconnectUrl: "https://app.example/connect" });
    expect(record()).toMatchObject({ state: "suspect", version: 1, suspicion: { refusals: 1 } });
    expect(record()).not.toHaveProperty("intent");
    expect(types(events)).toEqual(["adopted", "ambiguous", "suspect"]);
  });

  test("refreshing, invalid_grant: suspect, and the live token is served", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    await world.pass(hour * 0.96);
    provider.faults.push(refusal);
    expect((await world.run(keeper.token("1"))).version).toBe(1);
    expect(record()).toMatchObject({ state: "suspect", version: 1 });
    expect(record().evidence).toMatchObject([{ code: "invalid_grant", status: 400, version: 1 }]);
  });

  test("suspect, a confirmation succeeds: active", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push(refusal);
    await world.run(errorOf(keeper.token("1")));
    await world.pass(230_000);
    expect((await world.run(keeper.token("1"))).version).toBe(2);
    expect(record()).toMatchObject({ state: "active", version: 2 });
    expect(record()).not.toHaveProperty("suspicion");
  });

  test("suspect, a newer version appears in the store: active", async () => {
    const { world, provider, keeper, process } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push(refusal);
    await world.run(errorOf(keeper.token("1")));
    await process().keeper.adopt("1", provider.consent());
    expect(await world.run(keeper.token("1"))).toMatchObject({ version: 2 });
  });

  test("suspect, confirmed: dead, with cause, evidence and the URL to connect again", async () => {
    const { world, provider, keeper, record, events } = await adopted(lazy);
    await world.pass(hour);
    provider.end();
    await world.run(errorOf(keeper.token("1")));
    for (let asked = 0; asked < 3; asked++) {
      expect(record().state).toBe("suspect");
      await world.pass(221_000);
      await world.run(errorOf(keeper.token("1")));
    }
    const error = await errorOf(keeper.token("1"));
    expect(error).toMatchObject({ code: "ended", ended: "refused", reconnectUrl: "https://app.example/connect" });
    expect(error.evidence).toHaveLength(4);
    expect(record()).toMatchObject({ state: "dead", cause: "refused" });
    expect(record().current).not.toBe("");
    expect(events.at(-1)).toMatchObject({
      type: "dead",
      cause: "refused",
      reconnectUrl: "https://app.example/connect",
    });
    expect(provider.posts).toHaveLength(4);
  });

  test.each(["active", "suspect", "ambiguous"])("%s, revoke() called: revoking, then dead by us", async (state) => {
    const { world, provider, keeper, record, events } = await adopted(strict);
    await world.pass(hour * 0.96);
    if (state !== "active") provider.faults.push(state === "suspect" ? refusal : { kind: "unknown", code: "timeout" });
    if (state !== "active") await world.run(keeper.token("1"));
    expect(record().state).toBe(state);
    const revoke = provider.revoke!;
    let atRevocation: string | undefined;
    provider.revoke = (ask) => {
      atRevocation = record().state;
      return revoke(ask);
    };
    expect(await world.run(keeper.revoke("1"))).toBe("revoked");
    expect(atRevocation).toBe("revoking");
    expect(record()).toMatchObject({ state: "dead", cause: "revoked" });
    expect(types(events).slice(-2)).toEqual(["revoking", "dead"]);
    expect(await errorOf(keeper.token("1"))).toMatchObject({ code: "ended", ended: "revoked" });
  });

  test("dead, the user consents again: active", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    await world.run(keeper.revoke("1"));
    await keeper.adopt("1", provider.consent());
    expect(record()).toMatchObject({ state: "active", version: 2 });
    expect(record()).not.toHaveProperty("cause");
    expect((await keeper.token("1")).version).toBe(2);
  });

  test("dead, a late answer to the token that the record still holds: active", async () => {
    const { world, provider, keeper, process, edit, record } = await adopted(replay, { deadlineMs: 10_000 });
    await world.pass(hour);
    provider.faults.push({ afterMs: 9000 });
    const slow = keeper.token("1");
    await world.pass(1000);
    edit((found) => ({
      ...found,
      state: "dead",
      cause: "refused",
      fence: found.fence + 5,
      lease: undefined,
      intent: undefined,
    }));
    expect((await world.run(slow)).version).toBe(2);
    expect(record()).toMatchObject({ state: "active", version: 2 });
    expect(await process().keeper.status("1")).toMatchObject({ state: "active" });
  });

  test("paused belongs to the client: nothing is sent for any of its grants, live tokens are served", async () => {
    const { world, provider, keeper, events, record } = await adopted(lazy);
    await world.pass(hour * 0.5);
    await keeper.adopt("2", provider.consent());
    await world.pass(hour * 0.49);
    provider.faults.push({ kind: "refused", about: "client", code: "invalid_client", status: 401, final: false });
    expect((await world.run(keeper.token("1"))).version).toBe(1);
    expect(record()).toMatchObject({ state: "active", version: 1 });
    expect(events.at(-1)).toMatchObject({ type: "paused", code: "invalid_client", clientId: "app" });
    await world.pass(hour * 0.01);
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "paused" });
    expect((await world.run(keeper.token("2"))).version).toBe(1);
    expect(provider.posts).toHaveLength(1);
    await world.pass(60_000);
    expect((await world.run(keeper.token("1"))).version).toBe(2);
    expect(types(events).slice(-2)).toEqual(["rotated", "resumed"]);
  });
});
