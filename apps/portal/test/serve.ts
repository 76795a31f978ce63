import type { BrowserContext, Page } from "playwright-core";
import type { Pages } from "@symbolon/server";
import { pages as plainPages } from "../src/index.ts";

/**
 * The headers that the server sends with the sign-in page, the only one with a script, so that a page that needs more
 * than the policy allows fails here.
 */
export const contentSecurityPolicy = `default-src 'none'; script-src ${plainPages.signInScripts.join(" ")}; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

export const origin = "http://portal.test";

export type Shown = {
  page: Page;
  /** Requests for anything else than the page and its assets. */
  strays: string[];
  /** The forms that were sent, in order. */
  posts: URLSearchParams[];
  /** Messages of the console, such as violations of the policy, and dialogs. */
  complaints: string[];
};

/**
 * Serves one page and its assets inside the browser, without network; other requests go to `strays`. With an empty
 * `policy`, only the markup protects the reader from a hostile string.
 */
export async function show(
  context: BrowserContext,
  markup: string,
  policy = contentSecurityPolicy,
  pages: Pages = plainPages,
): Promise<Shown> {
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
    if (asset !== undefined) return route.fulfill({ contentType: asset.contentType, body: Buffer.from(asset.body) });
    if (request.method() === "POST") {
      posts.push(new URLSearchParams(request.postData() ?? ""));
      return route.fulfill({ status: 204 }); // stay on the page: closing one that navigates hangs the browser
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
