import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { generic, newTransactionKey, symbolon } from "@symbolon/client";
import { emulator, type Emulator, type ProfileName } from "@symbolon/emulator";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { makeDataDirectory } from "../../conformance/harness/data-directory.ts";
import { addAccount, addApplication, addResourceServer } from "../../conformance/harness/registration.ts";
import { ScriptedBrowser } from "../../conformance/harness/scripted-browser.ts";
import { startServer, type ServerProcess } from "../../conformance/harness/server.ts";
import { signInOnDevice } from "./device.ts";
import * as fitbit from "./fitbit.ts";
import { described, discovered } from "./generic.ts";
import { companyOf } from "./get-info.ts";
import * as google from "./google-health.ts";
import * as gusto from "./gusto.ts";
import { signIn } from "./native-app.ts";
import * as results from "./results.ts";
import { isGood, ownToken } from "./symbolon.ts";

const transactionKey = newTransactionKey();

async function emulate(profile: ProfileName) {
  const emulated = await emulator({ profile });
  onTestFinished(async () => await emulated.close());
  const [application] = emulated.applications;
  const options = { baseUrl: emulated.url, authorizeBaseUrl: emulated.url, clientId: application!.clientId, clientSecret: application!.clientSecret!, transactionKey };
  return { emulated, options };
}
async function allowed({ control }: Emulator, url: string): Promise<string> {
  control.answerConsent("allow");
  return (await fetch(url, { redirect: "manual" })).headers.get("location")!;
}

describe("the examples of docs/client.md", () => {
  test("gusto: connect, ask, refresh, and find the grant gone", async () => {
    const { emulated, options } = await emulate("gusto");
    const { url, transaction } = await gusto.connect(options);
    const { company, stored } = await gusto.connected(options, await allowed(emulated, url), transaction);
    expect(company).toMatch(/^[0-9a-f-]{36}$/);
    expect(await companyOf(stored.access_token, emulated.url)).toEqual({ company, scopes: ["companies:read", "payrolls:read"] });
    const kept: object[] = [];
    const store = async (tokens: object) => void kept.push(tokens);
    expect(String(await gusto.refreshed(options, stored.refresh_token!, store))).toBe("[sealed]");
    expect(kept).toMatchObject([{ access_token: expect.any(String), refresh_token: expect.any(String) }]);
    emulated.control.revoke();
    expect(await gusto.refreshed(options, stored.refresh_token!, store)).toBe("ask the company to connect again");
  });
  test("fitbit: connect, introspect, refresh over a lost answer", async () => {
    const { emulated, options } = await emulate("fitbit");
    expect((await fitbit.connect(options)).url).toContain("scope=heartrate+sleep");
    const { accessToken, refreshToken } = emulated.control.consent({ scope: "heartrate sleep" });
    expect(await fitbit.scopesOf(options, accessToken)).toEqual({ heartrate: "READ", sleep: "READ" });
    emulated.control.fault({ what: "drop_answer", operation: "refresh_token", times: 1 });
    expect(await fitbit.refreshed(options, refreshToken)).toMatchObject({ expiresIn: 28_800 });
  });
  test("google-health: connect, and refresh with the same token for ever", async () => {
    const { emulated, options } = await emulate("google-health");
    expect((await google.connect(options)).url).toContain("access_type=offline");
    const { refreshToken } = emulated.control.consent();
    expect((await google.refreshed(options, refreshToken)).refreshToken).toBe(refreshToken);
  });
  test("generic: discovered or described, the same client", async () => {
    const { emulated, options } = await emulate("grace");
    const { refreshToken } = emulated.control.consent();
    expect((await discovered(emulated.url, options)).application.profile.rotation).toEqual({ kind: "grace", windowSeconds: 30 });
    expect(await described(emulated.url, options).refresh({ refreshToken })).toMatchObject({ tokenType: "Bearer" });
  });
  test("results: each outcome says what to do", async () => {
    const { emulated, options } = await emulate("strict");
    const application = { ...options, profile: generic, endpoints: { token: `${emulated.url}/token` } };
    const { refreshToken } = emulated.control.consent();
    const fault = { operation: "refresh_token", times: 1 };
    emulated.control.fault({ ...fault, what: "status", status: 429, retryAfterSeconds: 2 });
    expect(await results.refreshed(application, refreshToken)).toBe("safe to repeat, after 2000 ms");
    expect(await results.refreshed({ ...application, clientSecret: "wrong" }, refreshToken)).toContain("no grant is lost");
    expect(String(await results.refreshed(application, refreshToken))).toBe("[sealed]");
    expect(await results.refreshed(application, refreshToken)).toBe("consent again");
    emulated.control.fault({ ...fault, what: "drop_request" });
    expect(await results.refreshed(application, emulated.control.consent().refreshToken)).toContain("the profile's rotation");
  });
  test("device: show a code and wait", async () => {
    const polls: string[] = [];
    const server = createServer((request, response) => {
      polls.push(request.url!);
      const answers: Record<string, object> = { "/device": { device_code: "d", user_code: "ABCD", verification_uri: `${base}/enter`, expires_in: 60, interval: 0 }, "/token": { access_token: "a", token_type: "Bearer" } };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answers[request.url!]));
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close().closeAllConnections());
    await once(server, "listening");
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const shown: string[] = [];
    const profile = { ...generic, endpoints: { deviceAuthorization: `${base}/device`, token: `${base}/token` } };
    expect(await signInOnDevice(profile, { clientId: "c" }, (text) => shown.push(text))).toMatchObject({ tokenType: "Bearer" });
    expect([polls, shown]).toEqual([["/device", "/token"], [`Open ${base}/enter and enter ABCD`]]);
  });
});

describe("the examples of docs/client.md, against our own server", () => {
  const data = makeDataDirectory();
  let server: ServerProcess;
  const optionsOf = ({ id, secret }: { id: string; secret: string }) => ({ baseUrl: server.issuer, clientId: id, clientSecret: secret });
  beforeAll(async () => void (server = await startServer(data)));
  afterAll(async () => {
    await server.stop();
    data.remove();
  });

  test("symbolon: a token of its own, and whether it is good", async () => {
    const options = optionsOf(await addApplication(data));
    const guard = optionsOf(await addResourceServer(data));
    expect(await ownToken(options)).toMatchObject({ scopes: ["payroll:read"] });
    expect(await isGood(guard, "sym_at_nothing", "payroll:read")).toBe(false);
  });
  test("native app: the browser signs in, the listener hears of it", async () => {
    await addAccount(data, "ada@example.com", ["Company/Acme"]);
    const { id, secret } = await addApplication(data, { redirectUris: ["http://127.0.0.1/callback"] });
    const show = (url: string) => void new ScriptedBrowser(server.send, [server.url]).allow(url, { email: "ada@example.com" }).then((back) => fetch(back));
    expect(await signIn({ profile: symbolon, ...optionsOf({ id, secret }) }, show)).toMatchObject({ scopes: ["payroll:read"] });
  });
});
