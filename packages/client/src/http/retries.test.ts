import { describe, expect, test } from "vitest";
import { wrongType } from "../../test/wrong-type.ts";
import { failureOf } from "../../test/failure.ts";
import { deadAddress } from "../../test/provider.ts";
import type { Application } from "../application.ts";
import { tokenInfo } from "../token-info/token-info.ts";
import { refresh } from "../token/refresh.ts";
import type { Retries } from "./retries.ts";
import { provider, useProvider, app, info, tokens, backoff, inWorld } from "../../test/send-fixture.ts";

useProvider();

describe("gusto 4.5: retries", () => {
  test("does not retry by default", async () => {
    provider.reply({ status: 503 });
    expect(await failureOf(tokenInfo(app()))).toMatchObject({ code: "server_error" });
    expect(provider.received).toHaveLength(1);
  });
  test.each([429, 500, 502, 503, 504])("retries %i until it succeeds", async (status) => {
    provider.reply({ status }, { status }, { body: info });
    expect(await tokenInfo(inWorld().app, { retries: backoff })).toMatchObject({ ok: true });
    expect(provider.received).toHaveLength(3);
  });
  test.each([400, 401, 403, 404, 406, 408, 409, 410, 422, 501])("does not retry %i", async (status) => {
    provider.reply({ status }, { body: info });
    expect(await failureOf(tokenInfo(inWorld().app, { retries: backoff }))).toMatchObject({ status });
    expect(provider.received).toHaveLength(1);
  });
  test("retries the statuses in retryCodes, ranges included", async () => {
    provider.reply({ status: 501 }, { status: 418 }, { body: info });
    expect(await tokenInfo(inWorld().app, { retries: backoff, retryCodes: ["5XX", 418] })).toMatchObject({ ok: true });
    provider.reply({ status: 503 });
    expect(await failureOf(tokenInfo(inWorld({ retryCodes: [500] }).app, { retries: backoff }))).toMatchObject({
      status: 503,
    });
    expect(provider.received).toHaveLength(1);
  });
  test("waits grow exponentially up to maxInterval", async () => {
    provider.reply({ status: 503 });
    const { world, app } = inWorld();
    await tokenInfo(app, {
      retries: {
        strategy: "backoff",
        backoff: { initialInterval: 100, exponent: 2, maxInterval: 1000, maxElapsedTime: 3000 },
      },
    });
    expect(world.slept).toEqual([100, 200, 400, 800, 1000, 1000]);
  });
  test("absent backoff members take their defaults: 500 ms, factor 1.5, 60,000 ms, one hour", async () => {
    provider.reply({ status: 503 });
    const { world, app } = inWorld();
    await tokenInfo(app, { retries: { strategy: "backoff" } });
    expect(world.slept.slice(0, 3)).toEqual([500, 750, 1125]);
    expect(Math.max(...world.slept)).toBe(60_000);
    expect(world.monotonicMs()).toBeGreaterThan(3_600_000);
    expect(world.monotonicMs()).toBeLessThanOrEqual(3_660_000);
  });
  test("adds up to a second of jitter", async () => {
    provider.reply({ status: 503 }, { body: info });
    const { world, app } = inWorld();
    world.random = (length) => new Uint8Array(length).fill(255);
    await tokenInfo(app, { retries: { strategy: "backoff" } });
    expect(world.slept).toEqual([1500]);
  });
  test.each([
    ["retry-after", "7", 7000],
    ["retry-after", "0.25", 250],
    ["retry-after", "Wed, 25 Nov 2026 12:00:03 GMT", 3000],
    // Nothing to wait for is no leave to ask at once, for an hour.
    ["retry-after", "Wed, 25 Nov 2020 12:00:03 GMT", 500],
    ["retry-after", "0", 500],
    ["retry-after", "9".repeat(400), 500],
    ["retry-after", "86400", 60_000],
    ["retry-after", "soon", 500],
    ["retry-after-ms", "90", 90],
  ])("%s: %s means a wait of %i ms", async (name, value, wait) => {
    provider.reply({ status: 429, headers: { [name]: value } }, { body: info });
    const { world, app } = inWorld();
    await tokenInfo(app, { retries: { strategy: "backoff" } });
    expect(world.slept).toEqual([wait]);
  });
  test("rejects unknown members of the strategy by name", async () => {
    const backoff = { maxElapsed: 5 } as { maxElapsedTime?: number };
    expect(await failureOf(tokenInfo(app(), { retries: { strategy: "backoff", backoff } }))).toMatchObject({
      code: "invalid_request",
      field: "retries.backoff.maxElapsed",
    });
  });
  test("returns the last response after giving up", async () => {
    provider.reply({ status: 503, body: { error: "first" } }, { status: 502, body: { error: "last" } });
    const { app } = inWorld();
    expect(
      await failureOf(
        tokenInfo(app, { retries: { strategy: "backoff", backoff: { initialInterval: 10, maxElapsedTime: 5 } } }),
      ),
    ).toMatchObject({ status: 502, reason: { code: "last" } });
    expect(provider.received).toHaveLength(2);
  });
  test("retries a broken connection only with retryConnectionErrors", async () => {
    const breakOff = (response: { destroy(): void }) => void response.destroy();
    provider.reply(breakOff, { body: info });
    expect(await failureOf(tokenInfo(inWorld().app, { retries: backoff }))).toMatchObject({
      code: "connection",
      outcome: "unknown",
    });
    provider.reply(breakOff, { body: info });
    expect(
      await tokenInfo(inWorld().app, { retries: { ...backoff, retryConnectionErrors: true } as Retries }),
    ).toMatchObject({ ok: true });
  });
  test.each([
    ["timeoutMs", { timeoutMs: Number.POSITIVE_INFINITY }],
    ["timeoutMs", { timeoutMs: wrongType<number>("5") }],
    ["retries.strategy", { retries: wrongType<Retries>({ strategy: "always" }) }],
    ["retries.backoff.exponent", { retries: { strategy: "backoff", backoff: { exponent: -1 } } as Retries }],
    ["headers", { headers: { "x-y": "a\r\nb: c" } }],
    ["headers", { headers: { "bad name": "a" } }],
  ])("names an invalid %s and sends nothing", async (field, call) => {
    provider.reply({ body: info });
    expect(await failureOf(tokenInfo(app(), call))).toMatchObject({ code: "invalid_request", field });
    expect(provider.received).toHaveLength(0);
  });
});

