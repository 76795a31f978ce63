import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { emulator, systemWorld, type Emulator } from "@symbolon/emulator";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { allow, signIn } from "../src/demo/authorization.ts";
import { newBrowser } from "../src/demo/browser.ts";
import { runJson, runSymbolon, startServer, type DemoCredentials, type RunningServer } from "./start-server.ts";
import { startHttp } from "./http-provider.ts";
import { address, bytesBelow, newHome, startLogin, watchedBrowser, type Home } from "./login.ts";
import { useToken } from "./token-life.ts";

let provider: Emulator;
beforeAll(async () => {
  provider = await emulator({ profile: "strict", world: systemWorld });
  provider.control.answerConsent("allow");
});
afterAll(() => provider.close());

const ofEmulator = (): Record<string, string> => ({
  SYMBOLON_CLIENT_ID: provider.applications[0]!.clientId,
  SYMBOLON_CLIENT_SECRET: provider.applications[0]!.clientSecret!,
});

/** Logs in at the emulator, as a browser that follows the redirects would. */
async function logIn(home: Home, name: string): Promise<void> {
  const { said, end } = await startLogin(
    ["generic", "--server", provider.url, "--name", name, "--no-browser"],
    address,
    home,
    ofEmulator(),
  );
  expect((await fetch(said)).status).toBe(200);
  expect(await end).toMatchObject({ code: 0 });
}

describe("symbolon login at a Symbolon server", () => {
  let server: RunningServer;
  let demo: DemoCredentials;
  const home = newHome();
  beforeAll(async () => {
    server = await startServer();
    demo = server.demo!;
  });
  afterAll(async () => void (await server.stop()));

  test("signs in with the browser, and a script gets a working token", async () => {
    const args = ["symbolon", "--server", server.url, "--name", "staging", "--no-browser", "--json"];
    const { said, end } = await startLogin(args, address, home, {
      SYMBOLON_CLIENT_ID: demo.client_id,
      SYMBOLON_CLIENT_SECRET: demo.client_secret,
    });
    const browser = newBrowser(server.url);
    const visit = await allow(await signIn(await browser.open(new URL(said)), demo, browser), browser);
    expect((await fetch(visit.url)).status).toBe(200);
    const { code, stdout } = await end;
    expect({ code, answer: JSON.parse(stdout) }).toMatchObject({
      code: 0,
      answer: { name: "staging", profile: "symbolon", renewable: true, replaced: false },
    });

    const token = await runSymbolon(["token", "staging"], { env: home.env });
    expect(token).toMatchObject({ code: 0, stderr: "" });
    expect(await useToken(server, token.stdout.trim())).toBe(200);
    expect((await runSymbolon(["token", "staging", "--header"], { env: home.env })).stdout).toBe(
      `Authorization: Bearer ${token.stdout}`,
    );
  });

  test("stores sealed records in a directory of mode 0700, and the key elsewhere", async () => {
    const { access_token } = await runJson<{ access_token: string }>(["token", "staging"], { env: home.env });
    expect([statSync(home.records).mode & 0o777, statSync(home.keyFile).mode & 0o777]).toEqual([0o700, 0o600]);
    const bytes = await bytesBelow(home.records);
    expect(bytes).toContain("staging");
    for (const secret of [access_token, demo.client_secret, "sym_rt_", readFileSync(home.keyFile, "utf8").trim()])
      expect(bytes).not.toContain(secret);
  });

  test("keeper revoke tells the provider, and no script gets a token afterwards", async () => {
    const { access_token } = await runJson<{ access_token: string }>(["token", "staging"], { env: home.env });
    expect(await runJson(["keeper", "revoke", "staging"], { env: home.env })).toEqual({
      name: "staging",
      state: "dead",
      told_provider: true,
    });
    expect(await useToken(server, access_token)).toBe(401);
    expect(await runSymbolon(["token", "staging"], { env: home.env })).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("The grant staging has ended"),
    });
    expect(await runJson(["keeper", "status"], { env: home.env })).toMatchObject({
      grants: [{ name: "staging", profile: "symbolon", state: "dead", ended: "revoked" }],
    });
  });
});

