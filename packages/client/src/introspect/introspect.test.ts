import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { startProvider, type ScriptedProvider } from "../../test/provider.ts";
import type { Application } from "../application.ts";
import { generic } from "../profiles/generic.ts";
import { googleHealth } from "../profiles/google-health.ts";
import { revoke } from "../revoke/revoke.ts";
import { tokenInfo } from "../token-info/token-info.ts";
import { introspect } from "./introspect.ts";

let provider: ScriptedProvider;
beforeAll(async () => void (provider = await startProvider()));
afterAll(async () => await provider.stop());

const app = (more: Partial<Application> = {}): Application => ({
  profile: generic,
  clientId: "cid",
  clientSecret: "sec",
  endpoints: {
    introspection: `${provider.url}/introspect`,
    revocation: `${provider.url}/revoke`,
    tokenInfo: `${provider.url}/info`,
  },
  ...more,
});

describe("RFC 7662: introspection", () => {
  const body = {
    active: true,
    scope: "a b",
    client_id: "cid",
    username: "ada",
    token_type: "Bearer",
    exp: 1_795_318_000,
    iat: 1_795_310_800,
    nbf: 1_795_310_800,
    sub: "u1",
    aud: "https://api.example/",
    iss: "https://id.example",
    jti: "j",
    extra: 1,
  };
  test("returns all members, times as Date", async () => {
    provider.reply({ body });
    expect(await introspect(app(), { token: "AT", tokenTypeHint: "access_token" })).toEqual({
      ok: true,
      value: {
        active: true,
        scope: "a b",
        scopes: ["a", "b"],
        clientId: "cid",
        username: "ada",
        tokenType: "Bearer",
        subject: "u1",
        issuer: "https://id.example",
        jti: "j",
        audience: ["https://api.example/"],
        expiresAt: new Date(1_795_318_000_000),
        issuedAt: new Date(1_795_310_800_000),
        notBefore: new Date(1_795_310_800_000),
        raw: body,
      },
    });
    expect(provider.received[0]).toMatchObject({
      method: "POST",
      path: "/introspect",
      body: "token=AT&token_type_hint=access_token",
      headers: { authorization: `Basic ${btoa("cid:sec")}` },
    });
  });
  test("an inactive token is not an error", async () => {
    provider.reply({ body: { active: false } });
    expect(await introspect(app(), { token: "AT" })).toEqual({
      ok: true,
      value: { active: false, raw: { active: false } },
    });
  });
  test("reads several audiences and ignores members of a wrong type", async () => {
    provider.reply({ body: { active: true, aud: ["a", "b"], exp: "soon", scope: ["a"], sub: 5 } });
    expect(await introspect(app(), { token: "AT" })).toMatchObject({
      value: { audience: ["a", "b"], raw: { exp: "soon" } },
    });
  });
  test.each([
    ["missing", {}],
    ["a string", { active: "true" }],
    ["a number", { active: 1 }],
    ["null", { active: null }],
  ])("active %s is no yes", async (_, said) => {
    provider.reply({ body: said });
    expect(await failureOf(introspect(app(), { token: "AT" }))).toMatchObject({
      code: "response_invalid",
      field: "active",
    });
  });
  test("asks as a bearer; 401 without an error code is access_token_expired, but refused for a client", async () => {
    provider.reply({ body: { active: false } }, { status: 401 });
    await introspect(app(), { token: "AT", accessToken: "mine" });
    expect(provider.received[0]).toMatchObject({ body: "token=AT", headers: { authorization: "Bearer mine" } });
    expect(await failureOf(introspect(app(), { token: "AT", accessToken: "mine" }))).toMatchObject({
      code: "access_token_expired",
    });
    expect(await failureOf(introspect(app(), { token: "AT" }))).toMatchObject({ code: "refused", status: 401 });
  });
  test("names a missing token", async () =>
    expect(await failureOf(introspect(app(), { token: "" }))).toMatchObject({
      code: "invalid_request",
      field: "token",
    }));
  test("is repeated by a client's retries, because it spends nothing", async () => {
    provider.reply({ status: 503 }, { body: { active: false } });
    expect(
      await introspect(app({ retries: { strategy: "backoff", backoff: { maxInterval: 1 } } }), { token: "AT" }),
    ).toMatchObject({ ok: true });
  });
});

describe("RFC 7009: revocation", () => {
  test.each<[string, object]>([
    ["an empty 200", {}],
    ["an empty 200 with the media type of JSON", { headers: { "content-type": "application/json" } }],
    ["204", { status: 204 }],
    ["an empty object", { body: {} }],
  ])("%s is success", async (_, reply) => {
    provider.reply(reply);
    expect(await revoke(app(), { token: "RT", tokenTypeHint: "refresh_token" })).toEqual({
      ok: true,
      value: "revoked",
    });
    expect(provider.received[0]).toMatchObject({ path: "/revoke", body: "token=RT&token_type_hint=refresh_token" });
  });
  test.each<[string, object, object]>([
    [
      "503: the token is still valid",
      { status: 503, headers: { "retry-after": "3" } },
      { code: "server_error", outcome: "unknown", retryAfterMs: 3000 },
    ],
    [
      "a page with status 200",
      { body: "<html>", headers: { "content-type": "text/html" } },
      { code: "response_invalid" },
    ],
    [
      "an error with status 200",
      { body: { error: "unsupported_token_type" } },
      { code: "refused", reason: { code: "unsupported_token_type" } },
    ],
    ["a wrong client", { status: 401, body: { error: "invalid_client" } }, { code: "client_credentials_wrong" }],
    ["a redirect", { status: 302, headers: { location: "/" } }, { code: "redirect_refused" }],
  ])("%s is none", async (_, reply, failure) => {
    provider.reply(reply);
    expect(await failureOf(revoke(app(), { token: "RT" }))).toMatchObject(failure);
  });
});

describe("token info", () => {
  test("sends the token to Google in a form, not in the URL", async () => {
    provider.reply({
      body: { scope: "https://www.googleapis.com/auth/googlehealth.sleep.readonly", aud: "cid", expires_in: "3599" },
    });
    expect(await tokenInfo({ ...app(), profile: googleHealth }, { accessToken: "AT" })).toMatchObject({
      ok: true,
      value: { expiresIn: 3599, scopes: ["https://www.googleapis.com/auth/googlehealth.sleep.readonly"] },
    });
    expect(provider.received[0]).toMatchObject({ method: "POST", body: "access_token=AT" });
    expect(provider.received[0]!.query.size).toBe(0);
  });
});
