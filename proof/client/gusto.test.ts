import { createGusto, type GustoOptions } from "@symbolon/client";
import { emulator, gusto as gustoProfile, gustoVersions, latestGustoVersion, type Emulator } from "@symbolon/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { allow, credentialsOf, deny, failureOf, redirectUri, transactionKey } from "./consent.ts";

let gusto: Emulator;
beforeEach(async () => void (gusto = await emulator({ profile: "gusto" })));
afterEach(async () => await gusto.close());

const client = (more: Partial<GustoOptions> = {}) => {
  const { clientId, clientSecret } = credentialsOf(gusto);
  return createGusto({ baseUrl: gusto.url, clientId, clientSecret, env: {}, transactionKey, timeoutMs: 5000, ...more });
};
const retries = {
  strategy: "backoff",
  backoff: { initialInterval: 1, maxInterval: 5, exponent: 1.1, maxElapsedTime: 2000 },
} as const;

describe("the client at Gusto, against the emulator", () => {
  test("a company connects; token info and refresh work; the old tokens end with the first use of the new ones", async () => {
    const connecting = client();
    const { url, transaction } = await connecting.beginAuthorization({
      redirectUri,
      scope: ["companies:read", "payrolls:read"],
    });
    const first = await connecting.finishAuthorization({ callback: await allow(gusto, url), transaction });
    expect(first).toMatchObject({
      tokenType: "Bearer",
      expiresIn: 7200,
      createdAt: new Date(gusto.control.now() * 1000),
    });

    const info = await client({ companyAccessAuth: first.accessToken }).introspection.getInfo();
    expect(info).toMatchObject({
      scopes: ["companies:read", "payrolls:read"],
      resource: { type: "Company", uuid: expect.any(String) },
      resourceOwner: { type: "CompanyAdmin" },
    });

    const second = await client().introspection.refreshToken({ refreshToken: first.refreshToken! });
    const sibling = await client().introspection.refreshToken({ refreshToken: first.refreshToken! });
    expect(sibling.refreshToken!.reveal()).not.toBe(second.refreshToken!.reveal());
    await client({ companyAccessAuth: second.accessToken }).introspection.getInfo();
    expect(await failureOf(client().introspection.refreshToken({ refreshToken: first.refreshToken! }))).toMatchObject({
      code: "refresh_token_dead",
      status: 400,
      reason: { code: "invalid_grant" },
    });
    expect(await failureOf(client({ companyAccessAuth: first.accessToken }).introspection.getInfo())).toMatchObject({
      code: "access_token_expired",
      status: 401,
    });
  });
  test("an access token expires after two hours, and a refresh returns another", async () => {
    const { accessToken, refreshToken } = gusto.control.consent();
    gusto.control.advance(7200);
    expect(await failureOf(client({ companyAccessAuth: accessToken }).introspection.getInfo())).toMatchObject({
      code: "access_token_expired",
    });
    const { accessToken: fresh } = await client().introspection.refreshToken({ refreshToken });
    expect(await client({ companyAccessAuth: fresh }).introspection.getInfo()).toMatchObject({
      resource: { type: "Company" },
    });
  });
  test.each(gustoVersions)("reads created_at of API version %s", async (apiVersion) => {
    const { refreshToken } = gusto.control.consent();
    const tokens = await client({ apiVersion }).introspection.refreshToken({ refreshToken });
    expect(tokens.createdAt).toEqual(new Date(gusto.control.now() * 1000));
    expect(typeof tokens.createdAtRaw).toBe(apiVersion <= "2024-04-01" ? "string" : "number");
    expect(await client({ apiVersion, companyAccessAuth: tokens.accessToken }).introspection.getInfo()).toMatchObject({
      resource: { type: "Company" },
    });
  });
  test("without a version the application's minimum version applies", async () =>
    expect(
      typeof (await client().introspection.refreshToken({ refreshToken: gusto.control.consent().refreshToken }))
        .createdAtRaw,
    ).toBe("number"));
  test.each([
    ["2019-01-01", "Invalid X-Gusto-API-Version Header"],
    ["2031-01-01", "invalid_api_version"],
  ])("an unavailable API version is version_refused: %s", async (apiVersion, code) => {
    const { accessToken } = gusto.control.consent();
    expect(
      await failureOf(client({ apiVersion, companyAccessAuth: accessToken }).introspection.getInfo()),
    ).toMatchObject({ code: "version_refused", status: 406, reason: { code } });
  });
  test("a system token has no owner, no refresh token and no scope", async () => {
    const tokens = await client({ apiVersion: latestGustoVersion }).systemAccess();
    expect(tokens).not.toHaveProperty("refreshToken");
    expect(await client({ companyAccessAuth: tokens.accessToken }).introspection.getInfo()).toMatchObject({
      resource: { type: "Oauth::Application" },
      resourceOwner: null,
    });
  });
  test("a refused consent is access_denied", async () => {
    const connecting = client();
    const { url, transaction } = await connecting.beginAuthorization({ redirectUri });
    expect(
      await failureOf(connecting.finishAuthorization({ callback: await deny(gusto, url), transaction })),
    ).toMatchObject({ code: "access_denied" });
  });
  test("a code works once; authorizationUrl and exchangeCode need no transaction", async () => {
    const location = new URL(await allow(gusto, client().authorizationUrl({ redirectUri, state: "mine" })));
    expect(location.searchParams.get("state")).toBe("mine");
    const code = location.searchParams.get("code")!;
    expect(await client().exchangeCode({ code, redirectUri })).toMatchObject({ expiresIn: 7200 });
    expect(await failureOf(client().exchangeCode({ code, redirectUri }))).toMatchObject({ code: "code_refused" });
  });
  test("a wrong secret does not affect a grant", async () => {
    const { refreshToken } = gusto.control.consent();
    expect(
      await failureOf(client({ clientSecret: "wrong" }).introspection.refreshToken({ refreshToken })),
    ).toMatchObject({ code: "client_credentials_wrong", status: 401 });
    expect(await client().introspection.refreshToken({ refreshToken })).toMatchObject({ tokenType: "Bearer" });
  });
  test("a refresh has no bearer header and no secret in its URL", async () => {
    const { refreshToken } = gusto.control.consent();
    await client({ companyAccessAuth: "stray" }).introspection.refreshToken({ refreshToken });
    const logged = gusto.control.requests("refresh_token");
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toMatch(/bearer|\?/i);
  });
});

