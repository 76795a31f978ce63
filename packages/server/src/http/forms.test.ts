import { beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, obtainTokens, post } from "../../test/flows.ts";
import { basic, makeWorld, secret, type World } from "../../test/world.ts";

let world: World;
let tokens: { access_token: string; refresh_token: string };
beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addAccount("ann@example.com");
  tokens = await obtainTokens(world, "app_one", "ann@example.com");
});

const formPaths = ["/oauth/token", "/oauth/introspect", "/oauth/introspect/batch", "/oauth/revoke"];
const pagePaths = ["/oauth/authorize", "/oauth/sign-in", "/oauth/sign-out", "/oauth/consent"];
const asClient = { authorization: basic("app_one") };
const isAlive = async () => expect((await world.app.inject({ method: "GET", url: "/health" })).statusCode).toBe(200);

describe.each([...formPaths, ...pagePaths])("HT-03, HT-06, RFC 6749 §3.2: %s accepts a UTF-8 form only", (path) => {
  test.each([
    "application/json",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded, application/json",
    "application/x-www-form-urlencodedx",
    "application/xml",
    "*/*",
    "garbage",
    ";",
    "application/x-www-form-urlencoded; charset=utf-8; charset=utf-16",
    "application/x-www-form-urlencoded charset=utf-8",
    'application/x-www-form-urlencoded; charset="utf-16"; boundary=x',
  ])("answers 415 to %s", async (contentType) => {
    const answer = await post(world, path, "grant_type=client_credentials&token=x", {
      ...asClient,
      "content-type": contentType,
    });
    expect(answer.status).toBe(415);
    expect(answer.body).toContain("content_type_unsupported");
  });
  test.each([
    "application/x-www-form-urlencoded",
    "APPLICATION/X-WWW-FORM-URLENCODED",
    "application/x-www-form-urlencoded;charset=UTF-8",
    'application/x-www-form-urlencoded; charset="utf-8"',
    "application/x-www-form-urlencoded;",
    "application/x-www-form-urlencoded ; charset=ISO-8859-1",
    "application/x-www-form-urlencoded; charset=us-ascii",
    'application/x-www-form-urlencoded; charset="windows-1252"',
    "application/x-www-form-urlencoded; boundary=x",
    'application/x-www-form-urlencoded; boundary="a; charset=utf-16"; charset=utf-8; ;',
  ])("accepts %s", async (contentType) => {
    expect((await post(world, path, "token=x&tokens=x", { ...asClient, "content-type": contentType })).status).not.toBe(
      415,
    );
  });
  test("answers 415 to a body without media type, and reads an empty body as an empty form", async () => {
    const send = (payload?: string) =>
      world.app.inject({
        method: "POST",
        url: path,
        headers: { host: "localhost:8787", ...asClient },
        ...(payload === undefined ? {} : { payload }),
      });
    expect((await send("token=x")).statusCode).toBe(415);
    expect([200, 400, 403]).toContain((await send()).statusCode); // 200: signing out needs no field
  });
});

describe("HT-06, CVE-2026-21717: JSON is refused without parsing", () => {
  test.each<[string, string]>([
    ["colliding integer keys", `{${Array.from({ length: 10_000 }, (_, at) => `"${at * 65_536}":1`).join(",")}}`],
    ["a million nested arrays", "[".repeat(1_000_000)],
    ["__proto__", '{"__proto__":{"polluted":true}}'],
  ])("%s", async (_, body) => {
    const { status } = await post(world, "/oauth/token", body, { ...asClient, "content-type": "application/json" });
    expect([413, 415]).toContain(status);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    await isAlive();
  });
});

describe.each(formPaths)("HT-04: %s does not repair forms", (path) => {
  test.each<[string, string]>([
    ["a lone percent sign", "token=%"],
    ["a script's escape", "token=%u0061"],
    ["a byte that is no UTF-8", "token=%FF"],
    ["a raw byte that is no UTF-8", "token=\xff"],
    ["a raw line break", "token=a\nb"],
  ])("answers 400 to %s", async (_, form) => {
    const answer = await post(world, path, form, asClient);
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: "invalid_request" });
    await isAlive();
  });
});

