import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../test/browser.ts";
import { show } from "../test/serve.ts";
import { pagesOfAcme, pseudoTag } from "../test/pseudo-language.ts";
import { consentView, everyState, signInView, states } from "../test/states.ts";
import { pages } from "./index.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let phone: BrowserContext;
beforeAll(async () => {
  browser = await launchBrowser();
  phone = await browser.newContext({ viewport: { width: 320, height: 640 } });
});
afterAll(() => browser.close());

type Finding = { id: string; nodes: { html: string; failureSummary?: string }[] };
type Axe = { run(context: Document, options: object): Promise<{ violations: Finding[]; incomplete: Finding[] }> };

/** The violations that axe finds, and what it could not decide: both must be empty. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations, incomplete } = await page.evaluate(() => {
    const { axe } = globalThis as unknown as { axe: Axe };
    return axe.run(document, { rules: { "color-contrast": { enabled: true }, "target-size": { enabled: true } } });
  });
  return [...violations, ...incomplete].flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ""}`),
  );
}

describe("WCAG 2.2: axe finds nothing", () => {
  let screens: BrowserContext[];
  beforeAll(async () => {
    const looks = (["light", "dark"] as const).flatMap((colorScheme) =>
      // High enough for the buttons that stay in reach to cover nothing: axe cannot judge what is covered.
      [1000, 375].map((width) => ({ colorScheme, viewport: { width, height: 2000 } })),
    );
    screens = await Promise.all(looks.map((look) => browser.newContext({ ...look, bypassCSP: true })));
  });

  test.each(Object.entries(states))("on %s, light and dark, on desktop and phone", async (_, markup) => {
    for (const context of screens) {
      const { page } = await show(context, markup);
      expect(await findings(page)).toEqual([]);
      await page.close();
    }
  });

  test.each(["sign-in-wrong", "consent-of-a-publisher", "consent-choose", "reason", "home"])(
    "on %s with the colours and the logo of a provider, from right to left",
    async (name) => {
      for (const context of screens) {
        const { page } = await show(context, everyState(pagesOfAcme, pseudoTag)[name]!, undefined, pagesOfAcme);
        expect(await findings(page)).toEqual([]);
        await page.close();
      }
    },
  );

  test("finds a missing label, as a check of the check", async () => {
    const context = await browser.newContext({ bypassCSP: true });
    const { page } = await show(context, pages.signIn(signInView).replace('<label for="email">Email</label>', ""));
    expect((await findings(page)).some((finding) => finding.startsWith("label:"))).toBe(true);
    await context.close();
  });
});

describe("WCAG 2.2 §1.4.10 and §1.4.4: no horizontal overflow", () => {
  /** Boxes that overflow the screen, or whose text overflows them. */
  const misfits = (page: Page): Promise<string[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll("body *")]
        .filter(
          (element) =>
            element.getBoundingClientRect().right > document.documentElement.clientWidth ||
            (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline"),
        )
        .map((element) => element.outerHTML.slice(0, 120)),
    );

  test.each([
    [320, "100%"],
    [640, "200%"],
  ])("at %d pixels with text at %s", async (width, zoom) => {
    const context = await browser.newContext({ viewport: { width, height: 640 }, bypassCSP: true });
    for (const [name, markup] of Object.entries(states)) {
      const { page } = await show(context, markup);
      await page.evaluate((size) => document.documentElement.style.setProperty("font-size", size), zoom);
      expect({ name, misfits: await misfits(page) }).toEqual({ name, misfits: [] });
      await page.close();
    }
    await context.close();
  });
});

describe("WCAG 2.2 §2.5.5: target size", () => {
  test.each(Object.entries(states))("every control of %s is at least 44 by 44 pixels", async (_, markup) => {
    const { page } = await show(phone, markup);
    const small = await page
      .locator(
        "button, input:not([type=hidden], [type=radio], [type=checkbox]), label.choice, label.reveal, a, summary",
      )
      .evaluateAll((all) =>
        all
          .map((it) => ({ is: it.outerHTML.slice(0, 80), box: it.getBoundingClientRect() }))
          .filter(({ box }) => box.width < 44 || box.height < 44)
          .map(({ is, box }) => `${is} ${box.width}×${box.height}`),
      );
    expect(small).toEqual([]);
    await page.close();
  });
});

