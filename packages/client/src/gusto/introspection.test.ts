import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { startProvider, type ScriptedProvider } from "../../test/provider.ts";
import type { ClientError } from "../errors/client-error.ts";
import { createGusto } from "./gusto.ts";

let provider: ScriptedProvider;
beforeAll(async () => void (provider = await startProvider()));
afterAll(async () => await provider.stop());

const gustoAt = (more: Parameters<typeof createGusto>[0] = {}) =>
  createGusto({ baseUrl: provider.url, companyAccessAuth: "AT-example", env: {}, ...more });
const failureOf = async (call: Promise<unknown>): Promise<ClientError> =>
  await call.then(
    () => expect.fail("it did not fail"),
    (error: ClientError) => error,
  );
const info = {
  scope: "companies:read public",
  resource: { type: "Company", uuid: "0d0f6a52-1111-4c1a-9a3e-000000000001" },
  resource_owner: { type: "CompanyAdmin", uuid: "0d0f6a52-2222-4c1a-9a3e-000000000002" },
};
const tokens = {
  access_token: "AT-new",
  token_type: "Bearer",
  expires_in: 7200,
  refresh_token: "RT-new",
  scope: "public payrolls:read",
  created_at: 1_795_318_000,
};
const credentials = { clientId: "cid", clientSecret: "sec" };

describe("gusto 2.2: getInfo asks GET /v1/token_info", () => {
  test("with the bearer, without a version, a body or a query", async () => {
    provider.reply({ body: info });
    expect(await gustoAt().introspection.getInfo()).toEqual({
      scope: info.scope,
      scopes: ["companies:read", "public"],
      resource: info.resource,
      resourceOwner: info.resource_owner,
      raw: info,
    });
    const [asked] = provider.received;
    expect(asked).toMatchObject({
      method: "GET",
      path: "/v1/token_info",
      body: "",
      headers: { authorization: "Bearer AT-example", accept: "application/json" },
    });
    expect(asked!.headers).not.toHaveProperty("x-gusto-api-version");
    expect(asked!.headers).not.toHaveProperty("cookie");
  });
  test("a system token has no owner, and null is told from absent", async () => {
    provider.reply({ body: { ...info, resource: { type: "Oauth::Application", uuid: "u" }, resource_owner: null } });
    expect(await gustoAt().introspection.getInfo()).toMatchObject({
      resource: { type: "Oauth::Application" },
      resourceOwner: null,
    });
  });
  test("an owner of a kind that nobody has heard of, and unknown members, pass", async () => {
    provider.reply({ body: { ...info, resource_owner: { type: "Robot", uuid: "u" }, later: 1 } });
    expect(await gustoAt().introspection.getInfo()).toMatchObject({
      resourceOwner: { type: "Robot" },
      raw: { later: 1 },
    });
  });
  test("an answer wrapped in something else is no empty success", async () => {
    provider.reply({ body: { object: info } });
    expect(await failureOf(gustoAt().introspection.getInfo())).toMatchObject({
      code: "response_invalid",
      field: "scope",
    });
  });
});