describe("grants shared by scripts", () => {
  test("twelve processes with a rejected token cause one refresh, and all get its token", async () => {
    const home = newHome();
    await logIn(home, "shared");
    const { access_token: old } = await runJson<{ access_token: string }>(["token", "shared"], { env: home.env });
    const before = provider.control.requests("refresh_token").length;
    const all = await Promise.all(
      Array.from({ length: 12 }, () =>
        runSymbolon(["token", "shared", "--rejected"], { env: home.env, input: `${old}\n` }),
      ),
    );
    expect(all.filter(({ code }) => code !== 0)).toEqual([]);
    expect(new Set(all.map(({ stdout }) => stdout)).size).toBe(1);
    expect(all[0]!.stdout.trim()).not.toBe(old);
    expect(provider.control.requests("refresh_token").length - before).toBe(1);
  }, 60_000);

  test("a second login under a name replaces the first, with its client id, secret and server", async () => {
    const home = newHome();
    await logIn(home, "again");
    const first = await runJson<{ access_token: string }>(["token", "again"], { env: home.env });
    const { said, end } = await startLogin(["generic", "--name", "again", "--no-browser", "--json"], address, home);
    await fetch(said);
    expect(JSON.parse((await end).stdout)).toMatchObject({ replaced: true });
    const second = await runJson<{ access_token: string; version: number }>(["token", "again"], { env: home.env });
    expect(second.access_token).not.toBe(first.access_token);
    const explained = await runJson<{ says: string; state: string }>(["keeper", "explain", "again"], { env: home.env });
    expect(explained).toMatchObject({ state: "active", says: expect.stringContaining("Grant again is well") });
  });

  test("reports a refusal of the provider and keeps the grant", async () => {
    const home = newHome();
    await logIn(home, "doubted");
    const { access_token } = await runJson<{ access_token: string }>(["token", "doubted"], { env: home.env });
    const id = provider.control.fault({
      what: "status",
      operation: "refresh_token",
      status: 400,
      code: "invalid_grant",
    });
    const refused = await runSymbolon(["token", "doubted", "--rejected"], { env: home.env, input: access_token });
    provider.control.removeFault(id);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("not confirmed yet");
    expect(await runJson(["keeper", "status"], { env: home.env })).toMatchObject({
      grants: [{ name: "doubted", state: "suspect" }],
    });
  });
});

test("sends a client secret only to the server that it was given for", async () => {
  const home = newHome();
  await logIn(home, "moved");
  let authorization: string | undefined = "never asked";
  const other = await startHttp((path, url, headers) => {
    if (path.startsWith("/.well-known/"))
      return {
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        device_authorization_endpoint: `${url}/device`,
      };
    authorization = headers.authorization;
    return {};
  });
  expect(
    await runSymbolon(["login", "generic", "--server", other.url, "--name", "moved"], { env: home.env }),
  ).toMatchObject({ code: 1 });
  other.server.close();
  expect(authorization).toBeUndefined();
});