describe("refresh-tokens B7: retries of requests that spend a token", () => {
  const spend = (application: Application, call: object = {}) => refresh(application, { refreshToken: "RT", ...call });
  const cautious = { retries: { ...backoff, retryConnectionErrors: true } as Retries };

  test.each([500, 502, 503, 504])(
    "a client's retries do not repeat it after %i, because it may have been processed",
    async (status) => {
      provider.reply({ status }, { body: tokens });
      expect(await failureOf(spend(inWorld(cautious).app))).toMatchObject({ code: "server_error", outcome: "unknown" });
      expect(provider.received).toHaveLength(1);
    },
  );
  test("a client's retries do not repeat it after a broken connection or a timeout", async () => {
    provider.reply((response) => void response.destroy(), { body: tokens });
    expect(await failureOf(spend(inWorld(cautious).app))).toMatchObject({ code: "connection", outcome: "unknown" });
    provider.reply(() => {}, { body: tokens });
    expect(await failureOf(spend(inWorld({ ...cautious, timeoutMs: 5 }).app))).toMatchObject({
      code: "timeout",
      outcome: "unknown",
    });
    expect(provider.received.length).toBeLessThanOrEqual(1);
  });
  test("a client's retries repeat it after 429, which was not processed", async () => {
    provider.reply({ status: 429 }, { body: tokens });
    expect(await spend(inWorld(cautious).app)).toMatchObject({ ok: true });
  });
  test("a client's retries repeat it where no connection was made", async () => {
    const { world, app: application } = inWorld({ ...cautious, endpoints: { token: `${await deadAddress()}/token` } });
    expect(await failureOf(spend(application))).toMatchObject({
      code: "connection",
      outcome: "not_processed",
      cause: { message: expect.stringContaining("ECONNREFUSED") },
    });
    expect(world.slept.length).toBeGreaterThan(1);
  });
  test.each([429, 500, 503])("retries of the call itself repeat it after %i", async (status) => {
    provider.reply({ status }, { status }, { body: tokens });
    expect(await spend(inWorld().app, { retries: backoff })).toMatchObject({ ok: true });
    expect(provider.received.map(({ body }) => body)).toEqual(
      Array.from({ length: 3 }, () => "grant_type=refresh_token&refresh_token=RT"),
    );
  });
});
