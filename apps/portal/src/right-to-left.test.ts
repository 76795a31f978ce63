import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../test/browser.ts";
import { pagesOfAcme, pseudoTag } from "../test/pseudo-language.ts";
import { show } from "../test/serve.ts";
import { everyState } from "../test/states.ts";

const widths = { phone: 320, desktop: 1000 } as const;
let browser: Browser;
let contexts: Record<keyof typeof widths, BrowserContext>;
beforeAll(async () => {
  browser = await launchBrowser();
  const open = (width: number) => browser.newContext({ viewport: { width, height: 640 }, bypassCSP: true });
  contexts = { phone: await open(widths.phone), desktop: await open(widths.desktop) };
});
afterAll(() => browser.close());

const inHebrew = everyState(pagesOfAcme, pseudoTag);
const inGerman = everyState(pagesOfAcme, "de");
const open = async (context: BrowserContext, markup: string): Promise<Page> =>
  (await show(context, markup, undefined, pagesOfAcme)).page;

/** Elements that reach over either side of the screen. */
const misfits = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll("body *")]
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        return left < 0 || right > document.documentElement.clientWidth;
      })
      .map((element) => element.outerHTML.slice(0, 120)),
  );

describe.each(["phone", "desktop"] as const)("WCAG 2.2 §1.4.10: on a %s, nothing scrolls sideways", (screen) => {
  test.each([
    ...Object.entries(inHebrew).map(([name, markup]) => [`${name}, from right to left`, markup] as const),
    ...Object.entries(inGerman).map(([name, markup]) => [`${name}, in German`, markup] as const),
  ])("%s: the picture of the whole page is as wide as the screen", async (_, markup) => {
    const page = await open(contexts[screen], markup);
    const picture = await page.screenshot({ fullPage: true });
    expect(picture.readUInt32BE(16)).toBe(widths[screen]); // the width in the header of a PNG
    expect(await misfits(page)).toEqual([]);
    await page.close();
  });
});

describe("From right to left", () => {
  type Box = { left: number; right: number };
  const boxOf = (page: Page, selector: string): Promise<Box> =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => {
        const { left, right } = element.getBoundingClientRect();
        return { left, right };
      });

  test("a list begins on the right, and its marks stand beside the text", async () => {
    const page = await open(contexts.phone, inHebrew["consent"]!);
    const [item, title] = [await boxOf(page, ".permissions li"), await boxOf(page, ".permissions .title")];
    expect(item.right - title.right).toBeGreaterThanOrEqual(28);
    await page.close();
  });

  test("a folded part points to the left, the first button is on the right", async () => {
    const page = await open(contexts.desktop, inHebrew["consent-choose"]!);
    const turn = await page
      .locator("summary")
      .first()
      .evaluate((it) => getComputedStyle(it, "::before").transform);
    expect(new RegExp("^matrix\\(-0\\.7071").test(turn)).toBe(true);
    expect((await boxOf(page, "[value=allow]")).left).toBeGreaterThan((await boxOf(page, "[value=deny]")).right);
    expect((await boxOf(page, "[type=radio]")).left).toBeGreaterThan((await boxOf(page, ".choice .title")).right);
    await page.close();
  });

  test("what is for developers stays in English, from left to right", async () => {
    const page = await open(contexts.desktop, inHebrew["reason"]!);
    const english = page.locator("details [lang=en]").first();
    const left = (it: Element): number => {
      const range = document.createRange();
      range.selectNodeContents(it);
      return range.getBoundingClientRect().left - it.getBoundingClientRect().left;
    };
    expect(await english.evaluate((it) => getComputedStyle(it).direction)).toBe("ltr");
    expect(await english.evaluate(left)).toBe(0);
    await page.close();
  });
});
