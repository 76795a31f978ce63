import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { startProvider, type ScriptedProvider } from "../../test/provider.ts";
import { discover } from "./discover.ts";
import { isInternalHost } from "./internal-hosts.ts";

let provider: ScriptedProvider;
beforeAll(async () => void (provider = await startProvider()));
afterAll(async () => await provider.stop());

/** Answers every request with this metadata. */
const answering = (metadata: object) => async () => Response.json(metadata);
const issuer = "https://id.example.com";
const found = (metadata: object, more: object = {}) =>
  discover(issuer, {
    fetch: answering({ issuer, token_endpoint: `${issuer}/token`, ...metadata }),
    ...more,
  });

describe("MX-07: metadata cannot lead the client into an internal network", () => {
  test.each([
    "https://127.0.0.1/token",
    "https://127.1/token",
    "https://2130706433/token",
    "https://0x7f.0.0.1/token",
    "https://0177.0.0.1/token",
    "http://localhost/token",
    "https://LOCALHOST./token",
    "https://id.localhost/token",
    "https://printer.local/token",
    "https://vault.internal/token",
    "https://metadata.google.internal/token",
    "https://nas.home.arpa/token",
    "https://intranet/token",
    "https://0.0.0.0/token",
    "https://10.1.2.3/token",
    "https://100.64.0.1/token",
    "https://169.254.169.254/latest/meta-data",
    "https://172.16.0.1/token",
    "https://172.31.255.255/token",
    "https://192.0.0.1/token",
    "https://192.0.2.1/token",
    "https://192.88.99.1/token",
    "https://192.168.0.1/token",
    "https://198.18.0.1/token",
    "https://198.51.100.1/token",
    "https://203.0.113.1/token",
    "https://224.0.0.1/token",
    "https://240.0.0.1/token",
    "https://255.255.255.255/token",
    "https://[::1]/token",
    "https://[::]/token",
    "https://[::ffff:10.0.0.1]/token",
    "https://[::ffff:8.8.8.8]/token",
    "https://[::7f00:1]/token",
    "https://[64:ff9b::a00:1]/token",
    "https://[64:ff9b:1::1]/token",
    "https://[100::1]/token",
    "https://[2001::1]/token",
    "https://[2001:db8::1]/token",
    "https://[2002:a00:1::]/token",
    "https://[3fff::1]/token",
    "https://[5f00::1]/token",
    "https://[fc00::1]/token",
    "https://[fd12:3456::1]/token",
    "https://[fe80::1]/token",
    "https://[fec0::1]/token",
    "https://[ff02::1]/token",
  ])("refuses the token endpoint %s of a public issuer", async (token_endpoint) => {
    expect(await failureOf(found({ token_endpoint }))).toMatchObject({
      code: "response_invalid",
      field: "token_endpoint",
      message: expect.stringContaining("internalHosts"),
    });
  });
  test.each([
    "authorization_endpoint",
    "introspection_endpoint",
    "revocation_endpoint",
    "device_authorization_endpoint",
    "token_info_endpoint",
  ])("refuses an internal %s", async (member) => {
    expect(await failureOf(found({ [member]: "https://10.0.0.1/x" }))).toMatchObject({ field: member });
  });
  test.each([
    "https://login.example.net/token",
    "https://8.8.8.8/token",
    "https://172.32.0.1/token",
    "https://100.128.0.1/token",
    "https://169.253.0.1/token",
    "https://192.169.0.1/token",
    "https://[2606:4700::1111]/token",
    "https://[2001:4860::8888]/token",
    "https://local.example/token",
    "https://10.example/token",
    "https://xn--bcher-kva.example/token",
  ])("accepts the public %s", async (token_endpoint) => {
    expect(await found({ token_endpoint })).toMatchObject({
      ok: true,
      value: { endpoints: { token: token_endpoint } },
    });
  });

  test("an issuer on this machine may name another port and name of this machine", async () => {
    const port = new URL(provider.url).port;
    provider.reply({ body: { issuer: provider.url, token_endpoint: `http://localhost:1${port.slice(1)}/token` } });
    expect(await discover(provider.url)).toMatchObject({ ok: true });
  });
  test.each(["https://10.0.0.1/token", "https://169.254.169.254/token", "https://db.internal/token"])(
    "an issuer on this machine may not name %s",
    async (token_endpoint) => {
      provider.reply({ body: { issuer: provider.url, token_endpoint } });
      expect(await failureOf(discover(provider.url))).toMatchObject({ field: "token_endpoint" });
    },
  );
  test("an issuer in an internal network may name its own host, and no other", async () => {
    const internal = "https://10.0.0.5";
    const at = (token_endpoint: string) =>
      discover(internal, { fetch: answering({ issuer: internal, token_endpoint }) });
    expect(await at("https://10.0.0.5:8443/token")).toMatchObject({ ok: true });
    expect(await failureOf(at("https://10.0.0.6/token"))).toMatchObject({ field: "token_endpoint" });
    expect(await failureOf(at("https://127.0.0.1/token"))).toMatchObject({ field: "token_endpoint" });
  });
  test("internalHosts names the internal hosts that a person allows", async () => {
    const token_endpoint = "https://[fd00:0::7]/token";
    expect(await found({ token_endpoint }, { internalHosts: ["fd00::7"] })).toMatchObject({ ok: true });
    expect(await found({ token_endpoint }, { internalHosts: ["[FD00::7]"] })).toMatchObject({ ok: true });
    expect(
      await found({ token_endpoint: "https://sso.corp.internal/" }, { internalHosts: ["SSO.corp.internal"] }),
    ).toMatchObject({ ok: true });
    expect(await failureOf(found({ token_endpoint }, { internalHosts: ["10.0.0.1"] }))).toMatchObject({
      field: "token_endpoint",
    });
  });
  test.each([["10.0.0.1"], [true], [[5]], [[""]]])("internalHosts cannot be %j", async (internalHosts) => {
    expect(await failureOf(found({}, { internalHosts }))).toMatchObject({
      code: "invalid_request",
      field: "internalHosts",
    });
  });
  test("a public host is not internal", () => {
    expect(["id.example.com", "8.8.8.8", "[2606:4700::1111]"].filter(isInternalHost)).toEqual([]);
  });
});

describe("MX-02: the error about another issuer", () => {
  test("names both, so that a slash too much is seen", async () => {
    const error = await failureOf(
      discover(issuer, { fetch: answering({ issuer: `${issuer}/`, token_endpoint: `${issuer}/t` }) }),
    );
    expect(error).toMatchObject({ code: "response_invalid", field: "issuer" });
    expect(error.message).toContain(`"${issuer}/"`);
    expect(error.message).toContain(`"${issuer}"`);
  });
  test("says that there is none", async () => {
    const error = await failureOf(discover(issuer, { fetch: answering({ token_endpoint: `${issuer}/t` }) }));
    expect(error.message).toContain(`no issuer, but "${issuer}" was requested`);
  });
});