describe("HT-04, RFC 6749 §3.1, §3.2: unknown parameters of any spelling and number are ignored", () => {
  const unknown: [string, string][] = [
    ["brackets in a name", "utm[source]=x"],
    ["a repeated name with brackets", "ids[]=1&ids[]=2"],
    ["a repeated name", "utm_source=a&utm_source=b"],
    ["a prototype's name", "__proto__=1&__proto__[polluted]=1&constructor.prototype.polluted=1"],
    ["200 names", Array.from({ length: 200 }, (_, at) => `k${at}=${at}`).join("&")],
    ["a long name", `${"k".repeat(2000)}=1`],
    ["a name with a space", "user+name=x"],
    ["NUL in a name", "to%00ken=x"],
    ["a value without a name", "=x"],
  ];
  test.each(unknown)("by every endpoint of clients: %s", async (_, more) => {
    for (const path of formPaths) {
      const form = `grant_type=client_credentials&token=${tokens.access_token}&tokens=x`;
      const answer = await post(world, path, `${more}&${form}&${more}`, asClient);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
      tokens = await obtainTokens(world, "app_one", "ann@example.com", { prompt: "consent" });
    }
  });
  test.each(unknown)("by the authorization endpoint, in the query and in the body: %s", async (_, more) => {
    const [path, query] = authorizeUrl("app_one").split("?") as [string, string];
    const headers = { accept: "text/html" };
    const got = await browserOf(world).get(`${path}?${more}&${query}`, headers);
    expect([got.status, got.body]).toEqual([200, expect.stringContaining("<h1>Sign in</h1>")]);
    expect((await post(world, path, `${query}&${more}`, headers)).status).toBe(200);
  });
  test("a known parameter that is repeated is refused, and named", async () => {
    const answer = await post(world, "/oauth/token", "grant_type=client_credentials&scope=a&x=1&x=2&scope=b", asClient);
    expect(answer.json()).toMatchObject({
      error: "invalid_request",
      error_description: expect.stringMatching(/scope/),
    });
  });
});

describe("HT-02: bodies are limited in size", () => {
  test.each([
    ["/oauth/token", 32],
    ["/oauth/introspect", 8],
    ["/oauth/introspect/batch", 128],
    ["/oauth/revoke", 8],
    ["/oauth/authorize", 32],
    ["/oauth/sign-in", 32],
    ["/oauth/sign-out", 32],
    ["/oauth/consent", 32],
  ])("%s accepts %d KiB and answers 413 to one byte more", async (path, kibibytes) => {
    const ofSize = (bytes: number) => `a=${"x".repeat(bytes - 2)}`;
    expect((await post(world, path, ofSize(kibibytes * 1024), asClient)).status).not.toBe(413);
    const tooLarge = await post(world, path, ofSize(kibibytes * 1024 + 1), asClient);
    expect(tooLarge.status).toBe(413);
    expect(tooLarge.json()).toMatchObject({ error: "invalid_request" });
  });
});

describe("HT-07: long hostile strings are refused as fast as short ones", () => {
  const nasty = [
    "a".repeat(30_000),
    " ".repeat(30_000),
    "a ".repeat(15_000),
    "@".repeat(30_000),
    `${"a@".repeat(15_000)}`,
    "%00".repeat(10_000),
  ];
  test.each(nasty.map((text) => [text.slice(0, 6), text]))("%j…", async (_, text) => {
    for (const name of [
      "scope",
      "redirect_uri",
      "state",
      "prompt",
      "max_age",
      "code_challenge",
      "login_hint",
      "resource_hint",
      "resource",
      "client_id",
    ]) {
      const query = new URLSearchParams(authorizeUrl("app_one").split("?")[1]);
      query.set(name, text);
      const { status } = await browserOf(world).post("/oauth/authorize", Object.fromEntries(query));
      expect([200, 303, 400, 413]).toContain(status);
    }
    const agent = await browserOf(world).get(authorizeUrl("app_one"), {
      "user-agent": text.replaceAll("\0", ""),
      cookie: text,
    });
    expect(agent.status).toBe(200);
  });
});

