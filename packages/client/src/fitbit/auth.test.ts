import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { startProvider, type ScriptedProvider } from "../../test/provider.ts";
import { revealTokens } from "../token/reveal-tokens.ts";
import { createFitbit } from "./fitbit.ts";
import { parseFitbitScopes } from "./introspect.ts";

let provider: ScriptedProvider;
beforeAll(async () => void (provider = await startProvider()));
afterAll(async () => await provider.stop());

const credentials = { clientId: "22ABCD", clientSecret: "a%2Bb:c" };
const fitbitAt = (more: Parameters<typeof createFitbit>[0] = {}) =>
  createFitbit({ baseUrl: provider.url, ...credentials, accessToken: "AT-mine", ...more });
const basic = `Basic ${btoa("22ABCD:a%2Bb:c")}`;
const tokens = {
  access_token: "AT",
  expires_in: 28_800,
  refresh_token: "RT2",
  scope: "activity profile",
  token_type: "Bearer",
  user_id: "7XYZ12",
};
const live = {
  active: true,
  scope: "{ACTIVITY=READ, HEARTRATE=READ_WRITE, SLEEP=READ}",
  client_id: "22ABCD",
  user_id: "7XYZ12",
  token_type: "access_token",
  exp: 1_795_346_400_000,
  iat: 1_795_317_600_000,
};
const sent = () => provider.received[0]!;

describe("fitbit 3.3: auth.introspect", () => {
  test("asks as the bearer and answers what the seed throws away", async () => {
    provider.reply({ body: live });
    expect(await fitbitAt().auth.introspect({ token: "AT-other" })).toEqual({
      active: true,
      scope: live.scope,
      scopes: { activity: "READ", heartrate: "READ_WRITE", sleep: "READ" },
      clientId: "22ABCD",
      userId: "7XYZ12",
      tokenType: "access_token",
      expiresAt: new Date(1_795_346_400_000),
      issuedAt: new Date(1_795_317_600_000),
      raw: live,
    });
    expect(sent()).toMatchObject({
      method: "POST",
      path: "/1.1/oauth2/introspect",
      body: "token=AT-other",
      headers: { authorization: "Bearer AT-mine", "content-type": "application/x-www-form-urlencoded" },
    });
  });
  test("as the client, with Basic, where that is asked for", async () => {
    provider.reply({ body: { active: false } });
    expect(await fitbitAt({ accessToken: undefined }).auth.introspect({ token: "AT-other", as: "client" })).toEqual({
      active: false,
      raw: { active: false },
    });
    expect(sent().headers.authorization).toBe(basic);
  });
  test("a bearer of the call beats that of the client", async () => {
    provider.reply({ body: { active: false } });
    await fitbitAt().auth.introspect({ token: "AT-other", accessToken: "AT-call" });
    expect(sent().headers.authorization).toBe("Bearer AT-call");
  });
  test.each([
    [1, true],
    [0, false],
  ])("the numbers of version 1 are read: %i", async (active, read) => {
    provider.reply({ body: { active } });
    expect(await fitbitAt().auth.introspect({ token: "AT-other" })).toMatchObject({ active: read });
  });
  test.each([
    ["{HEARTRATE=READ}", { heartrate: "READ" }],
    ["{ACTIVITY=READ,SLEEP=READ_WRITE}", { activity: "READ", sleep: "READ_WRITE" }],
    ["activity  profile", { activity: "READ", profile: "READ" }],
    ["{}", {}],
    ["", {}],
  ])("the scope %s", (text, scopes) => expect(parseFitbitScopes(text)).toEqual(scopes));
  test.each([
    ["token", { token: "" }, {}],
    ["as", { token: "AT", as: "Client" as "client" }, {}],
    ["accessToken", { token: "AT" }, { accessToken: undefined }],
    ["clientId", { token: "AT", as: "client" as const }, { clientId: undefined }],
  ])("a missing or wrong %s is named", async (field, ask, options) => {
    provider.reply({ body: live });
    expect(await failureOf(fitbitAt(options).auth.introspect(ask))).toMatchObject({
      code: "invalid_request",
      field,
      operation: "auth.introspect",
    });
    expect(provider.received).toHaveLength(0);
  });
  test("an answer without active is an error", async () => {
    provider.reply({ body: {} });
    expect(await failureOf(fitbitAt().auth.introspect({ token: "AT" }))).toMatchObject({
      code: "response_invalid",
      field: "active",
    });
  });
});

