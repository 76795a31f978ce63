import { Sealed } from "@symbolon/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wrongType } from "../../test/wrong-type.ts";
import { failureOf } from "../../test/failure.ts";
import { deadAddress, startProvider, type ScriptedProvider } from "../../test/provider.ts";
import type { Application } from "../application.ts";
import { createClient } from "../client.ts";
import type { ClientAuthentication } from "../profile.ts";
import { generic } from "../profiles/generic.ts";
import { symbolon } from "../profiles/symbolon.ts";
import { clientCredentials } from "./client-credentials.ts";
import { exchangeCode } from "./exchange-code.ts";
import { refresh } from "./refresh.ts";

let provider: ScriptedProvider;
beforeAll(async () => void (provider = await startProvider()));
afterAll(async () => await provider.stop());

const tokens = {
  access_token: "AT",
  token_type: "Bearer",
  expires_in: 3600,
  refresh_token: "RT2",
  scope: "a b",
  id_token: "ID",
};
const app = (more: Partial<Application> = {}): Application => ({
  profile: generic,
  clientId: "cid",
  clientSecret: "sec",
  endpoints: { token: `${provider.url}/token` },
  ...more,
});
const sent = () => provider.received[0]!;

describe("RFC 6749 §2.3.1: client authentication, one method per request", () => {
  const odd = { clientId: "c:i d+ü", clientSecret: "s%:é&=" };
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  test.each<[ClientAuthentication, string | undefined, object]>([
    ["client_secret_basic", basic("c%3Ai+d%2B%C3%BC:s%25%3A%C3%A9%26%3D"), {}],
    ["basic_raw", basic("c:i d+ü:s%:é&="), {}],
    ["client_secret_post", undefined, { client_id: odd.clientId, client_secret: odd.clientSecret }],
    ["client_secret_json", undefined, { client_id: odd.clientId, client_secret: odd.clientSecret }],
    ["none", undefined, { client_id: odd.clientId }],
  ])("%s", async (authentication, authorization, members) => {
    provider.reply({ body: tokens });
    expect(await refresh(app({ ...odd, authentication }), { refreshToken: "RT" })).toMatchObject({ ok: true });
    const { headers, body, query } = sent();
    const isJson = authentication === "client_secret_json";
    expect(headers["content-type"]).toBe(isJson ? "application/json" : "application/x-www-form-urlencoded");
    expect(headers.authorization).toBe(authorization);
    expect(isJson ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: "refresh_token",
      refresh_token: "RT",
      ...members,
    });
    expect(query.size).toBe(0);
  });
  test("a client without a secret is public for every method of the profile", async () => {
    provider.reply({ body: tokens });
    await refresh(app({ clientSecret: undefined }), { refreshToken: "RT" });
    expect(sent().headers).not.toHaveProperty("authorization");
    expect(sent().form.get("client_id")).toBe("cid");
  });
  test("does not try another method after a failure, which could spend a token twice", async () => {
    provider.reply({ status: 401, body: { error: "invalid_client" } });
    expect(await failureOf(refresh(app(), { refreshToken: "RT" }))).toMatchObject({ code: "client_credentials_wrong" });
    expect(provider.received).toHaveLength(1);
  });
  test("credentials of the call replace those of the application and may be sealed", async () => {
    provider.reply({ body: tokens });
    await refresh(app({ authentication: "client_secret_post" }), {
      refreshToken: new Sealed("RT"),
      clientId: "other",
      clientSecret: new Sealed("word"),
    });
    expect(Object.fromEntries(sent().form)).toMatchObject({
      client_id: "other",
      client_secret: "word",
      refresh_token: "RT",
    });
  });
});

