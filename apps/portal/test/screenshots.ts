import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pages as plainPages } from "../src/index.ts";
import { launchBrowser } from "./browser.ts";
import { pagesOfAcme, pseudoTag } from "./pseudo-language.ts";
import { show } from "./serve.ts";
import { everyState } from "./states.ts";

/**
 * `node apps/portal/test/screenshots.ts DIRECTORY [STATE ...]`: every state of every page in English, German and a
 * language from right to left, with and without branding, light and dark, on a desktop and a narrow phone.
 */
const [directory, ...wanted] = parseArgs({ allowPositionals: true }).positionals;
if (directory === undefined) throw new Error("Say where to: node apps/portal/test/screenshots.ts DIRECTORY");
const known = Object.keys(everyState(plainPages, "en"));
const unknown = wanted.find((name) => !known.includes(name));
if (unknown !== undefined) throw new Error(`No state ${unknown}; there are ${known.join(", ")}`);
mkdirSync(directory, { recursive: true });

const looks = [
  ["en", plainPages, "en"],
  ["de", plainPages, "de"],
  ["en-branded", pagesOfAcme, "en"],
  ["de-branded", pagesOfAcme, "de"],
  ["rtl-branded", pagesOfAcme, pseudoTag],
] as const;

const browser = await launchBrowser();
try {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [screen, width] of [
      ["desktop", 1000],
      ["phone", 320],
    ] as const) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 640 } });
      for (const [label, pages, language] of looks) {
        for (const [name, markup] of Object.entries(everyState(pages, language))) {
          if (wanted.length > 0 && !wanted.includes(name)) continue;
          const { page } = await show(context, markup, undefined, pages);
          await page.screenshot({
            fullPage: true,
            path: join(directory, `${name}-${label}-${screen}-${colorScheme}.png`),
          });
          await page.close();
        }
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
}
