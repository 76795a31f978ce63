import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { startProvider, type ScriptedProvider } from "../../test/provider.ts";
import { createGusto } from "./gusto.ts";

let provider: ScriptedProvider;
beforeAll(async () => void (provider = await startProvider()));
afterAll(async () => await provider.stop());

const gustoAt = (more: Parameters<typeof createGusto>[0] = {}) =>
  createGusto({
    baseUrl: provider.url,
    clientId: "cid",
    clientSecret: "sec",
    env: {},
    transactionKey: "A".repeat(43),
    apiVersion: "2026-06-15",
    ...more,
  });
const sent = () => provider.received[0]!;
const tokens = {
  access_token: "AT",
  token_type: "Bearer",
  expires_in: 7200,
  refresh_token: "RT",
  created_at: 1_795_318_000,
};
const redirectUri = "https://app.example/cb";

describe("gusto 2.5: system_access", () => {
  test("sends the credentials as JSON; the result has no refresh token and no scope", async () => {
    provider.reply({ body: { access_token: "ST", token_type: "Bearer", created_at: 1_795_318_000, expires_in: 7200 } });
    const result = await gustoAt().systemAccess();
    expect(result).toMatchObject({ expiresIn: 7200, createdAt: new Date(1_795_318_000_000) });
    for (const name of ["refreshToken", "scope"]) expect(result).not.toHaveProperty(name);
    expect(sent().json()).toEqual({ grant_type: "system_access", client_id: "cid", client_secret: "sec" });
    expect(sent().headers["x-gusto-api-version"]).toBe("2026-06-15");
  });
  test("uses the credentials of the call", async () => {
    provider.reply({ body: tokens });
    await gustoAt({ clientId: undefined, clientSecret: undefined }).systemAccess({
      clientId: "a",
      clientSecret: "b",
      apiVersion: null,
    });
    expect(sent().json()).toEqual({ grant_type: "system_access", client_id: "a", client_secret: "b" });
    expect(sent().headers).not.toHaveProperty("x-gusto-api-version");
  });
  test.each([["clientId"], ["clientSecret"]])("names a missing %s", async (field) =>
    expect(await failureOf(gustoAt({ [field]: undefined }).systemAccess())).toMatchObject({
      code: "invalid_request",
      field,
      operation: "systemAccess",
    }),
  );
});

describe("gusto 2.5, 2.6: the authorization code flow", () => {
  test("authorizationUrl has client id, redirect URI, scope and state", () =>
    expect(gustoAt().authorizationUrl({ redirectUri, scope: ["payrolls:read", "public"], state: "s" })).toBe(
      `${provider.url}/oauth/authorize?response_type=code&client_id=cid&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=payrolls%3Aread+public&state=s`,
    ));
  test("an invalid argument throws a ClientError", () => {
    try {
      gustoAt({ clientId: undefined }).authorizationUrl({ redirectUri });
      expect.fail();
    } catch (error) {
      expect(error).toMatchObject({ name: "ClientError", code: "invalid_request", field: "clientId" });
    }
  });
  test("exchangeCode returns the tokens of a company", async () => {
    provider.reply({ body: tokens });
    expect(await gustoAt().exchangeCode({ code: "c", redirectUri })).toMatchObject({
      createdAt: new Date(1_795_318_000_000),
      expiresIn: 7200,
    });
    expect(sent().json()).toEqual({
      grant_type: "authorization_code",
      code: "c",
      redirect_uri: redirectUri,
      client_id: "cid",
      client_secret: "sec",
    });
    expect(sent().headers).not.toHaveProperty("authorization");
  });
  test.each([
    ["code", { code: "", redirectUri }],
    ["redirectUri", { code: "c" }],
    ["apiVersion", { code: "c", redirectUri, apiVersion: "1" }],
  ])("names an invalid %s", async (field, ask) =>
    expect(await failureOf(gustoAt().exchangeCode(ask))).toMatchObject({ code: "invalid_request", field }),
  );
  test("a used or unknown code is code_refused", async () => {
    provider.reply({ status: 400, body: { error: "invalid_grant" } });
    expect(await failureOf(gustoAt().exchangeCode({ code: "c", redirectUri }))).toMatchObject({ code: "code_refused" });
  });
  test("completes a code flow with PKCE", async () => {
    provider.reply({ body: tokens });
    const gusto = gustoAt();
    const { state, transaction } = await gusto.beginAuthorization({ redirectUri });
    expect(await gusto.finishAuthorization({ callback: `/cb?code=c&state=${state}`, transaction })).toMatchObject({
      createdAt: expect.any(Date),
    });
    expect(sent().json()).toMatchObject({
      code: "c",
      redirect_uri: redirectUri,
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(sent().headers["x-gusto-api-version"]).toBe("2026-06-15");
    expect(
      await failureOf(gusto.finishAuthorization({ callback: `/cb?code=c&state=${state}`, transaction })),
    ).toMatchObject({ code: "callback_refused", field: "transaction" });
  });
});

describe("the keeper's refresh of a Gusto grant", () => {
  test("sends the client's API version, to the server that was chosen", async () => {
    provider.reply({ body: tokens });
    const { Sealed } = await import("@symbolon/protocol");
    const ask = { refreshToken: new Sealed("RT"), signal: new AbortController().signal };
    expect(await gustoAt().keeperProvider().refresh(ask)).toMatchObject({ kind: "tokens" });
    expect(sent().headers["x-gusto-api-version"]).toBe("2026-06-15");
    expect(createGusto({ server: "prod" }).application.baseUrl).toBe("https://api.gusto.com");
    expect(createGusto().application.baseUrl).toBe("https://api.gusto-demo.com");
  });
});
