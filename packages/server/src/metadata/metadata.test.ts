import { beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, obtainCode, obtainTokens, post } from "../../test/flows.ts";
import { basic, issuer, makeWorld, secret, verifier, type World } from "../../test/world.ts";
import type { metadata } from "./metadata.ts";

type Metadata = ReturnType<typeof metadata>;
let world: World;
let described: Metadata;

const fetchOf = async (of: World, url: string, host = "localhost:8787", more: Record<string, string> = {}) => {
  const answer = await of.app.inject({ method: "GET", url, headers: { host, ...more } });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body, json: () => JSON.parse(answer.body) };
};

beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app_basic");
  await world.addApplication("app_post", { authMethod: "client_secret_post" });
  await world.addApplication("app_public", { type: "public", authMethod: "none", secrets: [] });
  await world.addAccount("ann@example.com");
  described = (await fetchOf(world, "/.well-known/oauth-authorization-server")).json();
});

describe("RFC 8414 §2, §3: the metadata of an issuer without a path", () => {
  test("the complete document", () => {
    const secretMethods = ["client_secret_basic", "client_secret_post"];
    expect(described).toEqual({
      issuer,
      authorization_endpoint: `${issuer}/oauth/authorize`,
      token_endpoint: `${issuer}/oauth/token`,
      introspection_endpoint: `${issuer}/oauth/introspect`,
      revocation_endpoint: `${issuer}/oauth/revoke`,
      scopes_supported: ["read", "write"],
      response_types_supported: ["code"],
      response_modes_supported: ["query"],
      grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
      token_endpoint_auth_methods_supported: [...secretMethods, "none"],
      introspection_endpoint_auth_methods_supported: secretMethods,
      revocation_endpoint_auth_methods_supported: [...secretMethods, "none"],
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
      ui_locales_supported: ["en", "de"],
    });
  });
  test("is JSON that caches may keep", async () => {
    const one = await fetchOf(world, "/.well-known/oauth-authorization-server");
    expect(one.headers).toMatchObject({
      "content-type": "application/json;charset=utf-8",
      "cache-control": "max-age=300",
    });
  });
  test("OpenID Connect Discovery §4: no document at openid-configuration, because there are no ID tokens", async () => {
    expect((await fetchOf(world, "/.well-known/openid-configuration")).status).toBe(404);
    expect((await fetchOf(world, "/.well-known/openid-configuration", undefined, { accept: "*/*" })).status).toBe(404);
  });
});