describe("the key", () => {
  test("from the environment leaves no file, and another key opens and changes nothing", async () => {
    const home = newHome();
    const [one, other] = ["A".repeat(43), `${"B".repeat(42)}A`];
    home.env["SYMBOLON_KEEPER_KEY"] = one;
    await logIn(home, "sealed");
    expect(existsSync(home.keyFile)).toBe(false);
    const wrong = await runSymbolon(["token", "sealed"], { env: { ...home.env, SYMBOLON_KEEPER_KEY: other } });
    expect(wrong).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("Check that SYMBOLON_KEEPER_KEY"),
    });
    expect(await runSymbolon(["token", "sealed"], { env: home.env })).toMatchObject({ code: 0 });
    const malformed = await runSymbolon(["token", "sealed"], { env: { ...home.env, SYMBOLON_KEEPER_KEY: "short" } });
    expect(malformed).toMatchObject({ code: 1, stderr: expect.stringContaining("43 characters of base64url") });
    expect(malformed.stderr).not.toContain("short");
  });

  test("that is lost is reported and not replaced by a new one", async () => {
    const home = newHome();
    await logIn(home, "lost");
    const env = { ...home.env, SYMBOLON_KEEPER_KEY_FILE: join(home.path, "elsewhere/key") };
    for (const args of [
      ["token", "lost"],
      ["login", "generic", "--server", provider.url, "--client-id", "x", "--no-browser"],
    ])
      expect(await runSymbolon(args, { env })).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("of the grants in"),
      });
    expect(existsSync(join(home.path, "elsewhere"))).toBe(false);
  });

  test("is refused inside the store, and key and store are refused if other users can read them", async () => {
    const home = newHome();
    await logIn(home, "open");
    const within = await runSymbolon(["token", "open"], {
      env: { ...home.env, SYMBOLON_KEEPER_KEY_FILE: join(home.records, "key") },
    });
    expect(within).toMatchObject({ code: 1, stderr: expect.stringContaining("inside the directory of the grants") });
    chmodSync(home.keyFile, 0o644);
    expect(await runSymbolon(["token", "open"], { env: home.env })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("chmod 600"),
    });
    chmodSync(home.keyFile, 0o600);
    chmodSync(home.records, 0o755);
    expect(await runSymbolon(["token", "open"], { env: home.env })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("chmod 700"),
    });
  });
});

describe("opening the browser", () => {
  test("MX-07: the browser's program gets the URL as one argument, without a shell", async () => {
    const home = newHome();
    const browser = watchedBrowser(home);
    const { said, end } = await startLogin(["generic", "--server", provider.url, "--name", "shown"], address, home, {
      ...ofEmulator(),
      ...browser.env,
    });
    await vi.waitUntil(() => existsSync(browser.given), { timeout: 20_000 });
    expect(readFileSync(browser.given, "utf8")).toBe(`${said}\n`);
    await fetch(said);
    expect(await end).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("Waiting for the sign-in in your browser"),
    });
  });

  test("MX-07: refuses a provider with commands in its URLs, and starts nothing", async () => {
    const home = newHome();
    const browser = watchedBrowser(home);
    const hostile = await startHttp((path, url) =>
      path.startsWith("/.well-known/")
        ? { issuer: url, authorization_endpoint: "file:///bin/sh?$(id)", token_endpoint: `${url}/token` }
        : undefined,
    );
    const { code, stderr } = await runSymbolon(["login", "generic", "--server", hostile.url, "--client-id", "x"], {
      env: { ...home.env, ...browser.env },
    });
    hostile.server.close();
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("authorization_endpoint") });
    expect(existsSync(browser.given)).toBe(false);
  });

  test("without a display, prints a code for another device", async () => {
    const home = newHome();
    let asked = 0;
    const device = await startHttp((path, url) => {
      if (path.startsWith("/.well-known/"))
        return {
          issuer: url,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
          device_authorization_endpoint: `${url}/device`,
        };
      if (path === "/device")
        return {
          device_code: "the-device-code",
          user_code: "ABCD-EFGH\u001b[2J",
          verification_uri: "https://provider.example/device",
          expires_in: 600,
          interval: 1,
        };
      return ++asked === 1
        ? undefined
        : { access_token: "at", token_type: "Bearer", expires_in: 3600, refresh_token: "rt" };
    });
    const result = await runSymbolon(["login", "generic", "--server", device.url, "--client-id", "x", "--name", "tv"], {
      env: home.env,
    });
    device.server.close();
    expect(result).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(
        "https://provider.example/device on any device and type the code ABCD-EFGH\ufffd[2J",
      ),
    });
    expect(result.stdout + result.stderr).not.toContain("the-device-code");
    expect((await runSymbolon(["token", "tv"], { env: home.env })).stdout).toBe("at\n");
  });
});
