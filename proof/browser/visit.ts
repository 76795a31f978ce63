import { expect } from "vitest";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

/** One user in one browser window. */
export type Visit = {
  page: Page;
  context: BrowserContext;
  /** Errors and warnings of the console (content security policy violations too), exceptions, and failed loads. */
  complaints: string[];
};

export type Look = Pick<BrowserContextOptions, "javaScriptEnabled" | "colorScheme" | "viewport" | "hasTouch">;

export const desktop = { viewport: { width: 1280, height: 800 } };
export const phone = { viewport: { width: 375, height: 667 }, hasTouch: true };

/** A load was cancelled because the test left the page. */
const movedOn = "net::ERR_ABORTED";

export async function visit(browser: Browser, look: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext(look);
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    if (why !== movedOn) complaints.push(`failed: ${request.method()} ${request.url()} ${why}`);
  });
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  return { page, context, complaints };
}

/** The unexpected problems. The console reports every page that is not a 200, such as the 400 of a wrong password. */
export const unexpected = ({ complaints }: Visit, expectedStatus?: number): string[] =>
  complaints.filter(
    (complaint) =>
      expectedStatus === undefined || !complaint.includes(`the server responded with a status of ${expectedStatus}`),
  );

/** WB-06: scripts cannot read the cookies, and forms of other sites do not send them. */
export async function expectGuardedCookies({ context }: Visit, origin: string): Promise<void> {
  const cookies = await context.cookies(origin);
  expect(cookies.map(({ name }) => name).sort()).toEqual(["symbolon-browser", "symbolon-device", "symbolon-session"]);
  for (const cookie of cookies) expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
}

/** Whether the page is painted dark, by what stands behind its text. */
export const isDark = ({ page }: Visit): Promise<boolean> =>
  page.evaluate(() => {
    const [red = 0, green = 0, blue = 0] = (getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g) ?? []).map(
      Number,
    );
    return red + green + blue < 3 * 128;
  });

/** Presses Tab until the element of that name has the focus. */
export async function tabTo({ page }: Visit, name: string | RegExp): Promise<void> {
  const target = page.getByRole("button", { name }).or(page.getByRole("radio", { name })).or(page.getByLabel(name));
  for (let presses = 0; presses < 20; presses++) {
    if (await target.evaluateAll((found) => found.some((element) => element === document.activeElement))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reached ${String(name)}.`);
}
