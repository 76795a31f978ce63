import { describe, expect, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { createFitbit } from "./fitbit.ts";
import { provider, useProvider, fitbitAt, basic, tokens, sent } from "../../test/fitbit-fixture.ts";

useProvider();

describe("fitbit 3.4: auth.oauthToken", () => {
  test("refreshes with a form body and unencoded Basic credentials", async () => {
    provider.reply({ body: tokens });
    const result = await fitbitAt().auth.oauthToken({
      grantType: "refresh_token",
      refreshToken: "RT",
      expiresIn: 28_800,
    });
    expect(result).toMatchObject({
      tokenType: "Bearer",
      expiresIn: 28_800,
      scope: "activity profile",
      scopes: ["activity", "profile"],
      userId: "7XYZ12",
    });
    expect([result.accessToken.reveal(), result.refreshToken!.reveal()]).toEqual(["AT", "RT2"]);
    expect(sent()).toMatchObject({
      method: "POST",
      path: "/oauth2/token",
      headers: { authorization: basic, "content-type": "application/x-www-form-urlencoded" },
    });
    expect(sent().query.size).toBe(0);
    expect(Object.fromEntries(sent().form)).toEqual({
      client_id: "22ABCD",
      grant_type: "refresh_token",
      refresh_token: "RT",
      expires_in: "28800",
    });
  });
  test("exchanges a code with redirect URI, state and verifier", async () => {
    provider.reply({ body: tokens });
    await fitbitAt().auth.oauthToken({
      clientId: "22WXYZ",
      grantType: "authorization_code",
      code: "c",
      redirectUri: "https://app.example/cb",
      state: "s",
      codeVerifier: "v".repeat(43),
      expiresIn: "3600",
    });
    expect(Object.fromEntries(sent().form)).toEqual({
      client_id: "22WXYZ",
      grant_type: "authorization_code",
      code: "c",
      redirect_uri: "https://app.example/cb",
      state: "s",
      code_verifier: "v".repeat(43),
      expires_in: "3600",
    });
  });
  test('sends everything in the query with parametersIn: "query"', async () => {
    provider.reply({ body: tokens });
    await fitbitAt().auth.oauthToken({
      grantType: "refresh_token",
      refreshToken: "RT",
      parametersIn: "query",
      authorization: "Basic Y2xpZW50X2lkOmNsaWVudCBzZWNyZXQ=",
    });
    expect(sent()).toMatchObject({
      body: "",
      headers: { authorization: "Basic Y2xpZW50X2lkOmNsaWVudCBzZWNyZXQ=", accept: "application/json" },
    });
    expect(sent().headers).not.toHaveProperty("content-type");
    expect(Object.fromEntries(sent().query)).toEqual({
      client_id: "22ABCD",
      grant_type: "refresh_token",
      refresh_token: "RT",
    });
  });
  test("sends a public client's id in the form, without Basic", async () => {
    provider.reply({ body: tokens });
    await fitbitAt({ clientSecret: undefined }).auth.oauthToken({ grantType: "refresh_token", refreshToken: "RT" });
    expect(sent().headers).not.toHaveProperty("authorization");
    expect(sent().form.get("client_id")).toBe("22ABCD");
  });
  test.each([
    ["grantType", { grantType: "password" as "refresh_token" }],
    ["grantType", {} as { grantType: "refresh_token" }],
    ["code", { grantType: "authorization_code" }],
    ["refreshToken", { grantType: "refresh_token" }],
    ["expiresIn", { grantType: "refresh_token", refreshToken: "RT", expiresIn: 1.5 }],
    ["expiresIn", { grantType: "refresh_token", refreshToken: "RT", expiresIn: "soon" as "3600" }],
    ["redirectUri", { grantType: "authorization_code", code: "c", redirectUri: "\n" }],
    ["state", { grantType: "authorization_code", code: "c", state: "" }],
    ["authorization", { grantType: "refresh_token", refreshToken: "RT", authorization: "Basic a\r\nx: y" }],
    ["parametersIn", { grantType: "refresh_token", refreshToken: "RT", parametersIn: "header" as "query" }],
    ["clientId", { grantType: "refresh_token", refreshToken: "RT", clientId: "" }],
  ] as [string, Parameters<ReturnType<typeof createFitbit>["auth"]["oauthToken"]>[0]][])(
    "names an invalid %s",
    async (field, ask) => {
      provider.reply({ body: tokens });
      expect(await failureOf(fitbitAt().auth.oauthToken(ask))).toMatchObject({
        code: "invalid_request",
        field,
        operation: "auth.oauthToken",
      });
      expect(provider.received).toHaveLength(0);
    },
  );
});

describe("fitbit 3.8: error codes", () => {
  const errors = (errorType: string, message = "", fieldName?: string) => ({
    errors: [{ errorType, message, ...(fieldName === undefined ? {} : { fieldName }) }],
    success: false,
  });
  test.each([
    [
      "refresh_token_dead",
      400,
      errors("invalid_grant", "Refresh token invalid: RT. Visit"),
      { code: "invalid_grant", description: "Refresh token invalid: [sealed]. Visit" },
    ],
    ["refused", 400, errors("invalid_request", "Missing parameters: refresh_token"), { code: "invalid_request" }],
    [
      "client_credentials_wrong",
      401,
      errors("invalid_client", "Invalid authorization header. Client id invalid."),
      { code: "invalid_client" },
    ],
    ["scope_insufficient", 403, errors("insufficient_scope", "no"), { code: "insufficient_scope" }],
    ["client_refused", 403, errors("insufficient_permissions"), { code: "insufficient_permissions" }],
    ["refused", 409, errors("conflict"), { code: "conflict" }],
    ["service_retired", 410, errors("gone"), { code: "gone" }],
    [
      "rate_limited",
      429,
      errors("system", "Too Many Requests", "n/a"),
      { code: "system", description: "Too Many Requests" },
    ],
    ["server_error", 502, "<html>", undefined],
  ])("%s: %i", async (code, status, body, reason) => {
    provider.reply({ status, body, headers: { "retry-after": "120" } });
    const error = await failureOf(fitbitAt().auth.oauthToken({ grantType: "refresh_token", refreshToken: "RT" }));
    expect(error).toMatchObject({ code, status, provider: "fitbit" });
    expect(error.reason).toEqual(reason === undefined ? undefined : expect.objectContaining(reason));
    expect(error.reason?.field).toBeUndefined();
    expect(error.retryAfterMs).toBe(status === 429 || status === 502 ? 120_000 : undefined);
  });
  test("invalid_grant for a code is code_refused", async () => {
    provider.reply({ status: 400, body: errors("invalid_grant", "Authorization code invalid: c") });
    expect(await failureOf(fitbitAt().auth.oauthToken({ grantType: "authorization_code", code: "c" }))).toMatchObject({
      code: "code_refused",
    });
  });
  test.each(["expired_token", "invalid_token"])("%s for the bearer is access_token_expired", async (errorType) => {
    provider.reply({ status: 401, body: errors(errorType, "Access token expired: AT-mine.") });
    expect(await failureOf(fitbitAt().auth.introspect({ token: "AT" }))).toMatchObject({
      code: "access_token_expired",
      reason: { code: errorType, description: "Access token expired: [sealed]." },
    });
  });
  test("returns all of several errors", async () => {
    provider.reply({
      status: 400,
      body: {
        errors: [
          { errorType: "validation", fieldName: "scope", message: "a" },
          { errorType: "request", message: "b" },
        ],
      },
    });
    expect(
      await failureOf(fitbitAt().auth.oauthToken({ grantType: "refresh_token", refreshToken: "RT" })),
    ).toMatchObject({
      reason: { code: "validation", field: "scope" },
      reasons: [
        { code: "validation", description: "a", field: "scope" },
        { code: "request", description: "b" },
      ],
    });
  });
});
