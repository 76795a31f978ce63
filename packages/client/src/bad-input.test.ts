import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Application } from "./application.ts";
import { authorizationUrl } from "./authorize/authorization-url.ts";
import { beginAuthorization } from "./authorize/begin.ts";
import { readCallback } from "./authorize/callback.ts";
import { claimInMemory } from "./authorize/claim.ts";
import { finishAuthorization } from "./authorize/finish.ts";
import { awaitDevice } from "./device/await-device.ts";
import { startDevice } from "./device/start-device.ts";
import { discover } from "./discovery/discover.ts";
import { fitbitIntrospect } from "./fitbit/introspect.ts";
import { fitbitOauthToken } from "./fitbit/oauth-token.ts";
import { gustoExchangeCode } from "./gusto/exchange-code.ts";
import { gustoGetInfo } from "./gusto/get-info.ts";
import { gustoRefreshToken } from "./gusto/refresh-token.ts";
import { gustoSystemAccess } from "./gusto/system-access.ts";
import { introspect } from "./introspect/introspect.ts";
import { generic } from "./profiles/generic.ts";
import { revoke } from "./revoke/revoke.ts";
import { tokenInfo } from "./token-info/token-info.ts";
import { clientCredentials } from "./token/client-credentials.ts";
import { exchangeCode } from "./token/exchange-code.ts";
import { refresh } from "./token/refresh.ts";
import { makeWorld } from "../test/world.ts";

const url = "https://id.example/x";
const endpoints = {
  authorization: url,
  token: url,
  introspection: url,
  revocation: url,
  tokenInfo: url,
  deviceAuthorization: url,
};
const call = {
  clientId: "cid",
  clientSecret: "sec",
  timeoutMs: 0,
  retries: { strategy: "none" },
  signal: AbortSignal.abort(),
  retryCodes: [400],
  headers: {},
  baseUrl: url,
};
const begin = {
  clientId: "cid",
  redirectUri: "https://app.example/cb",
  transactionKey: "A".repeat(43),
  scope: "a",
  resource: url,
  prompt: "login",
  boundTo: "x",
};

type Verb = [name: string, good: object, call: (app: Application, ask: never) => unknown];
const verbs: Verb[] = [
  [
    "authorizationUrl",
    {
      clientId: "cid",
      redirectUri: url,
      scope: "a",
      state: "s",
      codeChallenge: "A".repeat(43),
      prompt: "x",
      resource: url,
      parameters: { a: "b" },
      baseUrl: url,
      authorizeBaseUrl: url,
    },
    authorizationUrl,
  ],
  ["beginAuthorization", begin, beginAuthorization],
  [
    "finishAuthorization",
    {
      ...call,
      callback: "?code=c&state=s",
      transaction: "t",
      transactionKey: "A".repeat(43),
      boundTo: "x",
      claim: claimInMemory(),
    },
    finishAuthorization,
  ],
  ["refresh", { ...call, refreshToken: "RT", scope: "a" }, refresh],
  ["exchangeCode", { ...call, code: "c", redirectUri: url, codeVerifier: "v", resource: url }, exchangeCode],
  ["clientCredentials", { ...call, scope: "a", resource: url, expiresIn: 5 }, clientCredentials],
  ["introspect", { ...call, token: "AT", tokenTypeHint: "access_token", accessToken: "AT" }, introspect],
  ["revoke", { ...call, token: "AT", tokenTypeHint: "access_token" }, revoke],
  ["tokenInfo", { ...call, accessToken: "AT" }, tokenInfo],
  ["startDevice", { ...call, scope: "a" }, startDevice],
  ["awaitDevice", { ...call, device: { deviceCode: "DC", expiresIn: 10, interval: 5 } }, awaitDevice],
  ["gusto getInfo", { ...call, apiVersion: "2026-06-15", accessToken: "AT" }, gustoGetInfo],
  [
    "gusto refreshToken",
    { ...call, refreshToken: "RT", grantType: "refresh_token", redirectUri: url, apiVersion: null },
    gustoRefreshToken,
  ],
  ["gusto systemAccess", { ...call, apiVersion: "2026-06-15" }, gustoSystemAccess],
  ["gusto exchangeCode", { ...call, code: "c", redirectUri: url }, gustoExchangeCode],
  ["fitbit introspect", { ...call, token: "AT", as: "bearer", accessToken: "AT" }, fitbitIntrospect],
  [
    "fitbit oauthToken",
    {
      ...call,
      grantType: "refresh_token",
      refreshToken: "RT",
      code: "c",
      redirectUri: url,
      state: "s",
      expiresIn: 3600,
      authorization: "Basic x",
      parametersIn: "query",
      codeVerifier: "v",
    },
    fitbitOauthToken,
  ],
  [
    "discover",
    { ...call, issuer: "https://id.example" },
    (_, { issuer, ...more }: { issuer: string }) => discover(issuer, { ...transport(), ...more }),
  ],
];

