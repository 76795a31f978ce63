import { describe, expect, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { makeWorld } from "../../test/world.ts";
import { tokenInfo } from "../token-info/token-info.ts";
import type { Retries } from "./retries.ts";
import { provider, useProvider, app, info } from "../../test/send-fixture.ts";

useProvider();

describe("gusto 4.5: the timeout of each attempt", () => {
  const stalled = {
    headers: () => {},
    body: (response: import("node:http").ServerResponse) =>
      void response.writeHead(200, { "content-type": "application/json" }).write("{"),
  };
  test.each([
    ["no response", stalled.headers],
    ["half of a body", stalled.body],
  ])("%s within the timeout", async (_, reply) => {
    provider.reply(reply);
    expect(await failureOf(tokenInfo(app({ timeoutMs: 30 })))).toMatchObject({ code: "timeout", outcome: "unknown" });
  });
  test("accepts a fraction of a millisecond", async () => {
    provider.reply(stalled.headers);
    expect(await failureOf(tokenInfo(app({ timeoutMs: 0.5 })))).toMatchObject({ code: "timeout" });
  });
  test("0 in the call removes the client's timeout", async () => {
    provider.reply({ body: info });
    const world = makeWorld();
    expect(await tokenInfo(app({ world, timeoutMs: 1 }), { timeoutMs: 0 })).toMatchObject({ ok: true });
    expect(world.slept).toEqual([]);
  });
  test("is 30 seconds by default", async () => {
    provider.reply({ body: info });
    const world = makeWorld();
    world.sleep = (ms) => {
      world.slept.push(ms);
      return new Promise(() => {});
    };
    await tokenInfo(app({ world }));
    expect(world.slept).toEqual([30_000]);
  });
  test("also applies where the caller passes a signal", async () => {
    provider.reply(stalled.headers);
    expect(await failureOf(tokenInfo(app({ timeoutMs: 30 }), { signal: new AbortController().signal }))).toMatchObject({
      code: "timeout",
    });
  });
  test("applies to each attempt separately", async () => {
    // The first attempt is late at once, the wait takes no time, and the second attempt's timeout never comes.
    const world = makeWorld();
    const { sleep } = world;
    let attempts = 0;
    const answerAtLast: typeof fetch = async () =>
      ++attempts > 1 ? Response.json(info) : await new Promise<never>(() => {});
    world.sleep = async (ms, signal) =>
      await (world.slept.includes(300) && ms === 300 ? new Promise<void>(() => {}) : sleep(ms, signal));
    const retries: Retries = { strategy: "backoff", backoff: { maxInterval: 1 }, retryConnectionErrors: true };
    expect(await tokenInfo(app({ world, timeoutMs: 300, fetch: answerAtLast }), { retries })).toMatchObject({
      ok: true,
    });
    expect([world.slept, attempts]).toEqual([[300, 1], 2]);
  });
  test("also applies where fetch ignores the signal", async () => {
    expect(await failureOf(tokenInfo(app({ timeoutMs: 10, fetch: () => new Promise(() => {}) })))).toMatchObject({
      code: "timeout",
    });
  });
});

describe("the caller's signal", () => {
  test("aborted before: nothing is sent", async () => {
    provider.reply({ body: info });
    expect(await failureOf(tokenInfo(app(), { signal: AbortSignal.abort() }))).toMatchObject({
      code: "aborted",
      outcome: "not_processed",
    });
    expect(provider.received).toHaveLength(0);
  });
  test("aborted during the request: the outcome is unknown", async () => {
    const stop = new AbortController();
    provider.reply(() => stop.abort());
    expect(await failureOf(tokenInfo(app(), { signal: stop.signal }))).toMatchObject({
      code: "aborted",
      outcome: "unknown",
    });
  });
  test("aborted during the wait for the next attempt", async () => {
    const stop = new AbortController();
    provider.reply({ status: 503 });
    const world = makeWorld();
    world.sleep = (_, signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
        stop.abort();
      });
    expect(
      await failureOf(
        tokenInfo(app({ world, timeoutMs: 0 }), { signal: stop.signal, retries: { strategy: "backoff" } }),
      ),
    ).toMatchObject({ code: "aborted" });
    expect(provider.received).toHaveLength(1);
  });
});
