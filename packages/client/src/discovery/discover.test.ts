import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wrongType } from "../../test/wrong-type.ts";
import { failureOf } from "../../test/failure.ts";
import { startProvider, type Reply, type ScriptedProvider } from "../../test/provider.ts";
import { discover } from "./discover.ts";

let provider: ScriptedProvider;
beforeAll(async () => void (provider = await startProvider()));
afterAll(async () => await provider.stop());

const metadata = (more: object = {}, issuer = provider.url) => ({
  issuer,
  authorization_endpoint: `${provider.url}/authorize`,
  token_endpoint: `${provider.url}/token`,
  introspection_endpoint: `${provider.url}/introspect`,
  revocation_endpoint: `${provider.url}/revoke`,
  device_authorization_endpoint: `${provider.url}/device`,
  scopes_supported: ["a", "b"],
  code_challenge_methods_supported: ["S256"],
  token_endpoint_auth_methods_supported: ["client_secret_post", "none"],
  authorization_response_iss_parameter_supported: true,
  ...more,
});

describe("RFC 8414 §3, OpenID Connect Discovery §4: reading metadata", () => {
  test("makes a profile of the metadata", async () => {
    provider.reply({ body: metadata() });
    expect(await discover(provider.url)).toMatchObject({
      ok: true,
      value: {
        name: provider.url,
        issuer: provider.url,
        endpoints: {
          authorization: `${provider.url}/authorize`,
          token: `${provider.url}/token`,
          introspection: `${provider.url}/introspect`,
          revocation: `${provider.url}/revoke`,
          deviceAuthorization: `${provider.url}/device`,
        },
        authentication: "client_secret_post",
        scopes: ["a", "b"],
        rotation: { kind: "strict" },
        quirks: { answersWithIssuer: true },
      },
    });
    expect(provider.received.map(({ path }) => path)).toEqual(["/.well-known/oauth-authorization-server"]);
  });
  test("tries three addresses for an issuer with a path", async () => {
    const issuer = `${provider.url}/tenant`;
    provider.reply({ status: 404 }, { status: 404 }, { body: metadata({}, issuer) });
    expect(await discover(issuer)).toMatchObject({ ok: true, value: { issuer } });
    expect(provider.received.map(({ path }) => path)).toEqual([
      "/.well-known/oauth-authorization-server/tenant",
      "/.well-known/openid-configuration/tenant",
      "/tenant/.well-known/openid-configuration",
    ]);
  });
  test("returns the first error where there is no document", async () => {
    provider.reply({ status: 404, body: { error: "nothing here" } });
    expect(await failureOf(discover(provider.url))).toMatchObject({
      code: "refused",
      status: 404,
      operation: "discover",
      reason: { code: "nothing here" },
    });
    expect(provider.received).toHaveLength(2);
  });
  test("returns an outage at once", async () => {
    provider.reply({ status: 503 });
    expect(await failureOf(discover(provider.url))).toMatchObject({ code: "server_error" });
    expect(provider.received).toHaveLength(1);
  });
  test.each([
    [undefined, "client_secret_basic"],
    [["client_secret_basic", "client_secret_post"], "client_secret_basic"],
    [["none"], "none"],
    [["private_key_jwt", "tls_client_auth"], "none"],
    [["private_key_jwt", "client_secret_post"], "client_secret_post"],
  ])("%j means %s", async (token_endpoint_auth_methods_supported, authentication) => {
    provider.reply({ body: metadata({ token_endpoint_auth_methods_supported }) });
    expect(await discover(provider.url)).toMatchObject({ value: { authentication } });
  });
  test.each([[["private_key_jwt"]], [["client_secret_jwt", "private_key_jwt"]]])(
    "refuses a provider that supports only %j, naming the methods",
    async (methods) => {
      provider.reply({ body: metadata({ token_endpoint_auth_methods_supported: methods }) });
      expect(await failureOf(discover(provider.url))).toMatchObject({
        code: "response_invalid",
        field: "token_endpoint_auth_methods_supported",
        message: expect.stringContaining(JSON.stringify(methods)),
      });
    },
  );
});