const transport = () => ({
  world: makeWorld(),
  fetch: (async () =>
    new Response('{"error":"invalid_grant"}', {
      status: 400,
      headers: { "content-type": "application/json" },
    })) satisfies typeof fetch,
});
const app = (): Application => ({ profile: generic, clientId: "cid", clientSecret: "sec", endpoints, ...transport() });
const isTyped = (settled: unknown) => {
  expect(settled).toHaveProperty("ok");
  const { ok, error } = settled as { ok: boolean; error?: { name: string; code: string; field?: string } };
  if (!ok) expect(error).toMatchObject({ name: "ClientError", code: expect.any(String) });
  if (error?.code === "invalid_request") expect(error.field).toEqual(expect.stringMatching(/^\w/));
};
const strange: unknown[] = [
  null,
  0,
  7,
  -1,
  Number.NaN,
  true,
  false,
  "",
  " ",
  "\0",
  "a\nb",
  "\uD800",
  "[sealed]",
  [],
  [null],
  {},
  { a: 1 },
  () => 1,
  Symbol("x"),
  10n,
  new Date(Number.NaN),
  Object.create(null),
];

describe("invalid arguments are errors that name the field", () => {
  describe.each(verbs)("%s", (_, good, verb) => {
    test.each(Object.keys(good))("%s", async (field) => {
      for (const value of strange) isTyped(await verb(app(), { ...good, [field]: value } as never));
    });
    test("with any value of any argument", async () => {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...Object.keys(good)), fc.anything(), async (field, value) =>
          isTyped(await verb(app(), { ...good, [field]: value } as never)),
        ),
        { numRuns: 60 },
      );
    });
  });
  test.each(
    [
      "profile",
      "clientId",
      "clientSecret",
      "accessToken",
      "baseUrl",
      "authorizeBaseUrl",
      "endpoints",
      "issuer",
      "authentication",
      "timeoutMs",
      "retries",
      "retryCodes",
      "headers",
      "userAgent",
    ].filter((name) => name !== "profile"),
  )("the application option %s", async (field) => {
    for (const value of strange)
      for (const [, good, verb] of verbs.slice(0, 9))
        isTyped(await verb({ ...app(), [field]: value } as Application, good as never));
  });
});

describe("MX-08: any response ends in a value or a ClientError", () => {
  const bodies = fc.oneof(
    fc.json(),
    fc.string(),
    fc.jsonValue().map((value) =>
      JSON.stringify({
        access_token: value,
        token_type: value,
        expires_in: value,
        refresh_token: value,
        scope: value,
        active: value,
        error: value,
        errors: [value],
        name: value,
        message: value,
        resource: value,
        exp: value,
        created_at: value,
      }),
    ),
  );
  test.each(verbs.slice(3))("%s", async (_, good, verb) => {
    await fc.assert(
      fc.asyncProperty(
        bodies,
        fc.integer({ min: 200, max: 599 }),
        fc.constantFrom("application/json", "text/html", ""),
        async (body, status, type) => {
          const empty = [204, 205, 304].includes(status);
          const fetch = async () => new Response(empty ? null : body, { status, headers: { "content-type": type } });
          isTyped(await verb({ ...app(), fetch } as Application, good as never));
        },
      ),
      { numRuns: 150 },
    );
  });
  test("with any redirect", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.webUrl(), fc.webQueryParameters()),
        (callback) => void readCallback(callback),
      ),
      { numRuns: 500 },
    );
  });
});
