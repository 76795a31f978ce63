import { describe, expect, test } from "vitest";
import { post } from "../../test/flows.ts";
import { basic, issuer, makeWorld, type World } from "../../test/world.ts";

const read = async (world: World, url: string, headers: Record<string, string> = {}) =>
  await world.app.inject({ method: "GET", url, headers: { host: "localhost:8787", ...headers } });
const wellKnown = "/.well-known/oauth-authorization-server";

describe("RFC 8414 §3: the path of the metadata", () => {
  test("for an issuer without a path", async () => {
    const answer = await read(await makeWorld(), wellKnown);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["content-type"]).toMatch(/^application\/json/);
    expect(answer.json()).toMatchObject({ issuer, token_endpoint: `${issuer}/oauth/token` });
  });
  test("for an issuer with a path it is inserted after the host, and the root has none", async () => {
    const world = await makeWorld({ config: { issuer: `${issuer}/tenant` } });
    expect((await read(world, `${wellKnown}/tenant`)).json()).toMatchObject({
      issuer: `${issuer}/tenant`,
      token_endpoint: `${issuer}/tenant/oauth/token`,
    });
    expect((await read(world, wellKnown)).statusCode).toBe(404);
    expect((await read(world, `${wellKnown}/other`)).statusCode).toBe(404);
  });
});

describe("RFC 8414 §2: the members of the metadata", () => {
  test("JW-11, RFC 9700 §4.13: the issuer comes from the configuration, not from headers", async () => {
    const world = await makeWorld({ config: { hosts: ["other.example"] } });
    const headers = {
      host: "other.example",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      forwarded: "host=evil.example;proto=https",
    };
    expect((await read(world, wellKnown, headers)).json()).toMatchObject({
      issuer,
      authorization_endpoint: `${issuer}/oauth/authorize`,
    });
  });
  test("HT-09, RFC 9700 §4.13: an unknown host gets 421", async () =>
    expect((await read(await makeWorld(), wellKnown, { host: "evil.example" })).statusCode).toBe(421));

  test("OP-12: exactly these members", async () =>
    expect((await read(await makeWorld(), wellKnown)).json()).toEqual({
      issuer,
      authorization_endpoint: `${issuer}/oauth/authorize`,
      token_endpoint: `${issuer}/oauth/token`,
      introspection_endpoint: `${issuer}/oauth/introspect`,
      revocation_endpoint: `${issuer}/oauth/revoke`,
      scopes_supported: ["read", "write"],
      response_types_supported: ["code"],
      response_modes_supported: ["query"],
      grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
      introspection_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
      revocation_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
      ui_locales_supported: ["en", "de"],
    }));

  test("OP-12: every endpoint that it names exists, and no other", async () => {
    const world = await makeWorld();
    const document: Record<string, unknown> = (await read(world, wellKnown)).json();
    const endpoints = Object.entries(document).filter(([name]) => name.endsWith("_endpoint"));
    expect(endpoints).toHaveLength(4);
    for (const [name, url] of endpoints)
      expect((await read(world, String(url).slice(issuer.length))).statusCode, name).not.toBe(404);
    for (const path of [
      "/oauth/register",
      "/oauth/par",
      "/oauth/device_authorization",
      "/oauth/device",
      "/oauth/userinfo",
      "/oauth/jwks",
      "/.well-known/jwks.json",
      "/register",
    ])
      expect((await read(world, path)).statusCode, path).toBe(404);
  });
  test("OP-12: every grant type that it names is supported, and no other", async () => {
    const world = await makeWorld();
    await world.addApplication("app_one");
    const { grant_types_supported } = (await read(world, wellKnown)).json();
    for (const grant_type of grant_types_supported)
      expect(
        (await post(world, "/oauth/token", { grant_type }, { authorization: basic("app_one") })).body,
      ).not.toContain("unsupported_grant_type");
    expect(
      (
        await post(
          world,
          "/oauth/token",
          { grant_type: "urn:ietf:params:oauth:grant-type:token-exchange" },
          { authorization: basic("app_one") },
        )
      ).body,
    ).toContain("unsupported_grant_type");
  });
});

describe("RFC 9207 §3: support for iss", () => {
  test("is in the metadata", async () =>
    expect((await read(await makeWorld(), wellKnown)).json()).toMatchObject({
      authorization_response_iss_parameter_supported: true,
      ui_locales_supported: ["en", "de"],
    }));
});