describe("Gusto with faults", () => {
  test("retries of the call repeat a refresh after 503", async () => {
    const { refreshToken } = gusto.control.consent();
    gusto.control.fault({ what: "status", status: 503, operation: "refresh_token", times: 2 });
    expect(await client().introspection.refreshToken({ refreshToken, retries })).toMatchObject({ expiresIn: 7200 });
    expect(gusto.control.requests("refresh_token")).toHaveLength(3);
  });
  test("a lost response is unknown; a second refresh returns other tokens of the same grant", async () => {
    const { refreshToken, grant } = gusto.control.consent();
    gusto.control.fault({ what: "drop_answer", operation: "refresh_token", times: 1 });
    expect(await failureOf(client().introspection.refreshToken({ refreshToken }))).toMatchObject({
      code: "connection",
      outcome: "unknown",
    });
    expect(await client().introspection.refreshToken({ refreshToken })).toMatchObject({ expiresIn: 7200 });
    expect(gusto.control.grants().map(({ id }) => id)).toEqual([grant]);
  });
  test.each<[string, object, object]>([
    ["an error page of a proxy", { what: "html" }, { code: "server_error", status: 502 }],
    ["a page with status 200", { what: "html", status: 200 }, { code: "response_invalid" }],
    ["truncated JSON", { what: "malformed" }, { code: "response_invalid", outcome: "unknown" }],
    ["a connection reset during the response", { what: "reset" }, { code: "connection", outcome: "unknown" }],
    ["no response", { what: "hang" }, { code: "timeout", outcome: "unknown" }],
    [
      "too many requests",
      { what: "status", status: 429, retryAfterSeconds: 9 },
      { code: "rate_limited", retryAfterMs: 9000, outcome: "not_processed" },
    ],
  ])("%s", async (_, fault, failure) => {
    const { refreshToken } = gusto.control.consent();
    gusto.control.fault({ operation: "refresh_token", ...fault } as Parameters<typeof gusto.control.fault>[0]);
    expect(
      await failureOf(
        client({ timeoutMs: "what" in fault && fault.what === "hang" ? 100 : 30_000 }).introspection.refreshToken({
          refreshToken,
        }),
      ),
    ).toMatchObject(failure);
  });
  test("the emulator's rate limit is rate_limited with the wait", async () => {
    await using limited = await emulator({ profile: gustoProfile({ requestsPerMinute: 2 }) });
    const { accessToken } = limited.control.consent();
    const asking = createGusto({ baseUrl: limited.url, companyAccessAuth: accessToken });
    for (let count = 0; count < 2; count++) await asking.introspection.getInfo();
    expect(await failureOf(asking.introspection.getInfo())).toMatchObject({
      code: "rate_limited",
      retryAfterMs: expect.any(Number),
    });
  });
  test("errors[] is read like the error format of the RFC", async () => {
    await using other = await emulator({ profile: gustoProfile({ tokenErrors: "errors" }) });
    const { clientId, clientSecret } = credentialsOf(other);
    expect(
      await failureOf(
        createGusto({ baseUrl: other.url, clientId, clientSecret }).introspection.refreshToken({
          refreshToken: "unknown",
        }),
      ),
    ).toMatchObject({ code: "refresh_token_dead", status: 422 });
  });
  test("a base path is kept", async () => {
    await using below = await emulator({ profile: "gusto", basePath: "/a/b" });
    expect(
      await createGusto({
        baseUrl: `${below.url}/`,
        companyAccessAuth: below.control.consent().accessToken,
      }).introspection.getInfo(),
    ).toMatchObject({ resource: { type: "Company" } });
  });
});
