import { describe, expect, test } from "vitest";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, strict } from "./testing/given.ts";
import { adopted, createStage } from "./testing/stage.ts";

describe("refresh-tokens.md B3.9: keeper.revoke", () => {
  test("sends and tells nothing for a grant that is dead", async () => {
    const { world, provider, keeper, events } = await adopted(lazy);
    await world.run(keeper.revoke("1"));
    expect(await world.run(keeper.revoke("1"))).toBe("revoked");
    expect(provider.revoked).toEqual(["rt-1"]);
    expect(events.map(({ type }) => type)).toEqual(["adopted", "revoking", "dead"]);
    expect(events.at(-1)).toMatchObject({ cause: "revoked", evidence: [], id: "1", version: 1 });
  });

  test("tells 'revoking' once, however often it is asked", async () => {
    const { world, provider, keeper, events } = await adopted(lazy);
    provider.revoke = async () => "unknown";
    for (let times = 0; times < 3; times++) expect(await world.run(keeper.revoke("1"))).toBe("pending");
    expect(events.map(({ type }) => type)).toEqual(["adopted", "revoking"]);
  });

  test("ends the grant here where the provider has no revocation endpoint", async () => {
    const { world, process, record } = await adopted(lazy);
    const { keeper } = process({ provider: { revoke: undefined as never } });
    expect(await world.run(keeper.revoke("1"))).toBe("revoked");
    expect(record()).toMatchObject({ state: "dead", cause: "revoked", endedAtMs: world.epochMs() });
  });

  test("revokes the access token of a grant without a refresh token", async () => {
    const { provider, process, world } = createStage(lazy);
    const { keeper } = process();
    const { accessToken } = provider.consent();
    await keeper.adopt("1", { accessToken });
    await world.run(keeper.revoke("1"));
    expect(provider.revoked).toEqual(["at-1"]);
  });

  test("begins at once though a refresh had failed", async () => {
    const { world, provider, keeper, record } = await adopted(strict);
    await world.pass(hour);
    provider.faults.push("unsent", "unsent", "unsent");
    await world.run(errorOf(keeper.token("1")));
    expect(record()).toMatchObject({ streak: 1, nextAttempt: {} });
    provider.revoke = async () => "unknown";
    const revoking = keeper.revoke("1");
    await world.pass(0);
    await world.run(revoking);
    expect(record().streak).toBe(1);
  });

  test("counts what the provider does not confirm, and waits longer each time", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    provider.revoke = async () => "unknown";
    const waits: number[] = [];
    for (let times = 1; times <= 8; times++) {
      await world.run(keeper.revoke("1"));
      const { streak, nextAttempt, state, lease } = record();
      expect([streak, state, lease]).toEqual([times, "revoking", undefined]);
      expect(nextAttempt!.atMs).toBe(world.epochMs() + nextAttempt!.waitMs);
      waits.push(nextAttempt!.waitMs);
    }
    expect(Math.max(...waits.slice(0, 2))).toBeLessThanOrEqual(2100);
    expect(Math.max(...waits)).toBeGreaterThan(10_000);
  });

  test("is pending where the provider does not answer, or fails", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    provider.revoke = () => new Promise(() => undefined);
    const begun = world.monotonicMs();
    expect(await world.run(keeper.revoke("1"))).toBe("pending");
    expect(world.monotonicMs() - begun).toBe(11_000);
    provider.revoke = () => Promise.reject(new Error("reset"));
    expect(await world.run(keeper.revoke("1"))).toBe("pending");
    expect(record().state).toBe("revoking");
  });

  test("gives the request a signal that ends it at the deadline", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    let signal: AbortSignal | undefined;
    provider.revoke = (ask) => {
      signal = ask.signal;
      return new Promise(() => undefined);
    };
    const revoking = keeper.revoke("1");
    await world.pass(10_999);
    expect(signal!.aborted).toBe(false);
    await world.run(revoking);
    expect(signal!.aborted).toBe(true);
  });

  test("waits for a refresh of another process, and revokes what it brings", async () => {
    const { world, provider, keeper, process, record } = await adopted(strict);
    await world.pass(hour);
    provider.faults.push({ afterMs: 9000 });
    const refreshing = process().keeper.tryToken("1");
    await world.pass(100);
    const begun = world.monotonicMs();
    expect(await world.run(keeper.revoke("1"))).toBe("revoked");
    expect(world.monotonicMs() - begun).toBeGreaterThanOrEqual(8900);
    expect([provider.revoked, record().version]).toEqual([["rt-2"], 2]);
    await world.run(refreshing);
  });

  test("of a grant that was never adopted is rejected", async () => {
    const { keeper } = await adopted(lazy);
    expect(await errorOf(keeper.revoke("2"))).toMatchObject({ code: "unknown_grant", id: "2" });
  });

  test("leaves a grant whose user consents again meanwhile", async () => {
    const { world, provider, keeper, process, record } = await adopted(lazy);
    const { revoke } = provider;
    const other = process().keeper;
    provider.revoke = async () => {
      provider.revoke = revoke!;
      await other.adopt("1", provider.consent());
      return "revoked";
    };
    expect(await world.run(keeper.revoke("1"))).toBe("pending");
    expect(record()).toMatchObject({ state: "active", version: 2 });
    expect(provider.revoked).toEqual([]);
  });
});

describe("refresh-tokens.md B3.9: keeper.revokeWhere", () => {
  test("tells which revocations the provider has not confirmed, and which grants could not be ended here", async () => {
    const { world, provider, keeper, store, record } = await adopted(lazy);
    for (const id of ["2", "3", "4"]) await keeper.adopt(id, provider.consent());
    const { revoke } = provider;
    provider.revoke = async (ask) => (ask.token.reveal() === "rt-2" ? "unknown" : revoke!(ask));
    store.failing = (operation, key) => operation === "write" && key === "g.3" && "before";
    expect(await world.run(keeper.revokeWhere(({ id }) => id !== "4"))).toEqual({
      revoked: ["1"],
      pending: ["3", "2"],
    });
    expect(["1", "2", "3", "4"].map((id) => record(id).state)).toEqual(["dead", "revoking", "active", "active"]);
  });

  test("leaves dead grants out", async () => {
    const { world, provider, keeper } = await adopted(lazy);
    await keeper.adopt("2", provider.consent());
    await world.run(keeper.revoke("1"));
    expect(await world.run(keeper.revokeWhere(() => true))).toEqual({ revoked: ["2"], pending: [] });
  });

  test("rejects where the choice itself fails", async () => {
    const { world, keeper, record } = await adopted(lazy);
    const failing = keeper.revokeWhere(() => {
      throw new RangeError("mine");
    });
    await expect(world.run(failing)).rejects.toThrow("mine");
    expect(record().state).toBe("active");
  });
});
