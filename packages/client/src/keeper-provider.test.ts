import { Sealed } from "@symbolon/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deadAddress, startProvider, type ScriptedProvider } from "../test/provider.ts";
import { keeperProvider } from "./keeper-provider.ts";
import { gusto } from "./profiles/gusto.ts";

let provider: ScriptedProvider;
beforeAll(async () => void (provider = await startProvider()));
afterAll(async () => await provider.stop());

const ask = (more: object = {}) => ({
  refreshToken: new Sealed("RT-old"),
  signal: new AbortController().signal,
  ...more,
});
const answering = (more: object = {}) =>
  keeperProvider({
    profile: gusto,
    clientId: "cid",
    clientSecret: "sec",
    baseUrl: provider.url,
    retries: { strategy: "backoff", retryConnectionErrors: true },
    ...more,
  });

describe("refresh-tokens B7, B8: keeperProvider", () => {
  test("describes the application and the provider's rotation", () => {
    expect(answering()).toMatchObject({
      issuer: "gusto",
      clientId: "cid",
      clientGeneration: 1,
      rotation: { kind: "lazy" },
      readsIntent: false,
      deadlineMs: 30_000,
    });
    expect(
      keeperProvider(
        { profile: gusto, timeoutMs: 5000 },
        { clientGeneration: 3, reconnectUrl: "https://app.example/connect" },
      ),
    ).toMatchObject({ clientGeneration: 3, deadlineMs: 5000, reconnectUrl: "https://app.example/connect" });
  });
  test("returns tokens with lifetime, scope and clock offset", async () => {
    provider.reply({
      headers: { date: new Date(Date.now() + 3_600_000).toUTCString() },
      body: { access_token: "AT", token_type: "Bearer", expires_in: "7200", refresh_token: "RT", scope: "a b" },
    });
    const outcome = await answering().refresh(ask());
    expect(outcome).toMatchObject({ kind: "tokens", tokens: { lifetimeSeconds: 7200, scope: ["a", "b"] } });
    if (outcome.kind !== "tokens") return expect.fail();
    expect(outcome.tokens.accessToken.reveal()).toBe("AT");
    expect(Math.abs(outcome.tokens.clockOffsetMs! - 3_600_000)).toBeLessThan(60_000);
  });
  test.each([
    [
      400,
      { error: "invalid_grant", error_description: "gone" },
      { kind: "refused", about: "grant", code: "invalid_grant", status: 400, final: false, description: "gone" },
    ],
    [
      200,
      { error: "invalid_grant" },
      { kind: "refused", about: "grant", code: "invalid_grant", status: 200, final: false },
    ],
    [
      401,
      { error: "invalid_client" },
      { kind: "refused", about: "client", code: "invalid_client", status: 401, final: false },
    ],
    [
      400,
      { error: "unauthorized_client" },
      { kind: "refused", about: "client", code: "unauthorized_client", status: 400, final: false },
    ],
    [
      406,
      { errors: [{ category: "invalid_api_version" }] },
      { kind: "refused", about: "client", code: "invalid_api_version", status: 406, final: false },
    ],
    [
      410,
      { errors: [{ errorType: "request" }] },
      { kind: "refused", about: "client", code: "request", status: 410, final: false },
    ],
    [409, { errors: [{ errorType: "conflict" }] }, { kind: "unknown", code: "conflict", status: 409 }],
    [429, undefined, { kind: "not_processed", code: "rate_limited", status: 429, retryAfterMs: 9000 }],
    [400, "<html>", { kind: "unknown", code: "refused", status: 400 }],
    [408, undefined, { kind: "unknown", code: "server_error", status: 408, retryAfterMs: 9000 }],
    [503, { error: "invalid_grant" }, { kind: "unknown", code: "invalid_grant", status: 503, retryAfterMs: 9000 }],
    [302, undefined, { kind: "unknown", code: "redirect_refused", status: 302 }],
    [200, { token_type: "Bearer" }, { kind: "unknown", code: "response_invalid", status: 200 }],
  ])("%i %j, asked once", async (status, body, outcome) => {
    provider.reply({ status, body, headers: { "retry-after": "9", location: "/elsewhere" } });
    expect(await answering().refresh(ask())).toEqual(
      outcome.kind === "refused" ? { ...outcome, clockOffsetMs: expect.any(Number) } : outcome,
    );
    expect(provider.received).toHaveLength(1);
  });
  test.each<[number, unknown]>([
    [401, "<html>"],
    [401, undefined],
    [401, { message: "Unauthorized" }],
    [401, { timestamp: 1, status: 401, error: "Unauthorized", path: "/oauth/token" }],
    [403, "<html><title>Access denied</title>"],
    [403, undefined],
    [403, { message: "Forbidden" }],
    [403, { error: "Forbidden" }],
    [403, { error: { code: 403, message: "blocked" } }],
    [406, "<html>"],
    [410, "<html>"],
    [404, "<html>"],
    [451, "<html>"],
  ])("B8: %i %j comes from a firewall or proxy: an outage, not a verdict on the client", async (status, body) => {
    provider.reply({ status, body, headers: typeof body === "string" ? { "content-type": "text/html" } : {} });
    expect(await answering().refresh(ask())).toMatchObject({ kind: "unknown", status });
  });
  test("RFC 8707: sends the resource from its options", async () => {
    provider.reply({ body: { access_token: "AT", token_type: "Bearer" } });
    await keeperProvider(
      { profile: gusto, clientId: "cid", clientSecret: "sec", baseUrl: provider.url },
      { resource: "https://mcp.example/mcp" },
    ).refresh(ask());
    expect(provider.received[0]!.json()["resource"]).toBe("https://mcp.example/mcp");
    provider.reply({ body: { access_token: "AT", token_type: "Bearer" } });
    await answering().refresh(ask());
    expect(provider.received[0]!.json()).not.toHaveProperty("resource");
  });
  test("B9: returns the clock offset with a refusal too", async () => {
    provider.reply({
      status: 400,
      headers: { date: new Date(Date.now() - 3_600_000).toUTCString() },
      body: { error: "invalid_grant" },
    });
    const outcome = await answering().refresh(ask());
    if (outcome.kind !== "refused") return expect.fail();
    expect(Math.abs(outcome.clockOffsetMs! + 3_600_000)).toBeLessThan(60_000);
  });
  test("a missing connection is not_processed", async () =>
    expect(await answering({ baseUrl: await deadAddress() }).refresh(ask())).toMatchObject({
      kind: "not_processed",
      code: "connection",
    }));
  test("a broken connection is unknown, and the request is sent once", async () => {
    provider.reply((response) => response.destroy());
    expect(await answering().refresh(ask())).toMatchObject({ kind: "unknown", code: "connection" });
    expect(provider.received).toHaveLength(1);
  });
  test("B3.10: sets no timer, so that a response that arrived while the process was suspended is used", async () => {
    provider.reply((response) =>
      setTimeout(
        () => response.setHeader("content-type", "application/json").end('{"access_token":"AT","token_type":"Bearer"}'),
        200,
      ),
    );
    expect(await answering({ timeoutMs: 20 }).refresh(ask())).toMatchObject({ kind: "tokens" });
  });
  test("an abort by the keeper is unknown", async () => {
    const stop = new AbortController();
    provider.reply(() => stop.abort());
    expect(await answering().refresh(ask({ signal: stop.signal }))).toMatchObject({ kind: "unknown", code: "aborted" });
  });
  test("a hook that throws is an outcome, not a rejection", async () => {
    const hooks = {
      beforeRequest: () => {
        throw new Error("mine");
      },
    };
    expect(await answering({ hooks }).refresh(ask())).toEqual({ kind: "unknown", code: "hook_failed" });
  });
  test("a token that cannot be sent concerns the grant; a missing client id concerns the client", async () => {
    expect(await answering().refresh(ask({ refreshToken: new Sealed("") }))).toMatchObject({
      kind: "refused",
      about: "grant",
      code: "invalid_request",
    });
    expect(await answering({ clientId: "" }).refresh(ask())).toMatchObject({
      kind: "refused",
      about: "client",
      code: "invalid_request",
    });
  });
});
