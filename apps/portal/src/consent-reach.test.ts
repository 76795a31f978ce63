import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../test/browser.ts";
import { show } from "../test/serve.ts";
import { consentView, several, states } from "../test/states.ts";
import { pages } from "./index.ts";

let browser: Browser;
beforeAll(async () => void (browser = await launchBrowser()));
afterAll(() => browser.close());

const phones = [
  [375, 667],
  [320, 568],
] as const;
const companies = several.map((resource) => ({ ...resource, type: "Company" }));

const open = async (width: number, height: number, markup = states["consent-several"]!): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width, height }, bypassCSP: true });
  return (await show(context, markup)).page;
};
const boxOf = (page: Page, selector: string) =>
  page.locator(selector).evaluate((element) => {
    const { top, bottom, left, right } = element.getBoundingClientRect();
    return { top, bottom, left, right };
  });

describe("Allow and Deny on a phone, with three scopes and three companies", () => {
  test.each(phones)("are both on the screen at %d by %d pixels before any scrolling", async (width, height) => {
    const page = await open(width, height);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeGreaterThan(height);
    for (const decision of ["allow", "deny"]) {
      const box = await boxOf(page, `[value=${decision}]`);
      expect(box.top).toBeGreaterThan(0);
      expect(box.bottom).toBeLessThanOrEqual(height);
      expect(box.right).toBeLessThanOrEqual(width);
    }
    await page.context().close();
  });

  test.each(phones)("WCAG 2.2 §2.4.11: never cover the control with the focus at %d by %d", async (width, height) => {
    const page = await open(width, height);
    for (let presses = 0; presses < 6; presses++) {
      await page.keyboard.press("Tab");
      const isCovered = await page.evaluate(() => {
        const control = document.activeElement!;
        const buttons = document.querySelector(".reachable")!;
        const shown = control.closest("label") ?? control;
        const { top, bottom } = shown.getBoundingClientRect();
        return !buttons.contains(control) && (bottom > buttons.getBoundingClientRect().top || top < 0);
      });
      expect({ presses, isCovered }).toEqual({ presses, isCovered: false });
    }
    await page.context().close();
  });

  test.each(phones)("cover nothing at the end of the page at %d by %d", async (width, height) => {
    const page = await open(width, height);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    expect((await boxOf(page, ".facts")).bottom).toBeLessThanOrEqual((await boxOf(page, ".reachable")).top);
    await page.context().close();
  });

  test("follow the text on a screen that is too low for them", async () => {
    const page = await open(640, 320);
    expect((await boxOf(page, ".reachable")).top).toBeGreaterThan(320);
    await page.context().close();
  });
});

describe("Consent asks by the type of the resource", () => {
  const legend = async (types: readonly string[]): Promise<string | null> => {
    const resources = types.map((type, at) => ({ value: `${type}/${at}`, type, label: `Number ${at}` }));
    const page = await open(375, 667, pages.consent({ ...consentView, resources }));
    const text = await page.locator("legend").textContent();
    await page.context().close();
    return text;
  };
  test.each([
    [["Company", "Company"], "Which company?"],
    [["TaxOffice", "TaxOffice"], "Which tax office?"],
    [["HRUnit", "HRUnit"], "Which HR unit?"],
    [["user_account", "user_account"], "Which user account?"],
    [["Company", "TaxOffice", "Company"], "Which company or tax office?"],
    [["Company", "TaxOffice", "Practice"], "Which one is it for?"],
  ])("%j: %s", async (types, question) => expect(await legend(types)).toBe(question));

  test("repeats the type beside each label only if there are several", async () => {
    const texts = (resources: typeof several) => pages.consent({ ...consentView, resources }).match(/class="detail"/g)!;
    expect(texts(several).length - texts(companies).length).toBe(3);
  });
});

describe("The names of scopes are folded", () => {
  test("and unfold without JavaScript, by the keyboard", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const { page } = await show(context, states["consent"]!);
    const code = page.getByText("employees:read");
    expect(await code.isVisible()).toBe(false);
    await page.getByText("Technical details").focus();
    await page.keyboard.press("Enter");
    expect(await code.isVisible()).toBe(true);
    await context.close();
  });
});
