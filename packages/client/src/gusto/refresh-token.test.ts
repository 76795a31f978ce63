import { describe, expect, test } from "vitest";
import { wrongType } from "../../test/wrong-type.ts";
import { provider, useProvider, gustoAt, failureOf, tokens, credentials } from "../../test/gusto-fixture.ts";

useProvider();

describe("gusto 2.4: refreshToken (POST /oauth/token)", () => {
  test("sends the credentials in a JSON body, without a bearer", async () => {
    provider.reply({ body: tokens });
    await gustoAt().introspection.refreshToken({
      ...credentials,
      refreshToken: "RT-old",
      redirectUri: "https://app.example/cb",
      apiVersion: "2024-04-01",
    });
    const [asked] = provider.received;
    expect(asked).toMatchObject({
      method: "POST",
      path: "/oauth/token",
      headers: { "content-type": "application/json", "x-gusto-api-version": "2024-04-01" },
    });
    expect(asked!.headers).not.toHaveProperty("authorization");
    expect(asked!.query.size).toBe(0);
    expect(asked!.json()).toEqual({
      client_id: "cid",
      client_secret: "sec",
      refresh_token: "RT-old",
      grant_type: "refresh_token",
      redirect_uri: "https://app.example/cb",
    });
  });
  test.each([
    ["a number", 1_795_318_000, 1_795_318_000],
    ["a string of digits", "1795318000", "1795318000"],
    ["ISO 8601", "2026-11-22T03:26:40Z", "2026-11-22T03:26:40Z"],
  ])("reads created_at as %s, and keeps what was sent", async (_, created_at, createdAtRaw) => {
    provider.reply({ body: { ...tokens, created_at } });
    const authentication = await gustoAt(credentials).introspection.refreshToken({ refreshToken: "RT-old" });
    expect(authentication).toMatchObject({
      createdAt: new Date(1_795_318_000_000),
      createdAtRaw,
      expiresIn: 7200,
      tokenType: "Bearer",
      scope: tokens.scope,
    });
    expect([authentication.accessToken.reveal(), authentication.refreshToken!.reveal()]).toEqual(["AT-new", "RT-new"]);
  });
  test("uses the documented defaults without created_at, token_type and expires_in", async () => {
    provider.reply({ body: { access_token: "AT-new", refresh_token: null, scope: null } });
    const authentication = await gustoAt(credentials).introspection.refreshToken({ refreshToken: "RT-old" });
    expect(authentication).toMatchObject({ tokenType: "bearer", expiresIn: 7200 });
    for (const name of ["createdAt", "createdAtRaw", "refreshToken", "scope"])
      expect(authentication).not.toHaveProperty(name);
  });
  test("printing the result shows no token", async () => {
    provider.reply({ body: tokens });
    const authentication = await gustoAt(credentials).introspection.refreshToken({ refreshToken: "RT-old" });
    expect(JSON.stringify(authentication)).not.toMatch(/AT-new|RT-new/);
  });
  test.each([
    ["clientId", { clientSecret: "sec", refreshToken: "RT" }],
    ["clientSecret", { clientId: "cid", refreshToken: "RT" }],
    ["refreshToken", { ...credentials, refreshToken: "" }],
    ["refreshToken", { ...credentials, refreshToken: "[sealed]" }],
    ["refreshToken", { ...credentials, refreshToken: wrongType<string>(7) }],
    ["grantType", { ...credentials, refreshToken: "RT", grantType: "password" as "refresh_token" }],
    ["redirectUri", { ...credentials, refreshToken: "RT", redirectUri: "https://a\n" }],
    ["timeoutMs", { ...credentials, refreshToken: "RT", timeoutMs: -1 }],
    [
      "retries.backoff.maxInterval",
      {
        ...credentials,
        refreshToken: "RT",
        retries: { strategy: "backoff", backoff: { maxInterval: Number.NaN } } as const,
      },
    ],
    ["baseUrl", { ...credentials, refreshToken: "RT", baseUrl: "http://api.gusto.example" }],
  ])("names an invalid %s and sends nothing", async (field, ask) => {
    provider.reply({ body: tokens });
    expect(await failureOf(gustoAt().introspection.refreshToken(ask))).toMatchObject({
      name: "ClientError",
      code: "invalid_request",
      field,
      outcome: "not_processed",
    });
    expect(provider.received).toHaveLength(0);
  });
});

describe("gusto 2.3, 2.8, 2.9, 4.6: error codes", () => {
  test.each([
    [
      "refresh_token_dead",
      400,
      { error: "invalid_grant", error_description: "gone" },
      { code: "invalid_grant", description: "gone" },
    ],
    ["client_credentials_wrong", 401, { error: "invalid_client" }, { code: "invalid_client" }],
    ["client_refused", 400, { error: "unauthorized_client" }, { code: "unauthorized_client" }],
    ["refused", 400, { error: "invalid_request" }, { code: "invalid_request" }],
    [
      "version_refused",
      406,
      { errors: [{ error_key: "request", category: "invalid_api_version", message: "Not a version." }] },
      { code: "invalid_api_version", description: "Not a version.", field: "request" },
    ],
    [
      "version_refused",
      406,
      { name: "Invalid X-Gusto-API-Version Header", message: "too old" },
      { code: "Invalid X-Gusto-API-Version Header", description: "too old" },
    ],
    [
      "server_error",
      500,
      { errors: [{ error_key: "base", category: "internal_error" }] },
      { code: "internal_error", field: "base" },
    ],
    ["server_error", 503, { error: "invalid_grant" }, { code: "invalid_grant" }],
    [
      "refused",
      404,
      { errors: [{ error_key: "base", category: "deprecated_endpoint" }] },
      { code: "deprecated_endpoint", field: "base" },
    ],
  ])("%s: %i", async (code, status, body, reason) => {
    provider.reply({ status, body });
    const error = await failureOf(gustoAt(credentials).introspection.refreshToken({ refreshToken: "RT-old" }));
    expect(error).toMatchObject({ code, status, reason, provider: "gusto", operation: "introspection.refreshToken" });
    expect(error.rawBody!.reveal()).toBe(JSON.stringify(body));
  });
  test("an empty 401 is access_token_expired", async () => {
    provider.reply({ status: 401, headers: { "www-authenticate": 'Bearer realm="x", error="invalid_token"' } });
    expect(await failureOf(gustoAt().introspection.getInfo())).toMatchObject({
      code: "access_token_expired",
      status: 401,
      headers: { "www-authenticate": expect.stringContaining("invalid_token") },
    });
  });
  test("429 is rate_limited with the wait", async () => {
    provider.reply({ status: 429, headers: { "retry-after": "17", "x-ratelimit-reset": "2026-11-22T04:01:00Z" } });
    expect(await failureOf(gustoAt().introspection.getInfo())).toMatchObject({
      code: "rate_limited",
      retryAfterMs: 17_000,
      outcome: "not_processed",
    });
  });
});