describe("RFC 8414 §3.2: an address without a document is skipped", () => {
  test.each<[string, Reply]>([
    ["400", { status: 400, body: { error: "invalid_request" } }],
    ["401", { status: 401 }],
    ["403", { status: 403, body: "<html>", headers: { "content-type": "text/html" } }],
    ["405", { status: 405 }],
    ["410", { status: 410 }],
    ["a redirect", { status: 302, headers: { location: "/login" } }],
    ["a page", { body: "<html>", headers: { "content-type": "text/html" } }],
    ["a page with the media type of JSON", { body: "<html>" }],
    ["a page of more than 1 MiB", { body: "<html>".repeat(200_000), headers: { "content-type": "text/html" } }],
    ["nothing", { status: 204 }],
  ])("%s", async (_, reply) => {
    provider.reply(reply, { body: metadata() });
    expect(await discover(provider.url)).toMatchObject({ ok: true, value: { issuer: provider.url } });
    expect(provider.received.map(({ path }) => path)).toEqual([
      "/.well-known/oauth-authorization-server",
      "/.well-known/openid-configuration",
    ]);
  });
  test.each<[string, Reply]>([
    ["server_error", { status: 500 }],
    ["rate_limited", { status: 429 }],
    ["response_invalid", { body: { issuer: "https://evil.example" } }],
    ["connection", (response) => void response.destroy()],
  ])("%s ends the search", async (code, reply) => {
    provider.reply(reply, { body: metadata() });
    expect(await failureOf(discover(provider.url))).toMatchObject({ code });
    expect(provider.received).toHaveLength(1);
  });
});

describe("MX-02, RFC 8414 §3.3: the issuer must be the same string", () => {
  test.each([
    ["another issuer", "https://evil.example"],
    ["with a trailing slash", "{}/"],
    ["in upper case", "HTTP://127.0.0.1"],
    ["missing", undefined],
    ["a list", ["{}"]],
  ])("%s is refused", async (_, issuer) => {
    const shown = JSON.parse(JSON.stringify({ issuer: issuer ?? null }).replace("{}", provider.url));
    provider.reply({ body: metadata(shown) });
    expect(await failureOf(discover(provider.url))).toMatchObject({ code: "response_invalid", field: "issuer" });
  });
  test("with a trailing slash in both", async () => {
    provider.reply({ body: metadata() });
    expect(await failureOf(discover(`${provider.url}/`))).toMatchObject({ code: "response_invalid", field: "issuer" });
  });
});

describe("MX-07: an endpoint must be https or on this machine", () => {
  const hostile = [
    "http://id.example/token",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "data:text/html,x",
    "https://a:b@id.example/",
    "https://id.example/#x",
    "https://id.example/`id`\n",
    "https://id.example/a b",
    "https://id.example/`id`",
    "https://id.example/$(id)",
    "https://id.example/|sh",
    'https://id.example/"&calc',
    "$(touch x)",
    "//id.example/x",
    "https:\\\\id.example",
    "http://127.0.0.1.evil.example/",
    "http://localhost.evil.example/",
    "",
  ];
  const members = [
    "authorization_endpoint",
    "token_endpoint",
    "introspection_endpoint",
    "revocation_endpoint",
    "device_authorization_endpoint",
  ];
  test.each(members.flatMap((member) => hostile.map((url) => [member, url])))(
    "refuses %s as %j",
    async (member, url) => {
      provider.reply({ body: metadata({ [member!]: url }) });
      expect(await failureOf(discover(provider.url))).toMatchObject({ code: "response_invalid", field: member });
    },
  );
  test.each([
    ["a number", 5],
    ["null", null],
    ["a list", ["https://id.example"]],
  ])("%s is refused", async (_, token_endpoint) => {
    provider.reply({ body: metadata({ token_endpoint }) });
    expect(await failureOf(discover(provider.url))).toMatchObject({ field: "token_endpoint" });
  });
  test.each([
    "http://id.example",
    "javascript:alert(1)",
    "https://id.example?x",
    "https://id.example#x",
    "id.example",
    "",
    wrongType<string>(7),
  ])("refuses the issuer %j without a request", async (issuer) => {
    provider.reply({ body: metadata() });
    expect(await failureOf(discover(issuer))).toMatchObject({ code: "invalid_request", field: "issuer" });
    expect(provider.received).toHaveLength(0);
  });
  test("refuses a provider that does not support S256", async () => {
    provider.reply({ body: metadata({ code_challenge_methods_supported: ["plain"] }) });
    expect(await failureOf(discover(provider.url))).toMatchObject({
      code: "response_invalid",
      field: "code_challenge_methods_supported",
    });
  });
});

describe("MX-06: metadata behind a redirect", () => {
  test("is not read", async () => {
    provider.reply({ status: 302, headers: { location: "/elsewhere" } });
    expect(await failureOf(discover(provider.url))).toMatchObject({ code: "redirect_refused" });
    expect(provider.received.map(({ path }) => path)).toEqual([
      "/.well-known/oauth-authorization-server",
      "/.well-known/openid-configuration",
    ]);
  });
});
