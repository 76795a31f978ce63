import { createClient, discover, keeperProvider, Sealed, symbolon, unwrap, type Application } from "@symbolon/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDataDirectory } from "../harness/data-directory.ts";
import { addAccount, addApplication, addResourceServer } from "../harness/registration.ts";
import { ScriptedBrowser } from "../harness/scripted-browser.ts";
import { startServer, type ServerProcess } from "../harness/server.ts";
import { failureOf, transactionKey } from "./consent.ts";

const data = makeDataDirectory();
const redirectUri = "https://app.example/cb";
let server: ServerProcess;
let application: { id: string; secret: string };
let resourceServer: { id: string; secret: string };
let resourceServers: { api: { id: string; secret: string } };
const [api, files] = ["https://api.example/", "https://files.example/"];

beforeAll(async () => {
  server = await startServer(data);
  application = await addApplication(data);
  resourceServer = await addResourceServer(data);
  resourceServers = { api: await addResourceServer(data, api) };
  await addResourceServer(data, files);
  await addAccount(data, "ada@example.com", ["Company/0d0f6a52-1111-4c1a-9a3e-000000000001"]);
});
afterAll(async () => {
  await server.stop();
  data.remove();
});

const options = (of = application) => ({ clientId: of.id, clientSecret: of.secret, transactionKey, timeoutMs: 10_000 });
const clientOf = (more: Partial<Application> = {}) =>
  createClient(symbolon, { ...options(), baseUrl: server.issuer, ...more });
async function connect(client = clientOf()) {
  const { url, transaction } = await client.beginAuthorization({ redirectUri, scope: ["payroll:read"] });
  const back = await new ScriptedBrowser(server.send, [server.url]).allow(url, { email: "ada@example.com" });
  return {
    callback: back.href,
    transaction,
    tokens: await client.finishAuthorization({ callback: back, transaction }),
  };
}

