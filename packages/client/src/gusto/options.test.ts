import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { createGusto } from "./gusto.ts";
import { provider, useProvider, gustoAt, failureOf, info, tokens, credentials } from "../../test/gusto-fixture.ts";

useProvider();

describe("gusto 4.1: API version, base URL, access token and environment", () => {
  test.each([
    ["of the client", { apiVersion: "2025-06-15" }, {}, "2025-06-15"],
    ["of the call", { apiVersion: "2025-06-15" }, { apiVersion: "2026-06-15" }, "2026-06-15"],
    ["left out by null", { apiVersion: "2025-06-15" }, { apiVersion: null }, undefined],
  ])("the version is the one %s", async (_, client, call, sent) => {
    provider.reply({ body: info });
    await gustoAt(client).introspection.getInfo(call);
    expect(provider.received[0]!.headers["x-gusto-api-version"]).toBe(sent);
  });
  test.each(["X-Gusto-API-Version", "x-gusto-api-version", "X-GUSTO-API-VERSION"])(
    "a header %s of the call replaces the version header",
    async (name) => {
      provider.reply({ body: info });
      await gustoAt({ apiVersion: "2025-06-15" }).introspection.getInfo({
        headers: { [name]: "2026-02-01", "x-other": "1" },
      });
      expect(provider.received[0]!.headers).toMatchObject({ "x-gusto-api-version": "2026-02-01", "x-other": "1" });
    },
  );
  test("a version header of the client is kept in the keeper's requests", async () => {
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
  test("fetch and hooks of a call replace the client's", async () => {
    const seen: string[] = [];
    const hooks = (name: string) => ({ beforeRequest: () => void seen.push(name) });
    const answer: typeof fetch = async () => Response.json(info);
    expect(
      await gustoAt({ hooks: hooks("client") }).introspection.getInfo({ fetch: answer, hooks: hooks("call") }),
    ).toMatchObject({ scope: info.scope });
    expect(seen).toEqual(["call"]);
  });
  test.each([[undefined], [""]])(
    "without a token (%j) the error names both places to set one",
    async (companyAccessAuth) => {
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
    },
  );
  test("refuses a version that is not a date, without sending", async () => {
    provider.reply({ body: info });
    expect(await failureOf(gustoAt().introspection.getInfo({ apiVersion: "latest" }))).toMatchObject({
      code: "invalid_request",
      field: "apiVersion",
      outcome: "not_processed",
    });
    expect(provider.received).toHaveLength(0);
  });
  test.each([["/prefix"], ["/prefix/"], ["/prefix//"]])(
    "keeps a base path %s without its trailing slashes",
    async (path) => {
      provider.reply({ body: info });
      await gustoAt({ baseUrl: `${provider.url}${path}` }).introspection.getInfo();
      expect(provider.received[0]!.path).toBe("/prefix/v1/token_info");
    },
  );
  test("baseUrl of a call replaces the client's", async () => {
    provider.reply({ body: info });
    await createGusto({ companyAccessAuth: "AT-example", env: {} }).introspection.getInfo({ baseUrl: provider.url });
    expect(provider.received).toHaveLength(1);
  });
  test.each([["bearer x1"], ["BEARER x1"]])("sends the value %s unchanged", async (value) => {
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
    ["the variable of Gusto's SDK", { GUSTOEMBEDDED_COMPANY_ACCESS_AUTH: "B" }, undefined, "Bearer B"],
    ["the option, before both variables", { GUSTO_COMPANY_ACCESS_AUTH: "A" }, "C", "Bearer C"],
  ])("the environment: %s", async (_, env, companyAccessAuth, sent) => {
    provider.reply({ body: info });
    await createGusto({
      baseUrl: provider.url,
      env,
      ...(companyAccessAuth === undefined ? {} : { companyAccessAuth }),
    }).introspection.getInfo();
    expect(provider.received[0]!.headers.authorization).toBe(sent);
  });
  test("reads the environment at each call", async () => {
    provider.reply({ body: info });
    const env: Record<string, string> = { GUSTO_COMPANY_ACCESS_AUTH: "first" };
    const gusto = createGusto({ baseUrl: provider.url, env });
    await gusto.introspection.getInfo();
    env["GUSTO_COMPANY_ACCESS_AUTH"] = "second";
    await gusto.introspection.getInfo();
    expect(provider.received.map(({ headers }) => headers.authorization)).toEqual(["Bearer first", "Bearer second"]);
  });
  test("refuses a server that is neither demo nor prod", () =>
    expect(() => createGusto({ server: "production" as "prod" })).toThrow(
      expect.objectContaining({ code: "invalid_request", field: "server" }),
    ));
  test("baseUrl: undefined keeps the chosen server", () => {
    expect(createGusto({ server: "prod", baseUrl: undefined }).application.baseUrl).toBe("https://api.gusto.com");
  });
  test("treats an environment that may not be read as empty", async () => {
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
  test("methods work when they are taken off the client", async () => {
    provider.reply({ body: info });
    const {
      introspection: { getInfo },
    } = gustoAt();
    expect(await getInfo()).toMatchObject({ scope: info.scope });
  });
  test("sends nothing without a token", async () => {
    provider.reply({ body: info });
    expect(await failureOf(createGusto({ baseUrl: provider.url, env: {} }).introspection.getInfo())).toMatchObject({
      code: "invalid_request",
      field: "accessToken",
    });
    expect(provider.received).toHaveLength(0);
  });
});