describe("fitbit 3.4: auth.oauthToken", () => {
  test("refresh: a form, raw Basic, every parameter in its place", async () => {
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
  test("code, with redirect URI, state and verifier", async () => {
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
  test("as the seed's client sends it: everything in the query, and nothing else", async () => {
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
  test("a public client has its id in the form and no Basic", async () => {
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
    "a bad %s is named",
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

describe("fitbit 3.8: what a refusal means", () => {
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
  test("a code is told from a refresh token", async () => {
    provider.reply({ status: 400, body: errors("invalid_grant", "Authorization code invalid: c") });
    expect(await failureOf(fitbitAt().auth.oauthToken({ grantType: "authorization_code", code: "c" }))).toMatchObject({
      code: "code_refused",
    });
  });
  test.each(["expired_token", "invalid_token"])("the bearer itself is dead: %s", async (errorType) => {
    provider.reply({ status: 401, body: errors(errorType, "Access token expired: AT-mine.") });
    expect(await failureOf(fitbitAt().auth.introspect({ token: "AT" }))).toMatchObject({
      code: "access_token_expired",
      reason: { code: errorType, description: "Access token expired: [sealed]." },
    });
  });
  test("several errors are all there", async () => {
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

describe("fitbit 3.5, 3.6, 3.7: the rest of the surface", () => {
  test("client credentials: no person behind them", async () => {
    provider.reply({ body: { access_token: "AT", expires_in: 86_400, scope: "", token_type: "Bearer" } });
    const result = await fitbitAt().clientCredentials({ expiresIn: 86_400 });
    expect(Object.fromEntries(sent().form)).toEqual({ grant_type: "client_credentials", expires_in: "86400" });
    expect(result).not.toHaveProperty("refreshToken");
  });
  test("revoke: Basic, an empty answer", async () => {
    provider.reply({ headers: { "content-type": "application/json" } });
    expect(await fitbitAt().revoke({ token: "AT" })).toBe("revoked");
    expect(sent()).toMatchObject({ path: "/oauth2/revoke", body: "token=AT", headers: { authorization: basic } });
  });
  test("refresh and exchangeCode know the person too, and what is stored does", async () => {
    provider.reply({ body: tokens });
    expect(revealTokens(await fitbitAt().refresh({ refreshToken: "RT" }))).toMatchObject({
      refresh_token: "RT2",
      user_id: "7XYZ12",
    });
    expect((await fitbitAt().refresh({ refreshToken: "RT" })).userId).toBe("7XYZ12");
    expect((await fitbitAt().exchangeCode({ code: "c" })).userId).toBe("7XYZ12");
  });
  test("a call's own page, where people say yes", async () => {
    const fitbit = fitbitAt({ transactionKey: "A".repeat(43) });
    expect(fitbit.authorizationUrl({ authorizeBaseUrl: provider.url })).toMatch(`${provider.url}/oauth2/authorize?`);
    expect(
      (await fitbit.beginAuthorization({ authorizeBaseUrl: provider.url, redirectUri: "https://app.example/cb" })).url,
    ).toMatch(`${provider.url}/oauth2/authorize?`);
    expect(fitbit.authorizationUrl({})).toMatch("https://www.fitbit.com/oauth2/authorize?");
    expect(() => fitbit.authorizationUrl({ authorizeBaseUrl: "http://id.example" })).toThrow(
      expect.objectContaining({ field: "authorizeBaseUrl" }),
    );
  });
  test("code with PKCE from end to end, with the fragment that Fitbit appends", async () => {
    const fitbit = fitbitAt({ authorizeBaseUrl: provider.url, transactionKey: "A".repeat(43) });
    const { url, state, transaction } = await fitbit.beginAuthorization({
      redirectUri: "https://app.example/cb",
      scope: ["heartrate", "sleep"],
    });
    expect(url).toMatch(`${provider.url}/oauth2/authorize?`);
    provider.reply({ body: tokens });
    const result = await fitbit.finishAuthorization({
      callback: `https://app.example/cb?code=c&state=${state}#_=_`,
      transaction,
    });
    expect(result.userId).toBe("7XYZ12");
    expect(sent().form.get("code_verifier")).toMatch(/^[\w-]{43}$/);
  });
});
