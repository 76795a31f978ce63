import type { BrowserContext, Page } from "playwright-core";
import { pages } from "../src/index.ts";

/**
 * What the server sends along with a page, so that a page which needs more than the policy allows fails here already.
 */
export const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

export const origin = "http://portal.test";

export type Shown = {
  page: Page;
  /** Requests for anything but the page and its assets. */
  strays: string[];
  /** The forms that were sent, in order. */
  posts: URLSearchParams[];
  /** What the console said, violations of the policy among it, and dialogs. */
  complaints: string[];
};

/**
 * Answers for one page and for its assets inside the browser, with no network: everything else is noted in `strays`.
 * With `policy` empty, nothing but the markup itself stands between a hostile string and the reader.
 */
export async function show(context: BrowserContext, markup: string, policy = contentSecurityPolicy): Promise<Shown> {
  const page = await context.newPage();
  const strays: string[] = [];
  const posts: URLSearchParams[] = [];
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  await page.route("**/*", async (route) => {
    const request = route.request();
    const path = request.url().startsWith(`${origin}/`) ? request.url().slice(origin.length) : undefined;
    const asset = path?.startsWith("/assets/") === true ? pages.assets[path.slice("/assets/".length)] : undefined;
    if (asset !== undefined) return route.fulfill({ contentType: asset.contentType, body: asset.body.toString() });
    if (request.method() === "POST") {
      posts.push(new URLSearchParams(request.postData() ?? ""));
      return route.fulfill({ status: 204 }); // the page stays: one that is closed while it navigates hangs its browser
    }
    if (path !== "/page") strays.push(request.url());
    return route.fulfill({
      contentType: "text/html; charset=utf-8",
      headers: { "content-security-policy": policy },
      body: markup,
    });
  });
  await page.goto(`${origin}/page`);
  return { page, strays, posts, complaints };
}
