import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { generic, newTransactionKey, symbolon } from "@symbolon/client";
import { emulator, type Emulator, type ProfileName } from "@symbolon/emulator";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { makeDataDirectory } from "../../proof/harness/data-directory.ts";
import { addAccount, addApplication, addResourceServer } from "../../proof/harness/registration.ts";
import { ScriptedBrowser } from "../../proof/harness/scripted-browser.ts";
import { startServer, type ServerProcess } from "../../proof/harness/server.ts";
import { signInOnDevice } from "./device.ts";
import * as fitbit from "./fitbit.ts";
import { clientFromEndpoints, clientFromMetadata } from "./generic.ts";
import { getCompany } from "./get-info.ts";
import * as google from "./google-health.ts";
import * as gusto from "./gusto.ts";
import { showInBrowser, signIn } from "./native-app.ts";
import { optionsFrom, type Store } from "./options.ts";
import * as results from "./results.ts";
import { isAllowed, getClientToken, symbolonClient } from "./symbolon.ts";

async function emulate(profile: ProfileName) {
  const emulated = await emulator({ profile });
  onTestFinished(async () => await emulated.close());
  const [application] = emulated.applications;
  const options = optionsFrom({
    BASE_URL: emulated.url,
    CLIENT_ID: application!.clientId,
    CLIENT_SECRET: application!.clientSecret!,
    TRANSACTION_KEY: newTransactionKey(),
  });
  const kept: Record<string, unknown>[] = [];
  const store: Store = async (tokens) => void kept.push({ ...tokens });
  return { emulated, options, kept, store };
}
async function allowed({ control }: Emulator, url: string): Promise<string> {
  control.answerConsent("allow");
  return (await fetch(url, { redirect: "manual" })).headers.get("location")!;
}

describe("the examples of docs/client.md", () => {
  test("gusto: connects, gets token info, refreshes, and reports a revoked grant", async () => {
    const { emulated, options, kept, store } = await emulate("gusto");
    const client = gusto.gustoClient(options);
    const { url, transaction } = await gusto.connect(client);
    const company = await gusto.finishConnecting(client, await allowed(emulated, url), transaction, store);
    expect(company).toMatch(/^[0-9a-f-]{36}$/);
    expect(await getCompany(String(kept[0]!["access_token"]), emulated.url)).toEqual({
      company,
      scopes: ["companies:read", "payrolls:read"],
    });
    expect(String(await gusto.refreshTokens(client, String(kept[0]!["refresh_token"]), store))).toBe("[sealed]");
    const pair = {
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      created_at: expect.stringMatching(/Z$/),
    };
    expect(kept).toMatchObject([pair, pair]);
    emulated.control.revoke();
    expect(await gusto.refreshTokens(client, String(kept[1]!["refresh_token"]), store)).toBe(
      "ask the company to connect again",
    );
  });
  test("gusto: an outage after the consent loses no grant, because the tokens are stored first", async () => {
    const { emulated, options, kept, store } = await emulate("gusto");
    const client = gusto.gustoClient(options);
    const { url, transaction } = await gusto.connect(client);
    emulated.control.fault({ what: "status", status: 503, operation: "token_info", times: 1 });
    await expect(
      gusto.finishConnecting(client, await allowed(emulated, url), transaction, store),
    ).rejects.toMatchObject({
      code: "server_error",
    });
    expect(await getCompany(String(kept[0]!["access_token"]), emulated.url)).toMatchObject({
      company: expect.any(String),
    });
  });
  test("fitbit: connects, introspects, and refreshes over a lost response", async () => {
    const { emulated, options, kept, store } = await emulate("fitbit");
    const client = fitbit.fitbitClient(options);
    const { url, transaction } = await fitbit.connect(client);
    const person = await fitbit.finishConnecting(client, await allowed(emulated, url), transaction, store);
    expect(kept).toMatchObject([
      { user_id: person, access_token: expect.any(String), refresh_token: expect.any(String) },
    ]);
    expect(await fitbit.getScopes(client, String(kept[0]!["access_token"]))).toEqual({
      heartrate: "READ",
      sleep: "READ",
    });
    emulated.control.fault({ what: "drop_answer", operation: "refresh_token", times: 1 });
    expect(String(await fitbit.refreshTokens(client, String(kept[0]!["refresh_token"]), store))).toBe("[sealed]");
    expect(kept[1]).toMatchObject({ user_id: person, refresh_token: expect.any(String) });
  });
  test("google-health: connects, and refreshes with the same refresh token", async () => {
    const { emulated, options, kept, store } = await emulate("google-health");
    const client = google.googleHealthClient(options);
    const { url, transaction } = await google.connect(client);
    expect(url).toContain("access_type=offline");
    await google.finishConnecting(client, await allowed(emulated, url), transaction, store);
    await google.refreshTokens(client, String(kept[0]!["refresh_token"]), store);
    expect(kept[1]!["access_token"]).not.toBe(kept[0]!["access_token"]);
    expect(kept[1]!["refresh_token"]).toBe(kept[0]!["refresh_token"]);
  });
  test("generic: makes a client from metadata or from listed endpoints", async () => {
    const { emulated, options } = await emulate("grace");
    const { refreshToken } = emulated.control.consent();
    expect((await clientFromMetadata(emulated.url, options)).application.profile.rotation).toEqual({
      kind: "grace",
      windowSeconds: 30,
    });
    expect(await clientFromEndpoints(emulated.url, options).refresh({ refreshToken })).toMatchObject({
      tokenType: "Bearer",
    });
  });
  test("results: each error says what to do", async () => {
    const { emulated, options } = await emulate("strict");
    const application = { ...options, profile: generic, endpoints: { token: `${emulated.url}/token` } };
    const { refreshToken } = emulated.control.consent();
    const fault = { operation: "refresh_token", times: 1 };
    emulated.control.fault({ ...fault, what: "status", status: 429, retryAfterSeconds: 2 });
    expect(await results.refreshTokens(application, refreshToken)).toBe("safe to repeat, after 2000 ms");
    expect(await results.refreshTokens({ ...application, clientSecret: "wrong" }, refreshToken)).toContain(
      "no grant is lost",
    );
    expect(String(await results.refreshTokens(application, refreshToken))).toBe("[sealed]");
    expect(await results.refreshTokens(application, refreshToken)).toBe("ask the user to connect again");
    emulated.control.fault({ ...fault, what: "drop_request" });
    expect(await results.refreshTokens(application, emulated.control.consent().refreshToken)).toContain(
      "the profile's rotation",
    );
  });
  test("device: shows a code and waits", async () => {
    const polls: string[] = [];
    const server = createServer((request, response) => {
      polls.push(request.url!);
      const answers: Record<string, object> = {
        "/device": {
          device_code: "d",
          user_code: "ABCD",
          verification_uri: `${base}/enter`,
          expires_in: 60,
          interval: 0,
        },
        "/token": { access_token: "a", token_type: "Bearer" },
      };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answers[request.url!]));
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close().closeAllConnections());
    await once(server, "listening");
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const shown: string[] = [];
    const profile = { ...generic, endpoints: { deviceAuthorization: `${base}/device`, token: `${base}/token` } };
    expect(await signInOnDevice(profile, { clientId: "c" }, (text) => shown.push(text))).toMatchObject({
      tokenType: "Bearer",
    });
    expect([polls, shown]).toEqual([["/device", "/token"], [`Open ${base}/enter and enter ABCD`]]);
  });
});