describe("CA-03, RFC 6749 §2.3.1: secrets in a query string are refused and not logged", () => {
  test.each(formPaths)("%s", async (path) => {
    for (const query of [
      `client_id=app_one&client_secret=${secret}`,
      `token=${tokens.refresh_token}`,
      `refresh_token=${tokens.refresh_token}&grant_type=refresh_token`,
      "x",
      "x=y",
    ]) {
      world.events.length = 0;
      const answer = await post(
        world,
        `${path}?${query}`,
        { token: tokens.access_token, tokens: tokens.access_token, grant_type: "client_credentials" },
        asClient,
      );
      expect(answer.status).toBe(400);
      expect(answer.body).toContain("query_not_allowed");
      for (const hidden of [secret, tokens.refresh_token])
        expect(answer.body + JSON.stringify(world.events)).not.toContain(hidden);
    }
  });
  test("OP-01: no event holds a credential, from sign-in to revocation", async () => {
    const { access_token, refresh_token } = await obtainTokens(world, "app_one", "ann@example.com", {
      prompt: "consent",
      state: "the-state-value",
    });
    await post(
      world,
      "/oauth/token",
      { grant_type: "refresh_token", refresh_token },
      { authorization: basic("app_one", "guessed-secret") },
    );
    await browserOf(world).get(
      authorizeUrl("app_one", { scope: "typed-scope", redirect_uri: "https://typed.example" }),
    );
    const log = JSON.stringify(world.events);
    expect(world.events.length).toBeGreaterThan(3);
    for (const hidden of [
      access_token,
      refresh_token,
      secret,
      "guessed-secret",
      "the-state-value",
      "typed-scope",
      "typed.example",
      "correct horse",
    ])
      expect(log).not.toContain(hidden);
  });
});

describe("HT-08, IN-10, RFC 9110 §15.5.6: other methods get 405 with Allow", () => {
  const allowed: Record<string, string> = {
    ...Object.fromEntries(formPaths.map((path) => [path, "POST"])),
    "/oauth/token": "POST, OPTIONS",
    "/oauth/revoke": "POST, OPTIONS",
    "/oauth/token_info": "GET, HEAD, OPTIONS",
    "/oauth/authorize": "GET, HEAD, POST",
    "/oauth/consent": "GET, HEAD, POST",
    "/oauth/sign-in": "GET, HEAD, POST",
    "/oauth/sign-out": "GET, HEAD, POST",
    "/health": "GET, HEAD",
    "/ready": "GET, HEAD",
    "/.well-known/oauth-authorization-server": "GET, HEAD, OPTIONS",
  };
  test.each(Object.entries(allowed))("%s allows %s", async (path, allow) => {
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] as const) {
      if (allow.split(", ").includes(method)) continue;
      const answer = await world.app.inject({
        method: method as "GET",
        url: path,
        headers: { host: "localhost:8787" },
      });
      expect({ method, status: answer.statusCode, allow: answer.headers["allow"] }).toEqual({
        method,
        status: 405,
        allow,
      });
    }
  });
  test.each(["x-http-method-override", "x-method-override", "x-http-method"])(
    "%s does not change the method",
    async (header) => {
      const answer = await world.app.inject({
        method: "GET",
        url: "/oauth/token",
        headers: { host: "localhost:8787", [header]: "POST" },
      });
      expect(answer.statusCode).toBe(405);
    },
  );
  test("a _method parameter does not change the method", async () => {
    expect(
      (await world.app.inject({ method: "GET", url: "/oauth/token?_method=POST", headers: { host: "localhost:8787" } }))
        .statusCode,
    ).toBe(405);
  });
});