describe("gusto 4.1: version, address, token and environment", () => {
  test.each([
    ["of the client", { apiVersion: "2025-06-15" }, {}, "2025-06-15"],
    ["of the call", { apiVersion: "2025-06-15" }, { apiVersion: "2026-06-15" }, "2026-06-15"],
    ["omitted by null", { apiVersion: "2025-06-15" }, { apiVersion: null }, undefined],
  ])("the version is that %s", async (_, client, call, sent) => {
    provider.reply({ body: info });
    await gustoAt(client).introspection.getInfo(call);
    expect(provider.received[0]!.headers["x-gusto-api-version"]).toBe(sent);
  });
  test.each(["X-Gusto-API-Version", "x-gusto-api-version", "X-GUSTO-API-VERSION"])(
    "a header %s of the call wins, alone",
    async (name) => {
      provider.reply({ body: info });
      await gustoAt({ apiVersion: "2025-06-15" }).introspection.getInfo({
        headers: { [name]: "2026-02-01", "x-other": "1" },
      });
      expect(provider.received[0]!.headers).toMatchObject({ "x-gusto-api-version": "2026-02-01", "x-other": "1" });
    },
  );
  test("and one of the client, in what the keeper sends", async () => {
    provider.reply({ body: tokens });
    const { refresh } = gustoAt({
      ...credentials,
      apiVersion: "2025-06-15",
      headers: { "X-Gusto-API-Version": "2026-02-01" },
    }).keeperProvider();
    await refresh({ refreshToken: new Sealed("RT"), signal: AbortSignal.timeout(5000) } as Parameters<
      typeof refresh
    >[0]);
    expect(provider.received[0]!.headers["x-gusto-api-version"]).toBe("2026-02-01");
  });
  test("fetch and hooks of a call are instead of the client's", async () => {
    const seen: string[] = [];
    const hooks = (name: string) => ({ beforeRequest: () => void seen.push(name) });
    const answer: typeof fetch = async () => Response.json(info);
    expect(
      await gustoAt({ hooks: hooks("client") }).introspection.getInfo({ fetch: answer, hooks: hooks("call") }),
    ).toMatchObject({ scope: info.scope });
    expect(seen).toEqual(["call"]);
  });
  test.each([[undefined], [""]])("without a token (%j) both places to put one are named", async (companyAccessAuth) => {
    expect(
      await failureOf(
        createGusto({
          baseUrl: provider.url,
          env: {},
          ...(companyAccessAuth === undefined ? {} : { companyAccessAuth }),
        }).introspection.getInfo(),
      ),
    ).toMatchObject({
      code: "invalid_request",
      field: "accessToken",
      message: expect.stringMatching(/companyAccessAuth.*GUSTO_COMPANY_ACCESS_AUTH/),
    });
  });
  test("a version that is no date is refused unsent", async () => {
    provider.reply({ body: info });
    expect(await failureOf(gustoAt().introspection.getInfo({ apiVersion: "latest" }))).toMatchObject({
      code: "invalid_request",
      field: "apiVersion",
      outcome: "not_processed",
    });
    expect(provider.received).toHaveLength(0);
  });
  test.each([["/prefix"], ["/prefix/"], ["/prefix//"]])(
    "a base path %s is kept, slashes at its end are not",
    async (path) => {
      provider.reply({ body: info });
      await gustoAt({ baseUrl: `${provider.url}${path}` }).introspection.getInfo();
      expect(provider.received[0]!.path).toBe("/prefix/v1/token_info");
    },
  );
  test("the address of a call beats that of the client", async () => {
    provider.reply({ body: info });
    await createGusto({ companyAccessAuth: "AT-example", env: {} }).introspection.getInfo({ baseUrl: provider.url });
    expect(provider.received).toHaveLength(1);
  });
  test.each([["bearer x1"], ["BEARER x1"]])("a value %s goes as it is", async (value) => {
    provider.reply({ body: info });
    await gustoAt({ companyAccessAuth: async () => value }).introspection.getInfo();
    expect(provider.received[0]!.headers.authorization).toBe(value);
  });
  test.each([
    [
      "the seed's name",
      { GUSTO_COMPANY_ACCESS_AUTH: "A", GUSTOEMBEDDED_COMPANY_ACCESS_AUTH: "B" },
      undefined,
      "Bearer A",
    ],
    ["the upstream name", { GUSTOEMBEDDED_COMPANY_ACCESS_AUTH: "B" }, undefined, "Bearer B"],
    ["the option before both", { GUSTO_COMPANY_ACCESS_AUTH: "A" }, "C", "Bearer C"],
  ])("the environment: %s", async (_, env, companyAccessAuth, sent) => {
    provider.reply({ body: info });
    await createGusto({
      baseUrl: provider.url,
      env,
      ...(companyAccessAuth === undefined ? {} : { companyAccessAuth }),
    }).introspection.getInfo();
    expect(provider.received[0]!.headers.authorization).toBe(sent);
  });
  test("the environment is read at each call", async () => {
    provider.reply({ body: info });
    const env: Record<string, string> = { GUSTO_COMPANY_ACCESS_AUTH: "first" };
    const gusto = createGusto({ baseUrl: provider.url, env });
    await gusto.introspection.getInfo();
    env["GUSTO_COMPANY_ACCESS_AUTH"] = "second";
    await gusto.introspection.getInfo();
    expect(provider.received.map(({ headers }) => headers.authorization)).toEqual(["Bearer first", "Bearer second"]);
  });
  test("a server that is neither demo nor prod is no silent demo", () =>
    expect(() => createGusto({ server: "production" as "prod" })).toThrow(
      expect.objectContaining({ code: "invalid_request", field: "server" }),
    ));
  test("an address that is not set leaves the server that was chosen", () => {
    expect(createGusto({ server: "prod", baseUrl: undefined }).application.baseUrl).toBe("https://api.gusto.com");
  });
  test("an environment that may not be read is an empty one", async () => {
    provider.reply({ body: info });
    const env = new Proxy(
      {},
      {
        get: () => {
          throw new Error("NotCapable: Requires env access");
        },
      },
    );
    expect(await gustoAt({ env }).introspection.getInfo()).toMatchObject({ scope: info.scope });
    expect(await failureOf(gustoAt({ env, companyAccessAuth: undefined }).introspection.getInfo())).toMatchObject({
      code: "invalid_request",
      field: "accessToken",
    });
  });
  test("parts of a client work on their own", async () => {
    provider.reply({ body: info });
    const {
      introspection: { getInfo },
    } = gustoAt();
    expect(await getInfo()).toMatchObject({ scope: info.scope });
  });
  test("without any token nothing is sent", async () => {
    provider.reply({ body: info });
    expect(await failureOf(createGusto({ baseUrl: provider.url, env: {} }).introspection.getInfo())).toMatchObject({
      code: "invalid_request",
      field: "accessToken",
    });
    expect(provider.received).toHaveLength(0);
  });
});