describe("the examples of docs/client.md, against our own server", () => {
  const data = makeDataDirectory();
  let server: ServerProcess;
  const optionsOf = ({ id, secret }: { id: string; secret: string }) =>
    optionsFrom({ BASE_URL: server.issuer, CLIENT_ID: id, CLIENT_SECRET: secret });
  beforeAll(async () => void (server = await startServer(data)));
  afterAll(async () => {
    await server.stop();
    data.remove();
  });

  test("symbolon: gets a client token, and checks it as a resource server", async () => {
    const options = optionsOf(await addApplication(data));
    const guard = optionsOf(await addResourceServer(data));
    const client = symbolonClient(options);
    const { accessToken } = await client.clientCredentials({ scope: ["payroll:read"] });
    expect(await getClientToken(client)).toMatchObject({ scopes: ["payroll:read"] });
    expect(await isAllowed(symbolonClient(guard), accessToken.reveal(), "payroll:read")).toBe(true);
    expect(await isAllowed(symbolonClient(guard), "sym_at_nothing", "payroll:read")).toBe(false);
  });
  test("native app: signs in with the browser", async () => {
    await addAccount(data, "ada@example.com", ["Company/Acme"]);
    const { id, secret } = await addApplication(data, { redirectUris: ["http://127.0.0.1/callback"] });
    const show = (url: string) =>
      void new ScriptedBrowser(server.send, [server.url])
        .allow(url, { email: "ada@example.com" })
        .then((back) => fetch(back));
    expect(await signIn({ profile: symbolon, ...optionsOf({ id, secret }) }, show)).toMatchObject({
      scopes: ["payroll:read"],
    });
  });
  test("native app: prints the URL without a browser", async () => {
    const path = process.env["PATH"];
    const printed = vi.spyOn(console, "error").mockReturnValue(undefined);
    onTestFinished(() => {
      process.env["PATH"] = path;
      printed.mockRestore();
    });
    process.env["PATH"] = "";
    await showInBrowser("https://id.example/authorize");
    expect(printed.mock.calls).toEqual([[expect.stringContaining("https://id.example/authorize")]]);
  });
});
