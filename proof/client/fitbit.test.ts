import { createFitbit, type FitbitOptions } from "@symbolon/client";
import { emulator, fitbit as fitbitProfile, type Emulator } from "@symbolon/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { allow, credentialsOf, deny, failureOf, redirectUri, transactionKey } from "./consent.ts";

let fitbit: Emulator;
beforeEach(async () => void (fitbit = await emulator({ profile: "fitbit" })));
afterEach(async () => await fitbit.close());

const client = (more: Partial<FitbitOptions> = {}, at = fitbit) => {
  const { clientId, clientSecret } = credentialsOf(at);
  return createFitbit({
    baseUrl: at.url,
    authorizeBaseUrl: at.url,
    clientId,
    clientSecret,
    transactionKey,
    timeoutMs: 5000,
    ...more,
  });
};

describe("the client at Fitbit, against the emulator", () => {
  test("a user connects; the token is introspected, refreshed, refreshed again within two minutes, and revoked", async () => {
    const connecting = client();
    const { url, transaction } = await connecting.beginAuthorization({ redirectUri, scope: ["heartrate", "sleep"] });
    const callback = await allow(fitbit, url);
    expect(callback).toMatch(/#_=_$/);
    const first = await connecting.finishAuthorization({ callback, transaction });
    expect(first).toMatchObject({
      tokenType: "Bearer",
      expiresIn: 28_800,
      scopes: ["heartrate", "sleep"],
      userId: expect.stringMatching(/^[A-Z0-9]{6}$/),
    });

    const bearerClient = client({ accessToken: first.accessToken });
    const state = await bearerClient.auth.introspect({ token: first.accessToken });
    expect(state).toMatchObject({
      active: true,
      scopes: { heartrate: "READ", sleep: "READ" },
      userId: first.userId,
      tokenType: "access_token",
      issuedAt: new Date(fitbit.control.now() * 1000),
      expiresAt: new Date((fitbit.control.now() + 28_800) * 1000),
    });
    expect(await client().auth.introspect({ token: first.accessToken, as: "client" })).toMatchObject({ active: true });
    expect(await bearerClient.auth.introspect({ token: "unknown" })).toEqual({ active: false, raw: { active: false } });

    const refresh = () => client().auth.oauthToken({ grantType: "refresh_token", refreshToken: first.refreshToken! });
    const second = await refresh();
    fitbit.control.advance(119);
    expect((await refresh()).accessToken.reveal()).toBe(second.accessToken.reveal());
    fitbit.control.advance(2);
    expect(await failureOf(refresh())).toMatchObject({
      code: "refresh_token_dead",
      reason: { code: "invalid_grant", description: expect.stringContaining("Refresh token invalid: [sealed]") },
    });

    expect(await client().revoke({ token: second.refreshToken! })).toBe("revoked");
    expect(
      await failureOf(client().auth.oauthToken({ grantType: "refresh_token", refreshToken: second.refreshToken! })),
    ).toMatchObject({ code: "refresh_token_dead" });
  });
  test("parametersIn: query sends code and refresh token in the URL, with a ready-made header", async () => {
    const { clientId, clientSecret } = fitbit.applications[0]!;
    const authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
    const inQuery = client({ clientSecret: undefined });
    const code = fitbit.control.code({ redirectUri });
    const tokens = await inQuery.auth.oauthToken({
      clientId,
      grantType: "authorization_code",
      code,
      redirectUri,
      authorization,
      expiresIn: "3600",
      parametersIn: "query",
    });
    expect(tokens).toMatchObject({ expiresIn: 3600, tokenType: "Bearer" });
    expect(
      await inQuery.auth.oauthToken({
        clientId,
        grantType: "refresh_token",
        refreshToken: tokens.refreshToken!,
        authorization,
        parametersIn: "query",
      }),
    ).toMatchObject({ expiresIn: 28_800 });
  });
  test("a public client uses PKCE without a secret", async () => {
    const { clientId } = fitbit.control.application({
      type: "client",
      clientSecret: null,
      redirectUris: [redirectUri],
    });
    const open = client({ clientId, clientSecret: undefined });
    const { url, transaction } = await open.beginAuthorization({ redirectUri, scope: ["profile"] });
    const tokens = await open.finishAuthorization({ callback: await allow(fitbit, url), transaction });
    expect(await open.refresh({ refreshToken: tokens.refreshToken! })).toMatchObject({ userId: tokens.userId });
  });
  test("client credentials give a token without a refresh token", async () => {
    const tokens = await client().clientCredentials({ expiresIn: 86_400 });
    expect(tokens).toMatchObject({ expiresIn: 86_400 });
    expect(tokens).not.toHaveProperty("refreshToken");
  });
  test("an expired bearer is an error, an inactive token is not", async () => {
    const { accessToken } = fitbit.control.consent();
    fitbit.control.advance(28_800);
    expect(await failureOf(client({ accessToken }).auth.introspect({ token: accessToken }))).toMatchObject({
      code: "access_token_expired",
      reason: { code: "expired_token" },
    });
    expect(await client().auth.introspect({ token: accessToken, as: "client" })).toMatchObject({ active: false });
  });
  test("a wrong secret, a wrong code and a refused consent have their own codes", async () => {
    const { refreshToken } = fitbit.control.consent();
    expect(
      await failureOf(client({ clientSecret: "wrong" }).auth.oauthToken({ grantType: "refresh_token", refreshToken })),
    ).toMatchObject({ code: "client_credentials_wrong" });
    expect(
      await failureOf(client().auth.oauthToken({ grantType: "authorization_code", code: "0".repeat(40) })),
    ).toMatchObject({ code: "code_refused" });
    const connecting = client();
    const { url, transaction } = await connecting.beginAuthorization({ redirectUri, scope: ["profile"] });
    expect(
      await failureOf(connecting.finishAuthorization({ callback: await deny(fitbit, url), transaction })),
    ).toMatchObject({ code: "access_denied" });
  });
  test("after the shutdown every call is service_retired", async () => {
    await using closed = await emulator({ profile: fitbitProfile({ shutdown: "schedule" }) });
    const { refreshToken, accessToken } = closed.control.consent();
    closed.control.advance(60 * 86_400);
    expect(
      await failureOf(client({}, closed).auth.oauthToken({ grantType: "refresh_token", refreshToken })),
    ).toMatchObject({ code: "service_retired", status: 410 });
    expect(await failureOf(client({ accessToken }, closed).auth.introspect({ token: accessToken }))).toMatchObject({
      code: "service_retired",
    });
  });
  test("the quota of a user is rate_limited with the wait", async () => {
    await using limited = await emulator({ profile: fitbitProfile({ requestsPerHour: 1 }) });
    const { accessToken } = limited.control.consent();
    const bearerClient = client({ accessToken }, limited);
    await bearerClient.auth.introspect({ token: accessToken });
    expect(await failureOf(bearerClient.auth.introspect({ token: accessToken }))).toMatchObject({
      code: "rate_limited",
      retryAfterMs: expect.any(Number),
      reason: { code: "system" },
    });
  });
});
