import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttpsServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { launchBrowser } from "@symbolon/portal/browser";
import express from "express";
import type { Browser } from "playwright-core";
import { createServer, type SymbolonServer } from "symbolon/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDataDirectory } from "../harness/data-directory.ts";
import { addAccount, addApplication } from "../harness/registration.ts";
import { listenForCallback, type Callback } from "./callback.ts";
import { signInAs } from "./gallery.ts";
import { phone, unexpected, visit } from "./visit.ts";

/** For 127.0.0.1, signed by its own key, which protects nothing. */
const certificate = readFileSync(new URL("certificate.pem", import.meta.url));

const data = makeDataDirectory();
const email = "owner@example.com";
let host: Server;
let symbolon: SymbolonServer;
let sandbox: SymbolonServer;
let callback: Callback;
let browser: Browser;
let client: string;
beforeAll(async () => {
  const app = express();
  host = createHttpsServer({ key: certificate, cert: certificate }, app).listen(0, "127.0.0.1");
  [callback, browser] = await Promise.all([listenForCallback(), launchBrowser(), once(host, "listening")]);
  client = (await addApplication(data, { redirectUris: ["http://127.0.0.1/callback"] })).id;
  await addAccount(data, email);
  const origin = `https://127.0.0.1:${(host.address() as AddressInfo).port}`;
  const open = (path: string): Promise<SymbolonServer> =>
    createServer({
      config: { issuer: origin + path, data: data.path, scopes: { "payroll:read": { title: "See payrolls" } } },
      keyring: data.keyringText,
      onEvent: () => {},
    });
  symbolon = await open("/auth");
  sandbox = await open("/sandbox/auth");
  app.use((_request, response, next) => {
    response.set("content-security-policy", "default-src 'none'; form-action 'none'"); // of the application's own pages
    next();
  });
  app.use(symbolon.node, sandbox.node, express.urlencoded());
});
afterAll(async () => {
  await browser.close();
  await callback.close();
  host.closeAllConnections();
  host.close();
  await symbolon.close();
  await sandbox.close();
  data.remove();
});

const authorizationOf = ({ issuer }: SymbolonServer): string =>
  `${issuer}/oauth/authorize?${new URLSearchParams({
    response_type: "code",
    client_id: client,
    redirect_uri: callback.redirectUri,
    scope: "payroll:read",
    state: "s",
    code_challenge: createHash("sha256").update(randomBytes(32)).digest("base64url"),
    code_challenge_method: "S256",
  })}`;

describe("Chromium, at a server below a path of an Express application", () => {
  test.each([true, false])("signs in, allows and comes back with a code; JavaScript: %s", async (javaScriptEnabled) => {
    const person = await visit(browser, { ...phone, javaScriptEnabled, ignoreHTTPSErrors: true });
    await person.page.goto(authorizationOf(symbolon));
    await signInAs(person.page, email);
    await person.page.getByRole("button", { name: "Allow" }).click();
    await person.page.getByRole("heading", { name: "You are back" }).waitFor();
    const back = callback.arrivals.at(-1)!.searchParams;
    expect([back.get("iss"), back.get("error")]).toEqual([symbolon.issuer, null]);
    expect(back.get("code")).toMatch(/^sym_ac_/);
    expect(unexpected(person)).toEqual([]);
    await person.context.close();
  });

  test("keeps its cookies under the __Host- prefix, and those of a second server beside them (WB-03)", async () => {
    const person = await visit(browser, { ...phone, ignoreHTTPSErrors: true });
    for (const server of [symbolon, sandbox]) {
      await person.page.goto(authorizationOf(server));
      await signInAs(person.page, email);
      await person.page.getByRole("heading", { name: /^Allow/ }).waitFor();
    }
    await person.page.goto(authorizationOf(symbolon));
    await person.page.getByRole("heading", { name: /^Allow/ }).waitFor(); // still signed in at the first
    const cookies = await person.context.cookies(symbolon.issuer);
    expect(cookies.map(({ name }) => name).filter((name) => name.includes("session"))).toEqual([
      "__Host-symbolon-session-auth",
      "__Host-symbolon-session-sandbox-auth",
    ]);
    for (const cookie of cookies) expect(cookie).toMatchObject({ secure: true, httpOnly: true, path: "/" });
    expect(unexpected(person)).toEqual([]);
    await person.context.close();
  });
});