describe("Screen readers and keyboard", () => {
  /** Browsers apply `autofocus` when they paint, which may be after the load event. */
  const startsAt = (page: Page, name: string): Promise<void> =>
    page.locator(`[name=${name}]:focus`).waitFor({ timeout: 10_000 });

  test("sign-in: a heading, two labelled fields with autocomplete, a button to sign in and one to go back", async () => {
    const { page } = await show(phone, pages.signIn(signInView));
    expect(await page.getByRole("main").getByRole("heading", { level: 1, name: "Sign in" }).count()).toBe(1);
    expect(await page.getByLabel("Email", { exact: true }).getAttribute("autocomplete")).toBe("username");
    expect(await page.getByLabel("Password", { exact: true }).getAttribute("autocomplete")).toBe("current-password");
    expect(await page.getByRole("button").allTextContents()).toEqual([
      "Sign in",
      "Cancel and go back to Fernleaf Payroll",
    ]);
    expect(await page.title()).toBe("Sign in to continue to Fernleaf Payroll · Symbolon");
    await page.close();
  });

  test("sign-in: the focus starts at the first empty field, and Tab follows the order", async () => {
    const { page } = await show(phone, pages.signIn(signInView));
    await startsAt(page, "email");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("password");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("show-password");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Sign in");
    const again = await show(phone, states["sign-in-wrong"]!);
    await startsAt(again.page, "password");
    expect(await again.page.getByLabel("Email").inputValue()).toBe("ada@lovelace.example");
    await page.close();
    await again.page.close();
  });

  test.each([
    ["sign-in-wrong", "That email and password do not match. Check both and try again."],
    ["sign-in-too-many", "Too many attempts. Try again in 14 minutes."],
    ["sign-in-busy", "Many people are signing in right now. Try again in 20 seconds."],
    ["sign-in-again", "Please sign in again to continue."],
  ])("%s: announces the problem, which describes both fields", async (state, text) => {
    const { page } = await show(phone, states[state]!);
    expect(await page.getByRole("alert").textContent()).toBe(text);
    for (const label of ["Email", "Password"]) {
      const described = await page.getByLabel(label, { exact: true }).getAttribute("aria-describedby");
      expect(await page.locator(`#${described}`).textContent()).toBe(text);
    }
    await page.close();
  });

  test("WB-12: an unknown address and a wrong password have the same text", () => {
    const [one, other] = ["known@a.example", "never@b.example"].map((email) =>
      pages.signIn({ ...signInView, email, problem: "wrong_credentials" }),
    );
    expect(one!.replace("known@a.example", "")).toBe(other!.replace("never@b.example", ""));
  });

  test("consent: Tab goes to the account, signing out, the folded details, the choice, Allow, Deny", async () => {
    const { page } = await show(phone, states["consent-several"]!);
    const order: unknown[] = [];
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press("Tab");
      order.push(
        await page.evaluate(() => document.activeElement?.getAttribute("value") ?? document.activeElement?.textContent),
      );
    }
    expect(order).toEqual(["Use another account", "Sign out", "Technical details", "Company/8f2c", "allow", "deny"]);
    await page.close();
  });

  test("consent: several resources are a named group, none preselected; its problem is announced", async () => {
    const { page } = await show(phone, states["consent-choose"]!);
    const group = page.getByRole("group", { name: "Which company or accounting practice?" });
    expect(await group.getByRole("radio").count()).toBe(3);
    expect(await group.getByRole("radio", { checked: true }).count()).toBe(0);
    expect(await group.getByRole("alert").textContent()).toBe("Choose one before you allow access.");
    await startsAt(page, "resource");
    await page.close();
  });

  test("every control shows the focus with three pixels", async () => {
    const { page } = await show(phone, states["consent-several"]!);
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => getComputedStyle(document.activeElement!).outline)).toMatch(/ solid 3px$/);
    }
    await page.close();
  });

  test("forced colours keep the borders of controls; reduced motion disables animation", async () => {
    const context = await browser.newContext({ forcedColors: "active", reducedMotion: "reduce" });
    const { page } = await show(context, pages.consent(consentView));
    const allow = page.getByRole("button", { name: "Allow", exact: true });
    expect(
      await allow.evaluate((it) => [getComputedStyle(it).borderTopWidth, getComputedStyle(it).borderTopStyle]),
    ).toEqual(["1px", "solid"]);
    expect(await allow.evaluate((it) => getComputedStyle(it).transitionDuration)).toBe("0s");
    await context.close();
  });
});
