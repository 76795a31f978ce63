import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launchBrowser } from "./browser.ts";
import { show } from "./serve.ts";
import { states } from "./states.ts";

/**
 * `node apps/portal/test/screenshots.ts <directory> [state ...]`: every state, light and dark, on desktop and phone.
 */
const [directory, ...wanted] = process.argv.slice(2);
if (directory === undefined) throw new Error("Say where to: node apps/portal/test/screenshots.ts <directory>");
mkdirSync(directory, { recursive: true });

const screens = {
  desktop: { width: 1000, height: 900 },
  phone: { width: 375, height: 720 },
  narrow: { width: 320, height: 640 },
} as const;

const browser = await launchBrowser();
for (const colorScheme of ["light", "dark"] as const) {
  for (const [screen, viewport] of Object.entries(screens)) {
    const context = await browser.newContext({ colorScheme, viewport, reducedMotion: "reduce" });
    for (const [name, markup] of Object.entries(states)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const { page } = await show(context, markup);
      await page.screenshot({ path: join(directory, `${name}-${screen}-${colorScheme}.png`), fullPage: true });
      await page.close();
    }
    await context.close();
  }
}
await browser.close();
