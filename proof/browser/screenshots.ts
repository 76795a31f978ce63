import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { openGallery } from "./gallery.ts";
import { states } from "./states.ts";

/**
 * `node proof/browser/screenshots.ts <directory> [state ...]`: every state of a real server, light and dark, on a
 * desktop, a phone and a narrow phone: the whole page, and as `-first` what the screen shows of it at first.
 */
const [directory, ...wanted] = parseArgs({ allowPositionals: true }).positionals;
if (directory === undefined) throw new Error("Say where to: node proof/browser/screenshots.ts <directory>");
const unknown = wanted.find((name) => !(name in states));
if (unknown !== undefined) throw new Error(`No state ${unknown}; there are ${Object.keys(states).join(", ")}`);
mkdirSync(directory, { recursive: true });

const screens = {
  desktop: { width: 1000, height: 900 },
  phone: { width: 375, height: 667 },
  narrow: { width: 320, height: 568 },
} as const;

const gallery = await openGallery();
try {
  for (const [name, { reach, shows }] of Object.entries(states)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const window = await gallery.open({ reducedMotion: "reduce" });
    await reach(gallery, window);
    await window.page.getByText(shows).first().waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      for (const [screen, viewport] of Object.entries(screens)) {
        await window.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await window.page.setViewportSize(viewport);
        await photograph(window.page, join(directory, `${name}-${screen}-${colorScheme}`));
      }
    }
    await window.context.close();
  }
} finally {
  await gallery.close();
}

async function photograph(page: Page, path: string): Promise<void> {
  const { width, height } = page.viewportSize()!;
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  if (whole > height) await page.screenshot({ path: `${path}-first.png` });
  await page.setViewportSize({ width, height: Math.max(whole, height) });
  await page.screenshot({ path: `${path}.png` });
}
