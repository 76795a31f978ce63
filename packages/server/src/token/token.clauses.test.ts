import { beforeAll, describe, expect, test } from "vitest";
import { obtainTokens, post } from "../../test/flows.ts";
import { basic, makeWorld, secret, type World } from "../../test/world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addApplication("app_post", { authMethod: "client_secret_post" });
  await world.addApplication("app_public", { type: "public", authMethod: "none", secrets: [] });
  await world.addAccount("ann@example.com");
});

const asOne = { authorization: basic("app_one") };
const token = (form: Record<string, string> | string, headers: Record<string, string> = asOne) =>
  post(world, "/oauth/token", form, headers);
const credentials = { grant_type: "client_credentials" };
const grants: Record<string, string>[] = [
  credentials,
  { grant_type: "refresh_token", refresh_token: "x" },
  { grant_type: "authorization_code", code: "x", code_verifier: "x" },
];

describe("RFC 6749 §3.2: the token endpoint", () => {
  test.each(["GET", "HEAD", "PUT", "DELETE", "PATCH"] as const)("HT-08: %s is 405 and names POST", async (method) => {
    const answer = await world.app.inject({
      method,
      url: "/oauth/token",
      headers: { host: "localhost:8787", "x-http-method-override": "POST" },
    });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers["allow"]).toBe("POST, OPTIONS");
  });

  test.each([
    "application/json",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/x-www-form-urlencoded; charset=utf-16",
    "nonsense",
  ])("HT-03: a body of type %s is refused", async (type) => {
    const answer = await token("grant_type=client_credentials", { ...asOne, "content-type": type });
    expect([400, 415]).toContain(answer.status);
    expect(answer.json()).toMatchObject({ error: "invalid_request" });
  });

  test("AP-07: a parameter sent twice is invalid_request", async () =>
    expect(await token("grant_type=client_credentials&scope=read&scope=read")).toMatchObject({
      status: 400,
      body: expect.stringContaining('"invalid_request"'),
    }));

  test("an empty parameter is absent, an unknown one is ignored", async () =>
    expect((await token("grant_type=client_credentials&scope=&shoe_size=44")).json()).toMatchObject({
      scope: "read write",
    }));

  test("CA-03: parameters in the URL are refused", async () =>
    expect(await post(world, "/oauth/token?grant_type=client_credentials", "", asOne)).toMatchObject({
      status: 400,
      body: expect.stringContaining('"invalid_request"'),
    }));
});

describe("TK-16, RFC 9700 §2.4: unsupported grant types", () => {
  test.each([
    "password",
    "implicit",
    "PASSWORD",
    "urn:ietf:params:oauth:grant-type:device_code",
    "toString",
    "__proto__",
  ])("%s is unsupported_grant_type", async (grant_type) =>
    expect(await token({ grant_type, username: "ann@example.com", password: "correct horse battery" })).toMatchObject({
      status: 400,
      body: expect.stringContaining('"unsupported_grant_type"'),
    }),
  );
  test("no grant type is invalid_request", async () =>
    expect((await token({})).json()).toMatchObject({ error: "invalid_request" }));
});

describe("CA-05, RFC 6749 §3.2.1: every grant authenticates its client alike", () => {
  test.each(grants)("$grant_type without the secret is 401", async (form) => {
    expect(await token({ ...form, client_id: "app_one" }, {})).toMatchObject({
      status: 401,
      body: expect.stringContaining('"invalid_client"'),
    });
    expect(await token(form, {})).toMatchObject({ status: 401 });
    expect(await token(form, { authorization: basic("app_one", `${secret}x`) })).toMatchObject({ status: 401 });
    expect(await token(form, { authorization: basic("app_none") })).toMatchObject({ status: 401 });
  });
});

