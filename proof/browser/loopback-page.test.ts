import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listenOnLoopback } from "@symbolon/client/loopback";
import { launchBrowser } from "@symbolon/portal/browser";
import { isDark, visit } from "./visit.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
type Axe = { run(context: Document): Promise<{ violations: { id: string }[] }> };

let browser: Browser;
beforeAll(async () => void (browser = await launchBrowser()));
afterAll(() => browser.close());

describe("The page that ends `symbolon login` looks like the others", () => {
  test.each([
    ["success", "/callback?code=c&state=s", "You are back"],
    ["denial", "/callback?error=access_denied&state=s", "You did not give access"],
    ["an error of the provider", `/callback?error=${"x".repeat(200)}&state=s`, "The sign-in failed"],
    ["another sign-in", "/callback?code=c&state=other", "This is the end of another sign-in"],
    ["a visit without parameters", "/callback", "This is not the end of a sign-in"],
    ["another path", "/", "There is no page here"],
  ])("%s: light and dark, at 320 pixels, under its policy and under axe", async (_, path, title) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const listener = await listenOnLoopback();
      const waiting = listener.callback("s", AbortSignal.timeout(60_000)).catch(() => {});
      const person = await visit(browser, { colorScheme, viewport: { width: 320, height: 568 } });
      const { page } = person;
      await page.goto(new URL(path, listener.redirectUri).href);
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      expect(await isDark(person)).toBe(colorScheme === "dark");
      expect(await page.evaluate(() => getComputedStyle(document.querySelector("main")!).borderRadius)).toBe("18px");
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      expect(person.complaints.filter((text) => !text.includes("the server responded with a status"))).toEqual([]);
      await person.context.close();
      await listener.close();
      void waiting;
    }
    const listener = await listenOnLoopback();
    const waiting = listener.callback("s", AbortSignal.timeout(60_000)).catch(() => {});
    const { page, context } = await visit(browser, { bypassCSP: true, viewport: { width: 320, height: 568 } });
    await page.goto(new URL(path, listener.redirectUri).href);
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run(document));
    expect(violations.map(({ id }) => id)).toEqual([]);
    await context.close();
    await listener.close();
    void waiting;
  });
});