describe("RFC 6749 §6: refresh", () => {
  test("returns all members of the token response", async () => {
    provider.reply({ body: { ...tokens, extra: { a: 1 } } });
    const result = await refresh(app(), { refreshToken: "RT" });
    if (!result.ok) return expect.fail(result.error.message);
    const { accessToken, refreshToken, idToken, raw, ...rest } = result.value;
    expect([accessToken, refreshToken, idToken].map((one) => one?.reveal())).toEqual(["AT", "RT2", "ID"]);
    expect(rest).toEqual({
      tokenType: "Bearer",
      expiresIn: 3600,
      expiresAt: expect.any(Date),
      scope: "a b",
      scopes: ["a", "b"],
    });
    expect(JSON.parse(raw.reveal())).toMatchObject({ extra: { a: 1 } });
  });
  test("refreshToken is absent where the response has none", async () => {
    provider.reply({ body: { access_token: "AT", token_type: "bearer" } });
    expect(Object.keys(((await refresh(app(), { refreshToken: "RT" })) as { value: object }).value)).not.toContain(
      "refreshToken",
    );
  });
  test("sends a scope only where it is given, and an intent only where the profile supports it", async () => {
    provider.reply({ body: tokens });
    await refresh(app(), { refreshToken: "RT", scope: "a", intent: "x".repeat(22) });
    expect(Object.fromEntries(sent().form)).toEqual({ grant_type: "refresh_token", refresh_token: "RT", scope: "a" });
    provider.reply({ body: tokens });
    await refresh(
      { ...app(), profile: symbolon, endpoints: { token: `${provider.url}/t` } },
      { refreshToken: "RT", intent: "x".repeat(22) },
    );
    expect(sent().form.get("refresh_intent")).toBe("x".repeat(22));
  });
  test.each<[string, string | readonly string[] | undefined, string[]]>([
    ["one", "https://api.example/", ["https://api.example/"]],
    [
      "several",
      ["https://api.example/a b", "https://files.example/"],
      ["https://api.example/a b", "https://files.example/"],
    ],
    ["none", undefined, []],
    ["an empty list", [], []],
  ])("RFC 8707 §2: a resource only where one is given: %s", async (_, resource, values) => {
    provider.reply({ body: tokens });
    expect(await refresh(app(), { refreshToken: "RT", ...(resource && { resource }) })).toMatchObject({ ok: true });
    expect(sent().form.getAll("resource")).toEqual(values);
    expect([...sent().form.keys()].filter((name) => name !== "resource")).toEqual(["grant_type", "refresh_token"]);
  });
  test("RFC 8707 §2: sends several resources as a list in JSON", async () => {
    provider.reply({ body: tokens });
    const { profile, ...options } = app({ authentication: "client_secret_json" });
    await createClient(profile, options).refresh({
      refreshToken: "RT",
      resource: ["https://api.example/", "https://files.example/"],
    });
    expect(JSON.parse(sent().body)).toMatchObject({
      grant_type: "refresh_token",
      resource: ["https://api.example/", "https://files.example/"],
    });
    for (const resource of ["https://api.example/", []]) {
      provider.reply({ body: tokens });
      await createClient(profile, options).refresh({ refreshToken: "RT", resource });
      expect((JSON.parse(sent().body) as { resource?: string }).resource).toBe(
        resource.length > 0 ? resource : undefined,
      );
    }
  });
  test.each([
    ["resource", { refreshToken: "RT", resource: "" }],
    ["resource", { refreshToken: "RT", resource: ["https://api.example/", "a\0b"] }],
    ["resource", { refreshToken: "RT", resource: ["https://api.example/", 5] }],
    ["refreshToken", {}],
    ["refreshToken", { refreshToken: "a\0b" }],
    ["refreshToken", { refreshToken: "lone \uD800" }],
    ["refreshToken", { refreshToken: new Sealed("") }],
    ["scope", { refreshToken: "RT", scope: "" }],
    ["clientId", { refreshToken: "RT", clientId: "" }],
    ["clientSecret", { refreshToken: "RT", clientSecret: "" }],
  ])("names an invalid %s", async (field, ask) => {
    provider.reply({ body: tokens });
    expect(await failureOf(refresh(app(), ask as { refreshToken: string }))).toMatchObject({
      code: "invalid_request",
      field,
    });
    expect(provider.received).toHaveLength(0);
  });
  test.each([
    ["clientId", { clientId: undefined }],
    ["endpoints.token", { endpoints: {} }],
    ["endpoints.token", { endpoints: { token: "http://id.example/token" } }],
    ["endpoints.token", { endpoints: { token: "ftp://id.example/token" } }],
    ["endpoints.token", { endpoints: { token: "https://id.example\\@evil.example/" } }],
    ["endpoints.token", { endpoints: { token: wrongType<string>(5) } }],
  ])("names an invalid %s", async (field, more) => {
    expect(await failureOf(refresh(app(more), { refreshToken: "RT" }))).toMatchObject({
      code: "invalid_request",
      field,
    });
  });
  test.each(["127.0.0.1", "127.9.9.9", "[::1]", "localhost"])(
    "http to %s is allowed: it stays on this machine",
    async (host) => {
      const token = `${(await deadAddress()).replace("127.0.0.1", host)}/token`;
      expect(await failureOf(refresh(app({ endpoints: { token } }), { refreshToken: "RT" }))).toMatchObject({
        code: "connection",
        outcome: "not_processed",
      });
    },
  );
});