describe("RFC 8414 §3, §3.1: an issuer with a path", () => {
  const tenantIssuer = "https://id.example/tenant";
  test.each(["/.well-known/oauth-authorization-server/tenant", "/tenant/.well-known/oauth-authorization-server"])(
    "%s",
    async (path) => {
      const tenant = await makeWorld({ config: { issuer: tenantIssuer } });
      const answer = await fetchOf(tenant, path, "id.example");
      expect(answer.status).toBe(200);
      const document: Record<string, unknown> = answer.json();
      expect(document["issuer"]).toBe(tenantIssuer);
      for (const [name, value] of Object.entries(document))
        if (name.endsWith("_endpoint")) expect(value).toMatch(/^https:\/\/id\.example\/tenant\/oauth\//);
    },
  );
  test.each(["/.well-known/openid-configuration/tenant", "/tenant/.well-known/openid-configuration"])(
    "%s gets 404: this server is no OpenID provider",
    async (path) => {
      const tenant = await makeWorld({ config: { issuer: tenantIssuer } });
      expect((await fetchOf(tenant, path, "id.example")).status).toBe(404);
    },
  );
  test("every endpoint is below the path, and the root has none", async () => {
    const tenant = await makeWorld({ config: { issuer: tenantIssuer } });
    for (const path of ["/oauth/authorize", "/oauth/token_info", "/errors/invalid_grant", "/assets/plain.css"]) {
      expect((await fetchOf(tenant, path, "id.example")).status).toBe(404);
      expect((await fetchOf(tenant, `/tenant${path}`, "id.example")).status).not.toBe(404);
    }
    for (const path of ["/oauth/token", "/oauth/introspect", "/oauth/revoke", "/oauth/introspect/batch"]) {
      expect((await post(tenant, path, {}, { host: "id.example" })).status).toBe(404);
      expect((await post(tenant, `/tenant${path}`, {}, { host: "id.example" })).status).toBe(401);
    }
    expect((await fetchOf(tenant, "/.well-known/oauth-authorization-server", "id.example")).status).toBe(404);
  });
  test("forms and error pages are below the path, too", async () => {
    const tenant = await makeWorld({ config: { issuer: tenantIssuer, hosts: ["localhost:8787"] } });
    await tenant.addApplication("app_one");
    await tenant.addAccount("ann@example.com");
    const browser = browserOf(tenant);
    expect((await browser.get(`/tenant${authorizeUrl("app_one")}`)).status).toBe(200);
    const { error_uri } = (await post(tenant, "/tenant/oauth/token", {})).json();
    expect(error_uri).toMatch(/^https:\/\/id\.example\/tenant\/errors\//);
    expect((await fetchOf(tenant, new URL(error_uri).pathname, "id.example")).status).toBe(200);
  });
});

describe("RFC 8414 §2, WB-16, JW-11: the issuer comes from configuration", () => {
  test.each<[string, string, Record<string, string>]>([
    ["another allowed host", "127.0.0.1:8787", {}],
    [
      "X-Forwarded-Host and -Proto",
      "localhost:8787",
      {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "x-forwarded-port": "443",
        "x-forwarded-prefix": "/evil",
      },
    ],
    ["Forwarded", "localhost:8787", { forwarded: "host=evil.example;proto=https" }],
    ["underscore spellings", "localhost:8787", { x_forwarded_host: "evil.example", "x-host": "evil.example" }],
  ])("%s changes nothing", async (_, host, headers) => {
    expect((await fetchOf(world, "/.well-known/oauth-authorization-server", host, headers)).json()).toEqual(described);
  });
});

describe("OP-12: everything in the metadata works", () => {
  test("each scope can be granted on its own", async () => {
    for (const scope of described.scopes_supported) {
      const answer = await post(
        world,
        "/oauth/token",
        { grant_type: "client_credentials", scope },
        { authorization: basic("app_basic") },
      );
      expect(answer.json()).toMatchObject({ scope });
    }
  });
  test("each authentication method works at each endpoint that lists it", async () => {
    const own = await obtainTokens(world, "app_basic", "ann@example.com");
    const codeOfPublic = await obtainCode(world, "app_public", "ann@example.com");
    const ways: Record<string, { headers: Record<string, string>; form: Record<string, string> }> = {
      client_secret_basic: { headers: { authorization: basic("app_basic") }, form: {} },
      client_secret_post: { headers: {}, form: { client_id: "app_post", client_secret: secret } },
      none: { headers: {}, form: { client_id: "app_public" } },
    };
    const grantOf = (method: string): Record<string, string> =>
      method === "none"
        ? {
            grant_type: "authorization_code",
            code: codeOfPublic,
            code_verifier: verifier,
            redirect_uri: "https://app.example/cb",
          }
        : { grant_type: "client_credentials" };
    for (const method of described.token_endpoint_auth_methods_supported) {
      const { headers, form } = ways[method]!;
      expect((await post(world, "/oauth/token", { ...grantOf(method), ...form }, headers)).status).toBe(200);
    }
    for (const [path, methods] of [
      ["/oauth/introspect", described.introspection_endpoint_auth_methods_supported],
      ["/oauth/revoke", described.revocation_endpoint_auth_methods_supported],
    ] as const) {
      for (const method of methods)
        expect(
          (await post(world, path, { token: own.access_token, ...ways[method]!.form }, ways[method]!.headers)).status,
        ).toBe(200);
    }
  });
  test("introspection does not list `none`, and refuses it", async () => {
    expect(described.introspection_endpoint_auth_methods_supported).not.toContain("none");
    expect((await post(world, "/oauth/introspect", { token: "x", client_id: "app_public" })).status).toBe(401);
  });
  test("each endpoint answers at its URL", async () => {
    for (const [name, value] of Object.entries(described)) {
      if (!name.endsWith("_endpoint")) continue;
      const { pathname } = new URL(value as string);
      const method = name === "authorization_endpoint" ? "GET" : "POST";
      const answer = await world.app.inject({ method, url: pathname, headers: { host: "localhost:8787" } });
      expect([400, 401]).toContain(answer.statusCode);
    }
  });
});

describe("OP-12, AZ-15: nothing else works", () => {
  test.each([
    "/oauth/register",
    "/register",
    "/oauth/par",
    "/oauth/device_authorization",
    "/oauth/device",
    "/oauth/jwks",
    "/jwks",
    "/.well-known/jwks.json",
    "/oauth/userinfo",
    "/userinfo",
    "/oauth/logout",
    "/oauth/end_session",
    "/admin",
    "/metrics",
    "/oauth/tokens",
  ])("%s gets 404, by GET and POST, and is not in the metadata", async (path) => {
    for (const method of ["GET", "POST"] as const)
      expect((await world.app.inject({ method, url: path, headers: { host: "localhost:8787" } })).statusCode).toBe(404);
    expect(JSON.stringify(described)).not.toContain(`${path}"`);
  });
  test.each([
    "password",
    "implicit",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
  ])("the grant type %s is unsupported", async (grant_type) => {
    expect(described.grant_types_supported).not.toContain(grant_type);
    expect(
      (await post(world, "/oauth/token", { grant_type }, { authorization: basic("app_basic") })).json(),
    ).toMatchObject({ error: "unsupported_grant_type" });
  });
  test("client assertions do not authenticate", async () => {
    const assertion = {
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: "eyJhbGciOiJub25lIn0.e30.",
    };
    expect((await post(world, "/oauth/token", { grant_type: "client_credentials", ...assertion })).status).toBe(401);
    expect(
      (await post(world, "/oauth/token", { grant_type: "client_credentials", client_id: "app_basic", ...assertion }))
        .status,
    ).toBe(401);
  });
});
