import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGallery, type Gallery } from "./gallery.ts";
import { states } from "./states.ts";

let gallery: Gallery;
beforeAll(async () => {
  gallery = await openGallery();
}, 60_000);
afterAll(() => gallery.close());

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Axe = {
  run(context: Document): Promise<{ violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] }>;
};

async function violations(page: Page): Promise<string[]> {
  const { violations, passes } = await page.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run(document));
  expect(passes.length).toBeGreaterThan(8);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${page.url()}: ${id}: ${html}`));
}

/** High enough for the buttons that stay in reach to cover nothing: axe cannot judge what is covered. */
const sizes = [
  { width: 1280, height: 2000 },
  { width: 320, height: 2000 },
];

describe("WCAG 2.2: axe finds no violation on any page of a real server", () => {
  test.each(Object.entries(states))(
    "%s, in light and dark, on a desktop and a narrow phone, folded and unfolded",
    async (_, { reach, shows }) => {
      const window = await gallery.open({ bypassCSP: true, reducedMotion: "reduce" });
      const { page } = window;
      await reach(gallery, window);
      await page.getByText(shows).first().waitFor();
      await page.evaluate(axeSource);
      for (const viewport of sizes) {
        await page.setViewportSize(viewport);
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          expect(await violations(page)).toEqual([]);
        }
        const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(tooWide).toBeLessThanOrEqual(0);
        await page.locator("details:not([open]) > summary").evaluateAll((all) => {
          for (const summary of all) (summary as HTMLElement).click();
        });
      }
      await window.context.close();
    },
    120_000,
  );
});

describe("A refusal speaks to the person, and folds what is for developers", () => {
  const problems = Object.keys(states).filter((name) => name.startsWith("problem-") || name === "sign-in-address");
  test.each(problems)("%s", async (name) => {
    const window = await gallery.open({ javaScriptEnabled: name === "problem-form-of-another-site" });
    const { page } = window;
    await states[name]!.reach(gallery, window);
    const shown = await page.locator("main header").innerText();
    expect(shown).not.toMatch(/_|\bURI\b|client|parameter|symbolon|byte/i);
    const link = page.locator("details a");
    expect(await link.isVisible()).toBe(false);
    await page.getByText("For developers").click();
    await link.click();
    await page.getByText("What is wrong").waitFor();
    await window.context.close();
  });
});