describe("the client at a Symbolon server", () => {
  test("a user connects; token info, introspection, refresh and revocation work", async () => {
    const client = clientOf();
    const { tokens } = await connect(client);
    expect(tokens).toMatchObject({ tokenType: "Bearer", scopes: ["payroll:read"], expiresIn: expect.any(Number) });
    expect(await client.tokenInfo({ accessToken: tokens.accessToken })).toMatchObject({
      scopes: ["payroll:read"],
      resource: { type: "Company" },
      resourceOwner: { type: "Account" },
    });
    const guard = createClient(symbolon, { ...options(resourceServer), baseUrl: server.issuer });
    expect(await guard.introspect({ token: tokens.accessToken })).toMatchObject({
      active: true,
      username: "ada@example.com",
      clientId: application.id,
      issuer: server.issuer,
      expiresAt: expect.any(Date),
    });

    const second = await client.refresh({ refreshToken: tokens.refreshToken! });
    const again = await client.refresh({ refreshToken: tokens.refreshToken! });
    expect(again.refreshToken!.reveal()).toBe(second.refreshToken!.reveal());
    expect(await client.revoke({ token: second.refreshToken! })).toBe("revoked");
    expect(await guard.introspect({ token: second.accessToken })).toEqual({ active: false, raw: { active: false } });
    expect(await failureOf(client.refresh({ refreshToken: second.refreshToken! }))).toMatchObject({
      code: "refresh_token_dead",
      reason: { code: "invalid_grant" },
    });
    expect(await failureOf(client.tokenInfo({ accessToken: second.accessToken }))).toMatchObject({
      code: "access_token_expired",
    });
  });
  test("discover makes a working profile from the issuer", async () => {
    const profile = await unwrap(discover(server.issuer));
    expect(profile).toMatchObject({
      issuer: server.issuer,
      authentication: "client_secret_basic",
      quirks: { answersWithIssuer: true },
    });
    const { tokens } = await connect(createClient(profile, options()));
    expect(tokens.refreshToken).toBeDefined();
  });
  test("MX-01, MX-04: a callback works once, for its own transaction and issuer", async () => {
    const client = clientOf();
    const { callback, transaction } = await connect(client);
    expect(await failureOf(client.finishAuthorization({ callback, transaction }))).toMatchObject({
      code: "callback_refused",
      field: "transaction",
    });
    const begun = await client.beginAuthorization({ redirectUri });
    expect(await failureOf(client.finishAuthorization({ callback, transaction: begun.transaction }))).toMatchObject({
      code: "callback_refused",
      field: "state",
    });
    const foreign = callback.replace(encodeURIComponent(server.issuer), encodeURIComponent("https://evil.example"));
    expect(await failureOf(clientOf().finishAuthorization({ callback: foreign, transaction }))).toMatchObject({
      code: "callback_refused",
      field: "iss",
    });
  });
  test("a refused consent is access_denied", async () => {
    const client = clientOf();
    const { url, transaction } = await client.beginAuthorization({ redirectUri });
    const back = await new ScriptedBrowser(server.send, [server.url]).deny(url, { email: "ada@example.com" });
    expect(await failureOf(client.finishAuthorization({ callback: back, transaction }))).toMatchObject({
      code: "access_denied",
      reason: { code: "access_denied" },
    });
  });
  test("client credentials; a wrong secret; a scope that the client does not have", async () => {
    expect(await clientOf().clientCredentials({ scope: ["payroll:read"] })).toMatchObject({ scopes: ["payroll:read"] });
    expect(await failureOf(clientOf({ clientSecret: "sym_cs_wrong" }).clientCredentials())).toMatchObject({
      code: "client_credentials_wrong",
      status: 401,
    });
    expect(await failureOf(clientOf().clientCredentials({ scope: ["unknown:scope"] }))).toMatchObject({
      code: "refused",
      reason: { code: "invalid_scope", uri: expect.stringContaining(server.issuer) },
    });
  });
  test("a lifetime or resource that the server does not allow is refused with a reason", async () => {
    expect(await failureOf(clientOf().clientCredentials({ expiresIn: 7 }))).toMatchObject({
      code: "refused",
      reason: { code: "invalid_request", description: expect.any(String) },
    });
    expect(await failureOf(clientOf().clientCredentials({ resource: "https://unknown.example/" }))).toMatchObject({
      code: "refused",
      reason: { code: "invalid_target" },
    });
  });
  test("RFC 8707 §2: a refresh may name one or several resources of the grant; another one is refused and spends nothing", async () => {
    const client = clientOf();
    const { tokens } = await connect(client);
    const refreshed = (resource?: string | readonly string[], from = tokens) =>
      client.refresh({ refreshToken: from.refreshToken!, ...(resource && { resource }) });
    expect(await failureOf(refreshed("https://unknown.example/"))).toMatchObject({
      code: "refused",
      reason: { code: "invalid_target" },
    });
    expect(await failureOf(refreshed([api, "https://unknown.example/"]))).toMatchObject({
      code: "refused",
      reason: { code: "invalid_target" },
    });
    const audienceOf = async (accessToken: Sealed) =>
      (
        await createClient(symbolon, { ...options(resourceServers.api), baseUrl: server.issuer }).introspect({
          token: accessToken,
        })
      ).raw["aud"];
    const one = await refreshed(api);
    expect(await audienceOf(one.accessToken)).toEqual(api);
    const both = await refreshed([api, files], one);
    expect(await audienceOf(both.accessToken)).toEqual([api, files]);
    const other = await refreshed(files, both);
    expect(await audienceOf(other.accessToken)).toBeUndefined();
  });
  test("keeperProvider returns tokens and clock offset, sends the intent, and revokes", async () => {
    const { tokens } = await connect();
    const provider = keeperProvider(clientOf().application);
    expect(provider).toMatchObject({ issuer: server.issuer, rotation: { kind: "lazy" }, readsIntent: true });
    const ask = { refreshToken: tokens.refreshToken!, intent: "i".repeat(22), signal: new AbortController().signal };
    const outcome = await provider.refresh(ask);
    expect(outcome).toMatchObject({
      kind: "tokens",
      tokens: { scope: ["payroll:read"], lifetimeSeconds: expect.any(Number), clockOffsetMs: expect.any(Number) },
    });
    expect(await provider.refresh({ ...ask, refreshToken: new Sealed("sym_rt_wrong") })).toMatchObject({
      kind: "refused",
      about: "grant",
      code: "invalid_grant",
    });
    expect(await provider.revoke?.({ token: tokens.refreshToken!, signal: ask.signal })).toBe("revoked");
    expect(await provider.refresh(ask)).toMatchObject({ kind: "refused", about: "grant" });
  });
});
