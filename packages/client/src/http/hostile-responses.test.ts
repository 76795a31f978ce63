import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { startProvider, type ScriptedProvider } from "../../test/provider.ts";
import { makeWorld } from "../../test/world.ts";
import { tokenInfo } from "../token-info/token-info.ts";
import { refresh } from "../token/refresh.ts";
import { provider, useProvider, app, tokens } from "../../test/send-fixture.ts";

useProvider();

describe("MX-06: redirects are never followed", () => {
  let elsewhere: ScriptedProvider;
  beforeAll(async () => void (elsewhere = await startProvider()));
  afterAll(async () => await elsewhere.stop());

  test.each([301, 302, 303, 307, 308])("%i from the token endpoint", async (status) => {
    elsewhere.reply({ body: tokens });
    provider.reply({ status, headers: { location: `${elsewhere.url}/token` } });
    expect(await failureOf(refresh(app(), { refreshToken: "RT" }))).toMatchObject({
      code: "redirect_refused",
      status,
      outcome: "unknown",
    });
    expect(elsewhere.received).toHaveLength(0);
  });
  test.each(["//evil.example/token", "/token2", "javascript:alert(1)"])("to %s, with a bearer", async (location) => {
    provider.reply({ status: 302, headers: { location } });
    expect(await failureOf(tokenInfo(app()))).toMatchObject({ code: "redirect_refused" });
    expect(provider.received).toHaveLength(1);
  });
});

