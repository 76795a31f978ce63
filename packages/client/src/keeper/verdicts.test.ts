import { describe, expect, test } from "vitest";
import type { RefreshOutcome } from "./provider.ts";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, strict, refusal } from "./testing/given.ts";
import { adopted } from "./testing/stage.ts";

describe("refresh-tokens.md B8: the verdict engine", () => {
  test.each<[string, RefreshOutcome]>([
    ["a timeout", { kind: "unknown", code: "timeout" }],
    ["408", { kind: "unknown", code: "server_error", status: 408 }],
    ["500", { kind: "unknown", code: "server_error", status: 500 }],
    ["503 that says invalid_grant", { kind: "unknown", code: "invalid_grant", status: 503 }],
    ["429", { kind: "not_processed", code: "rate_limited", status: 429 }],
    ["an answer that cannot be read", { kind: "unknown", code: "response_invalid", status: 200 }],
  ])("C-06: transient: %s, for an hour: never a logout", async (_, outcome) => {
    const { world, provider, keeper, record } = await adopted(lazy);
    await world.pass(hour);
    provider.refresh = async (ask) => {
      provider.posts.push({
        refreshToken: ask.refreshToken.reveal(),
        atMs: world.monotonicMs(),
        outcome: outcome.kind,
      });
      return outcome;
    };
    for (let minute = 0; minute < 60; minute++) {
      expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "unavailable" });
      await world.pass(60_000);
    }
    expect(["active", "ambiguous"]).toContain(record().state);
    expect(provider.posts.length).toBeLessThan(100);
  });

  test("suspect: three confirmations over at least ten minutes, while the live token is served", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    await world.pass(hour * 0.8 - 1000);
    provider.end();
    await world.pass(hour * 0.15 + 1000);
    for (let second = 0; record().state !== "dead"; second += 10) {
      await world.run(keeper.token("1").catch(() => undefined));
      await world.pass(10_000);
      expect(second).toBeLessThan(1000);
    }
    expect(provider.posts).toHaveLength(4);
    expect(provider.posts[3]!.atMs - provider.posts[0]!.atMs).toBeGreaterThanOrEqual(600_000);
  });

  test("strict: a confirmation is a spend, so there is one, and not before ten minutes", async () => {
    const { world, provider, keeper, record } = await adopted(strict);
    await world.pass(hour);
    provider.end();
    for (let asked = 0; asked < 80; asked++) {
      await world.run(keeper.token("1").catch(() => undefined));
      await world.pass(10_000);
    }
    expect(record().state).toBe("dead");
    expect(provider.posts).toHaveLength(2);
    expect(provider.posts[1]!.atMs - provider.posts[0]!.atMs).toBeGreaterThanOrEqual(600_000);
  });

  test("an answer that the profile marks as final ends the grant at once", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push({ ...refusal, code: "bad_refresh_token", final: true } as RefreshOutcome);
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "ended", ended: "refused" });
    expect(record().state).toBe("dead");
  });

  test("a dead grant is never retried and never deleted", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push({ ...refusal, final: true } as RefreshOutcome);
    await world.run(errorOf(keeper.token("1")));
    await world.pass(86_400_000);
    await world.run(errorOf(keeper.token("1")));
    await world.run(keeper.sweep());
    expect(provider.posts).toHaveLength(1);
    expect(record().current).not.toBe("");
  });

  test("a sweep removes the tokens of a dead grant after thirty days; the record stays", async () => {
    const { world, keeper, record } = await adopted(lazy);
    await world.run(keeper.revoke("1"));
    await world.pass(31 * 86_400_000);
    await world.run(keeper.sweep());
    expect(record()).toMatchObject({ state: "dead", current: "" });
    expect(await errorOf(keeper.token("1"))).toMatchObject({ code: "ended" });
  });

  test("after a client change, invalid_grant ends no grant until the new credentials have obtained tokens", async () => {
    const { world, provider, keeper: old, process, record } = await adopted(lazy);
    await old.adopt("2", provider.consent());
    const { keeper } = process({ provider: { clientGeneration: 2 } });
    await world.pass(hour);
    provider.faults.push(...Array.from({ length: 12 }, () => refusal));
    for (let asked = 0; asked < 6; asked++) {
      await world.run(errorOf(keeper.token("1")));
      await world.pass(2_000_000 * (asked + 1));
    }
    expect(record().state).toBe("suspect");
    expect(record().suspicion!.refusals).toBeGreaterThan(4);
    provider.faults.length = 0;
    await world.run(keeper.token("2"));
    provider.faults.push(refusal);
    await world.pass(86_400_000);
    await world.run(errorOf(keeper.token("1")));
    expect(record().state).toBe("dead");
  });

  test("a corrected client may refresh at once and is judged anew, even if its grants had long to wait", async () => {
    const { world, provider, keeper: old, process, record } = await adopted(lazy);
    await old.adopt("2", provider.consent());
    const wrong = process({ provider: { clientGeneration: 2 } });
    await world.pass(hour);
    provider.faults.push(...Array.from({ length: 8 }, () => refusal));
    for (let asked = 0; asked < 8; asked++) {
      await world.pass(3_000_000 * asked);
      await world.run(errorOf(wrong.keeper.token("1")));
    }
    expect((await wrong.keeper.status("1")).retryAfterMs).toBeGreaterThan(1_000_000);
    const { keeper } = process({ provider: { clientGeneration: 3 } });
    expect((await keeper.status("1")).retryAfterMs).toBe(0);
    await world.run(keeper.token("2"));
    provider.faults.push(refusal);
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "suspect" });
    expect(record().suspicion).toMatchObject({ refusals: 1, generation: 3 });
    await world.pass(250_000);
    expect((await world.run(keeper.token("1"))).version).toBe(2);
  });

  test("a process with old credentials does not pause those with new ones", async () => {
    const { world, provider, keeper: stale, process } = await adopted(lazy);
    const { keeper } = process({ provider: { clientGeneration: 2 } });
    await stale.adopt("2", provider.consent());
    await world.pass(hour);
    await world.run(keeper.token("1"));
    provider.faults.push({ kind: "refused", about: "client", code: "invalid_client", status: 401, final: false });
    await world.run(errorOf(stale.token("2")));
    expect((await world.run(keeper.token("2"))).version).toBe(2);
  });

  test("new credentials end the pause", async () => {
    const { world, provider, keeper, process } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push({ kind: "refused", about: "client", code: "invalid_client", status: 401, final: false });
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "paused" });
    const corrected = process({ provider: { clientGeneration: 2 } });
    expect((await world.run(corrected.keeper.token("1"))).version).toBe(2);
    expect(corrected.events.map(({ type }) => type)).toContain("resumed");
  });

  test("keeps the provider's description as evidence, without the token in it", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push({ ...refusal, description: "token rt-1 was revoked" } as RefreshOutcome);
    await world.run(errorOf(keeper.token("1")));
    expect((await keeper.status("1")).evidence[0]!.description).toBe("token … was revoked");
    expect(await keeper.explain("1")).toContain("400 invalid_grant token … was revoked");
  });
});
