import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../test/browser.ts";
import { show } from "../test/serve.ts";
import { signInView } from "../test/states.ts";
import { pages } from "./index.ts";

let browser: Browser;
beforeAll(async () => void (browser = await launchBrowser()));
afterAll(() => browser.close());

const markup = pages.signIn({ ...signInView, form: { action: "/page", hidden: {} } });

describe("WB-05: a checkbox shows the typed password, under the policy of the page", () => {
  test("shows and hides it, and the field is a password again when the form is sent", async () => {
    const context = await browser.newContext();
    const { page, posts, complaints } = await show(context, markup);
    const field = page.getByLabel("Password", { exact: true });
    const box = page.getByLabel("Show password");
    await page.getByLabel("Email", { exact: true }).fill("ada@lovelace.example");
    await field.fill("correct horse");
    expect(await field.getAttribute("type")).toBe("password");
    await box.check();
    expect([await field.getAttribute("type"), await field.inputValue()]).toEqual(["text", "correct horse"]);
    await box.uncheck();
    expect(await field.getAttribute("type")).toBe("password");
    await box.check();
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect.poll(() => posts.map((post) => [...post.keys()])).toEqual([["email", "password"]]);
    expect(await field.getAttribute("type")).toBe("password");
    expect(await field.getAttribute("autocomplete")).toBe("current-password");
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("is not offered without JavaScript, and sign-in works", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const { page, posts } = await show(context, markup);
    expect(await page.getByText("Show password").isVisible()).toBe(false);
    await page.getByLabel("Email", { exact: true }).fill("ada@lovelace.example");
    await page.getByLabel("Password", { exact: true }).fill("correct horse");
    await page.keyboard.press("Enter");
    await expect.poll(() => posts.map((post) => post.get("password"))).toEqual(["correct horse"]);
    await context.close();
  });

  test("a policy without its digest stops it, so the policy is tested", async () => {
    const context = await browser.newContext();
    const { page, complaints } = await show(context, markup, "default-src 'none'; style-src 'self'; img-src 'self'");
    expect(await page.getByText("Show password").isVisible()).toBe(false);
    expect(complaints.join()).toContain("inline script");
    await context.close();
  });
});

describe("Enter signs in, although the page has a second button", () => {
  test("the way back to the application has a form of its own, without the password", async () => {
    const context = await browser.newContext();
    const { page, posts } = await show(
      context,
      pages.signIn({ ...signInView, cancel: { action: "/page", hidden: { csrf: "half", decision: "deny" } } }),
    );
    await page.getByLabel("Password", { exact: true }).fill("correct horse");
    await page.getByRole("button", { name: "Cancel and go back to Fernleaf Payroll" }).click();
    expect([...posts[0]!]).toEqual([
      ["csrf", "half"],
      ["decision", "deny"],
    ]);
    await context.close();
  });
});
