import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { emulator, type Emulator } from "@symbolon/emulator";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "@symbolon/portal/browser";
import { listenForCallback, type Callback } from "../browser/callback.ts";
import { desktop, phone, unexpected, visit } from "../browser/visit.ts";

let browser: Browser;
let callback: Callback;
let gusto: Emulator;
beforeAll(async () => {
  [browser, callback] = await Promise.all([launchBrowser(), listenForCallback()]);
  gusto = await emulator({
    profile: "gusto",
    applications: [{ name: "Payroll Sync", redirectUris: [callback.redirectUri] }],
  });
});
afterAll(() => Promise.all([browser.close(), callback.close(), gusto.close()]));

const consentUrl = (): string =>
  `${gusto.url}/oauth/authorize?${new URLSearchParams({ response_type: "code", client_id: gusto.applications[0]!.clientId, redirect_uri: callback.redirectUri, scope: "companies:read public", state: "s" })}`;

describe("the consent page in Chromium, without JavaScript", () => {
  test("Allow issues a code for the selected company and the ticked scopes", async () => {
    const person = await visit(browser, { ...phone, javaScriptEnabled: false });
    await person.page.goto(consentUrl());
    await person.page.getByRole("radio", { name: "Globex" }).check();
    await person.page.getByRole("checkbox", { name: "public" }).uncheck();
    await person.page.getByRole("button", { name: "Allow" }).click();
    await person.page.getByRole("heading", { name: "You are back" }).waitFor();
    const { clientId, clientSecret } = gusto.applications[0]!;
    const code = callback.arrivals.at(-1)!.searchParams.get("code");
    const asked = JSON.stringify({
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: "authorization_code",
      code,
      redirect_uri: callback.redirectUri,
    });
    const answer = await fetch(`${gusto.url}/oauth/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: asked,
    });
    expect(await answer.json()).toMatchObject({ scope: "companies:read" });
    expect(gusto.control.grants().at(-1)).toMatchObject({ person: "Grace", resource: "Globex" });
    expect(unexpected(person)).toEqual([]);
    await person.context.close();
  });

  test("Deny redirects too", async () => {
    const person = await visit(browser, { ...desktop, javaScriptEnabled: false });
    await person.page.goto(consentUrl());
    await person.page.getByRole("button", { name: "Deny" }).click();
    await person.page.getByRole("heading", { name: "You are back" }).waitFor();
    expect(callback.arrivals.at(-1)!.searchParams.get("error")).toBe("access_denied");
    await person.context.close();
  });
});

describe("the emulator's pages in Chromium, without JavaScript", () => {
  test.each([320, 390, 1280])("do not scroll sideways at %i px", async (width) => {
    gusto.control.consent();
    const person = await visit(browser, { ...desktop, viewport: { width, height: 700 } });
    for (const url of [
      ...["", "/requests", "/grants", "/assumptions"].map((path) => `${gusto.url}/emulator${path}`),
      consentUrl(),
    ]) {
      await person.page.goto(url);
      expect([url, await person.page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([url, width]);
    }
    await person.context.close();
  });

  test("the forms move the clock, add and clear faults, and end a grant", async () => {
    const { grant } = gusto.control.consent();
    const before = gusto.control.now();
    const person = await visit(browser, { ...phone, javaScriptEnabled: false });
    await person.page.goto(`${gusto.url}/emulator`);
    await person.page.getByLabel("Seconds to advance").fill("120");
    await person.page.getByRole("button", { name: "Advance the clock" }).click();
    expect(gusto.control.now()).toBe(before + 120);
    await person.page.getByRole("combobox", { name: /^Fault/ }).selectOption("drop_answer");
    await person.page.getByRole("button", { name: "Add the fault" }).click();
    expect(gusto.control.faults().map(({ fault }) => fault)).toEqual([{ what: "drop_answer", times: 1 }]);
    await person.page.getByRole("button", { name: "Clear all faults" }).click();
    expect(gusto.control.faults()).toEqual([]);
    await person.page.goto(`${gusto.url}/emulator/grants`);
    await person.page.getByRole("button", { name: "End this grant" }).first().click();
    expect(gusto.control.grants().find(({ id }) => id === grant)).toMatchObject({ state: "ended" });
    expect(unexpected(person)).toEqual([]);
    await person.context.close();
  });
});

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Axe = {
  run(context: Document): Promise<{ violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] }>;
};

async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run(document));
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${page.url()}: ${id}: ${html}`));
}

describe("WCAG 2.2: axe and the console report nothing on the emulator's pages", () => {
  test.each([
    { name: "a desktop in light colours", look: { ...desktop, colorScheme: "light" } },
    { name: "a phone in dark colours", look: { ...phone, colorScheme: "dark" } },
  ] as const)("on $name", async ({ look }) => {
    const { accessToken, grant } = gusto.control.consent();
    gusto.control.revoke(grant);
    gusto.control.fault({ what: "status", status: 503, times: 1 });
    for (let count = 0; count < 2; count++)
      await fetch(`${gusto.url}/v1/token_info`, { headers: { authorization: `Bearer ${accessToken}` } });
    const person = await visit(browser, { ...look, bypassCSP: true });
    for (const url of [
      ...["", "/requests", "/grants", "/assumptions"].map((path) => `${gusto.url}/emulator${path}`),
      consentUrl(),
    ]) {
      await person.page.goto(url);
      expect(await violationsOf(person.page)).toEqual([]);
    }
    await person.page.goto(`${gusto.url}/oauth/authorize`);
    expect(await violationsOf(person.page)).toEqual([]);
    expect(unexpected(person, 400)).toEqual([]);
    await person.context.close();
  });
});