describe("gusto 2.4: refreshToken asks POST /oauth/token", () => {
  test("in JSON, with the credentials in the body and no bearer", async () => {
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
    ["its digits", "1795318000", "1795318000"],
    ["ISO 8601", "2026-11-22T03:26:40Z", "2026-11-22T03:26:40Z"],
  ])("created_at as %s is one instant, and its own spelling is kept", async (_, created_at, createdAtRaw) => {
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
  test("without created_at, token_type and expires_in the documented defaults hold", async () => {
    provider.reply({ body: { access_token: "AT-new", refresh_token: null, scope: null } });
    const authentication = await gustoAt(credentials).introspection.refreshToken({ refreshToken: "RT-old" });
    expect(authentication).toMatchObject({ tokenType: "bearer", expiresIn: 7200 });
    for (const name of ["createdAt", "createdAtRaw", "refreshToken", "scope"])
      expect(authentication).not.toHaveProperty(name);
  });
  test("printed, it tells no token", async () => {
    provider.reply({ body: tokens });
    const authentication = await gustoAt(credentials).introspection.refreshToken({ refreshToken: "RT-old" });
    expect(JSON.stringify(authentication)).not.toMatch(/AT-new|RT-new/);
  });
  test.each([
    ["clientId", { clientSecret: "sec", refreshToken: "RT" }],
    ["clientSecret", { clientId: "cid", refreshToken: "RT" }],
    ["refreshToken", { ...credentials, refreshToken: "" }],
    ["refreshToken", { ...credentials, refreshToken: "[sealed]" }],
    ["refreshToken", { ...credentials, refreshToken: 7 as unknown as string }],
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
  ])("a bad %s is named, and nothing is sent", async (field, ask) => {
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

describe("gusto 2.3, 2.8, 2.9, 4.6: what a refusal means", () => {
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
  test("an expired bearer: an empty 401", async () => {
    provider.reply({ status: 401, headers: { "www-authenticate": 'Bearer realm="x", error="invalid_token"' } });
    expect(await failureOf(gustoAt().introspection.getInfo())).toMatchObject({
      code: "access_token_expired",
      status: 401,
      headers: { "www-authenticate": expect.stringContaining("invalid_token") },
    });
  });
  test("over the limit: the wait is told", async () => {
    provider.reply({ status: 429, headers: { "retry-after": "17", "x-ratelimit-reset": "2026-11-22T04:01:00Z" } });
    expect(await failureOf(gustoAt().introspection.getInfo())).toMatchObject({
      code: "rate_limited",
      retryAfterMs: 17_000,
      outcome: "not_processed",
    });
  });
});