describe("RFC 6749 §4.1.3: exchanging a code", () => {
  test("sends code, redirect URI and verifier", async () => {
    provider.reply({ body: tokens });
    await exchangeCode(app(), { code: "c", redirectUri: "https://app.example/cb", codeVerifier: "v".repeat(43) });
    expect(Object.fromEntries(sent().form)).toEqual({
      grant_type: "authorization_code",
      code: "c",
      redirect_uri: "https://app.example/cb",
      code_verifier: "v".repeat(43),
    });
  });
  test("a refused code is code_refused, not refresh_token_dead", async () => {
    provider.reply({ status: 400, body: { error: "invalid_grant" } });
    expect(await failureOf(exchangeCode(app(), { code: "c" }))).toMatchObject({
      code: "code_refused",
      reason: { code: "invalid_grant" },
    });
  });
  test("names a missing code", async () =>
    expect(await failureOf(exchangeCode(app(), { code: "" }))).toMatchObject({
      code: "invalid_request",
      field: "code",
    }));
});

describe("RFC 6749 §4.4: client credentials", () => {
  test("sends scope, resource and lifetime", async () => {
    provider.reply({ body: tokens });
    await clientCredentials(app(), { scope: ["a", "b"], resource: "https://api.example/", expiresIn: 60 });
    expect(Object.fromEntries(sent().form)).toEqual({
      grant_type: "client_credentials",
      scope: "a b",
      resource: "https://api.example/",
      expires_in: "60",
    });
  });
  test.each([
    ["clientSecret", { clientSecret: "" }],
    ["expiresIn", { expiresIn: 1.5 }],
    ["expiresIn", { expiresIn: -1 }],
    ["expiresIn", { expiresIn: wrongType<number>("an hour") }],
    ["scope", { scope: ["a\n"] }],
  ])("names an invalid %s", async (field, ask) =>
    expect(await failureOf(clientCredentials(app(), ask))).toMatchObject({ code: "invalid_request", field }),
  );
  test("a public client cannot use client credentials", async () =>
    expect(await failureOf(clientCredentials(app({ clientSecret: undefined })))).toMatchObject({
      code: "invalid_request",
      field: "clientSecret",
    }));
});

describe("refresh-tokens B8: a profile's own error codes", () => {
  test("are mapped to ClientErrorCode", async () => {
    const profile = { ...generic, quirks: { refusals: { bad_refresh_token: "refresh_token_dead" } as const } };
    provider.reply({ body: { error: "bad_refresh_token" } });
    expect(await failureOf(refresh(app({ profile }), { refreshToken: "RT" }))).toMatchObject({
      code: "refresh_token_dead",
      status: 200,
      reason: { code: "bad_refresh_token" },
    });
    // A secret that is spelled like a part of the code changes no verdict.
    for (const refreshToken of ["bad", "token", "bad_refresh_token"]) {
      expect(await failureOf(refresh(app({ profile }), { refreshToken }))).toMatchObject({
        code: "refresh_token_dead",
        reason: { code: "bad_refresh_token" },
      });
    }
  });
});

describe("methods and functions", () => {
  test("methods throw the error that functions return", async () => {
    provider.reply({
      status: 400,
      headers: { date: "Wed, 25 Nov 2026 12:00:00 GMT" },
      body: { error: "invalid_grant" },
    });
    const { profile, ...options } = app();
    const client = createClient(profile, options);
    const thrown = await client.refresh({ refreshToken: "RT" }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown).toEqual(await failureOf(refresh(client.application, { refreshToken: "RT" })));
    expect(String(thrown)).toBe("ClientError: generic refresh: refresh token dead (400, invalid_grant)");
  });
});