describe("MX-08: malformed and hostile responses", () => {
  test("stops reading 50 MB of JSON after the first megabyte", async () => {
    let written = 0;
    let closed: Promise<unknown> = Promise.resolve();
    provider.reply((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const chunk = `"${"x".repeat(65_535)}`;
      closed = once(response, "close");
      const more = () => {
        while (written < 50e6 && !response.destroyed) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once("drain", more);
        }
        response.end();
      };
      more();
    });
    expect(await failureOf(refresh(app(), { refreshToken: "RT" }))).toMatchObject({
      code: "response_invalid",
      outcome: "unknown",
    });
    await closed;
    expect(written).toBeLessThan(25e6);
  });
  test("counts the size of a gzip bomb after decompression", async () => {
    const { gzipSync } = await import("node:zlib");
    const bomb = gzipSync(Buffer.alloc(100e6, 0x20));
    const before = process.memoryUsage().arrayBuffers;
    provider.reply(
      (response) =>
        void response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(bomb),
    );
    expect(await failureOf(refresh(app(), { refreshToken: "RT" }))).toMatchObject({ code: "response_invalid" });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50e6);
  });
  test.each<[string, object, object]>([
    ["an error with status 200", { body: { error: "invalid_grant" } }, { code: "refresh_token_dead", status: 200 }],
    [
      "an error of Fitbit's kind with status 200",
      { body: { errors: [{ errorType: "invalid_client" }] } },
      { code: "client_credentials_wrong" },
    ],
    ["a page", { body: "<html>", headers: { "content-type": "text/html" } }, { code: "response_invalid" }],
    ["a page with status 201", { status: 201, body: "<html>" }, { code: "response_invalid", status: 201 }],
    ["half of a body", { body: '{"access_token":"A' }, { code: "response_invalid" }],
    ["an empty body", { body: "" }, { code: "response_invalid" }],
    ["null", { body: "null" }, { code: "response_invalid" }],
    ["a list", { body: [tokens] }, { code: "response_invalid" }],
    ["an error with status 201", { status: 201, body: { error: "invalid_grant" } }, { code: "refresh_token_dead" }],
    ["204", { status: 204 }, { code: "response_invalid" }],
    ["no access token", { body: { token_type: "Bearer" } }, { code: "response_invalid", field: "access_token" }],
    [
      "an access token that is no text",
      { body: { ...tokens, access_token: { a: 1 } } },
      { code: "response_invalid", field: "access_token" },
    ],
    [
      "an access token that no header can hold",
      { body: { ...tokens, access_token: "a\nb" } },
      { code: "response_invalid", field: "access_token" },
    ],
    ["no token type", { body: { access_token: "AT" } }, { code: "response_invalid", field: "token_type" }],
    [
      "a scope that is an object",
      { body: { ...tokens, scope: { a: 1 } } },
      { code: "response_invalid", field: "scope" },
    ],
    ["a scope that is a number", { body: { ...tokens, scope: 5 } }, { code: "response_invalid", field: "scope" }],
    ["a scope that is false", { body: { ...tokens, scope: false } }, { code: "response_invalid", field: "scope" }],
    [
      "a list of scopes with a number in it",
      { body: { ...tokens, scope: ["a", 5] } },
      { code: "response_invalid", field: "scope" },
    ],
    [
      "a refresh token that is no text",
      { body: { ...tokens, refresh_token: 5 } },
      { code: "response_invalid", field: "refresh_token" },
    ],
    [
      "members called like prototypes",
      { body: '{"error":"__proto__"}', status: 400 },
      { code: "refused", reason: { code: "__proto__" } },
    ],
    [
      "a code called like a method",
      { body: '{"error":"constructor"}', status: 400 },
      { code: "refused", reason: { code: "constructor" } },
    ],
  ])("%s", async (_, reply, failure) => {
    provider.reply(reply);
    const error = await failureOf(refresh(app(), { refreshToken: "RT" }));
    expect(error).toMatchObject(failure);
    expect(error.rawBody).toBeDefined();
  });
  test.each([
    ["a numeric string", "3600", 3600],
    ["a fraction", 3599.9, 3599],
    ["zero", 0, 0],
  ])("%s is a lifetime", async (_, expires_in, expiresIn) => {
    provider.reply({ body: { ...tokens, expires_in } });
    const world = makeWorld();
    expect(await refresh(app({ world, timeoutMs: 0 }), { refreshToken: "RT" })).toMatchObject({
      ok: true,
      value: { expiresIn, expiresAt: new Date(world.epochMs() + expiresIn * 1000) },
    });
  });
  test.each([[200], [201], [202], [203], [206], [299]])("keeps tokens that come with status %i", async (status) => {
    provider.reply({ status, body: { ...tokens, refresh_token: "RT2" } });
    const result = await refresh(app(), { refreshToken: "RT" });
    expect(result.ok && result.value.refreshToken?.reveal()).toBe("RT2");
  });
  test.each([["text/html"], ["text/plain; charset=utf-8"], ["application/octet-stream"], [""]])(
    "keeps tokens that come as %j",
    async (type) => {
      provider.reply({ body: tokens, headers: { "content-type": type } });
      expect(await refresh(app(), { refreshToken: "RT" })).toMatchObject({ ok: true, value: { tokenType: "Bearer" } });
    },
  );
  test.each([[-1], [1e30], ["an hour"], [[60]], [{ seconds: 60 }], [true], ["-5"]])(
    "keeps tokens with the lifetime %j, which is then unknown",
    async (expires_in) => {
      provider.reply({ body: { ...tokens, expires_in, refresh_token: "RT2" } });
      const result = await refresh(app(), { refreshToken: "RT" });
      expect(result.ok && { ...result.value, refresh: result.value.refreshToken?.reveal() }).toMatchObject({
        refresh: "RT2",
      });
      expect(result.ok && "expiresIn" in result.value).toBe(false);
    },
  );
  test.each<[unknown, object]>([
    [["a", "b"], { scope: "a b", scopes: ["a", "b"] }],
    [["a b", "c"], { scope: "a b c", scopes: ["a", "b", "c"] }],
    [[], { scope: "", scopes: [] }],
  ])("reads the scope %j as a list", async (scope, members) => {
    provider.reply({ body: { ...tokens, scope } });
    expect(await refresh(app(), { refreshToken: "RT" })).toMatchObject({ ok: true, value: members });
  });
  test("ignores unknown members and nulls", async () => {
    provider.reply({ body: { ...tokens, scope: null, expires_in: null, refresh_token: "", id_token: 7, later: {} } });
    const result = await refresh(app(), { refreshToken: "RT" });
    expect(result).toMatchObject({ ok: true, value: { tokenType: "Bearer" } });
    if (result.ok) expect(Object.keys(result.value).toSorted()).toEqual(["accessToken", "raw", "tokenType"]);
  });
});