describe("OAuth 2.1 §2.4: a secret is accepted in the header or in the body", () => {
  test("CA-01: but not a different one in each", async () =>
    expect((await token({ ...credentials, client_id: "app_one", client_secret: "another" })).json()).toMatchObject({
      error: "invalid_request",
    }));
  test("in the header", async () => expect(await token(credentials)).toMatchObject({ status: 200 }));
  test("in the body", async () =>
    expect(await token({ ...credentials, client_id: "app_post", client_secret: secret }, {})).toMatchObject({
      status: 200,
    }));
});

describe("CA-04, RFC 9700 §2.5: an application uses the method that it is registered with", () => {
  test("the right secret by the other method is invalid_client", async () => {
    expect(await token({ ...credentials, client_id: "app_one", client_secret: secret }, {})).toMatchObject({
      status: 401,
    });
    expect(await token(credentials, { authorization: basic("app_post") })).toMatchObject({ status: 401 });
  });
});

describe("CA-04, RFC 8252 §8.4: a public client has no secret", () => {
  test.each([
    ["header", {}, { authorization: basic("app_public") }],
    ["body", { client_id: "app_public", client_secret: secret }, {}],
  ])("one in the %s is refused", async (_, form, headers) =>
    expect(
      await token({ grant_type: "refresh_token", refresh_token: "x", ...form }, headers as Record<string, string>),
    ).toMatchObject({ status: 401 }),
  );
});

describe("RFC 6749 §4.4: client credentials", () => {
  test("a public client is unauthorized_client", async () =>
    expect((await token({ ...credentials, client_id: "app_public" }, {})).json()).toMatchObject({
      error: "unauthorized_client",
    }));
  test("a scope that is not registered is invalid_scope", async () =>
    expect((await token({ ...credentials, scope: "read admin" })).json()).toMatchObject({ error: "invalid_scope" }));
  test("TK-17, RFC 6749 §4.4.3: there is no refresh token", async () =>
    expect((await token(credentials)).json()).not.toHaveProperty("refresh_token"));
  test("TK-17, OAuth 2.1 §7.4: the subject is the application, and no account has its id", async () => {
    const ours = (
      await post(world, "/oauth/introspect", { token: (await token(credentials)).json().access_token }, asOne)
    ).json();
    const theirs = (
      await post(
        world,
        "/oauth/introspect",
        { token: (await obtainTokens(world, "app_one", "ann@example.com")).access_token },
        asOne,
      )
    ).json();
    expect(ours.sub).toBe("app_one");
    expect(theirs.sub).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  });
});

describe("TK-19, RFC 6749 §5.1: the token answer", () => {
  test("is JSON that must not be stored, with type, lifetime and scope", async () => {
    const { status, headers, json } = await token({ ...credentials, scope: "read" });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "content-type": expect.stringMatching(/^application\/json/),
    });
    expect(headers).not.toHaveProperty("access-control-allow-credentials");
    expect(json()).toMatchObject({ token_type: "Bearer", expires_in: 600, scope: "read" });
  });
});

describe("CA-14, RFC 6749 §5.2: the refusal", () => {
  test("challenges failed credentials, in the header or in the body (RFC 9110 §15.5.2)", async () => {
    for (const { headers } of [
      await token(credentials, { authorization: basic("app_one", "wrong") }),
      await token({ ...credentials, client_id: "app_post", client_secret: "wrong" }, {}),
    ])
      expect(headers["www-authenticate"]).toMatch(/^Basic realm=/);
  });
  test("is the same for an unknown client and a wrong secret", async () => {
    const [unknown, wrong] = [
      await token(credentials, { authorization: basic("app_none") }),
      await token(credentials, { authorization: basic("app_one", "wrong") }),
    ];
    expect(unknown.body).toBe(wrong.body);
  });
  test("repeats no input", async () => {
    for (const form of [
      { grant_type: "<sent>" },
      { ...credentials, scope: "<sent>" },
      { ...credentials, resource: "<sent>" },
      { ...credentials, "<sent>": "1" },
    ])
      expect((await token(form)).body).not.toContain("sent>");
  });
  test("must not be stored", async () => expect((await token({})).headers["cache-control"]).toBe("no-store"));
});
