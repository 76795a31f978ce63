import { createHash } from "node:crypto";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../test/browser.ts";
import { show } from "../test/serve.ts";
import { consentView, problemView, reasonView, several, signInView, states } from "../test/states.ts";
import { pages } from "./index.ts";

let browser: Browser;
let context: BrowserContext;
beforeAll(async () => {
  browser = await launchBrowser();
  context = await browser.newContext({ viewport: { width: 320, height: 640 } });
});
afterAll(() => browser.close());

const hostile: Readonly<Record<string, string>> = {
  "an image with a handler": `<img src=x onerror="alert(1)">`,
  "a way out of an attribute": `"><svg onload="alert(1)">`,
  "a way out of single quotes": `' onfocus='alert(1)' autofocus='`,
  "a handler without brackets": `" onmouseover="alert(1)" style="position:fixed;inset:0" x="`,
  "a script": `</title></textarea></style></script><script>alert(1)</script>`,
  "a base and a refresh": `<base href="//evil.example/"><meta http-equiv="refresh" content="0;url=//evil.example">`,
  "a form of its own": `</form><form action="https://evil.example"><input name="password"><button>Sign in</button>`,
  "a comment that never ends": `<!--<![CDATA[<iframe srcdoc="<script>alert(1)</script>">`,
  "a javascript link": `javascript:alert(1)//`,
  "template syntax": "{{7*7}}${7*7}<%= 7*7 %>#{7*7}",
  "a right-to-left override": "\u202E\u2067moc.elgoog//:sptth\u202D",
  "10 kB of combining marks": `Z${"\u0334\u0323\u0337".repeat(3400)}`,
  "10 kB without a space": "W".repeat(10_000),
  "10 kB of lines": "line\r\n".repeat(1700),
  "invisible characters only": "\u0000\u200B\u2028\uFEFF",
};

/** Every page, with `text` as every string of its view. */
function everyPage(text: string): Record<string, string> {
  const form = { action: text, hidden: { [text]: text } };
  const frame = { assetsPath: "/assets/", language: text };
  const view = { ...frame, form, applicationName: text };
  return {
    signIn: pages.signIn({ ...view, email: text, problem: "wrong_credentials", cancel: form }),
    consent: pages.consent({
      ...consentView,
      ...view,
      application: { name: text, publisher: text, homePage: text, logo: text, policy: text, terms: text },
      email: text,
      switchAccount: form,
      problem: "choose_resource",
      redirect: { kind: "web", host: text },
      signOutHref: text,
      scopes: [
        { name: text, title: `${text}.`, detail: text, access: "read" },
        { name: text, title: `${text}.`, detail: text, access: "change" },
      ],
      resources: [
        { value: text, type: text, label: text },
        { value: `${text}2`, type: text, label: text },
      ],
    }),
    consentInApp: pages.consent({
      ...consentView,
      ...view,
      application: { name: text },
      resources: [{ value: text, type: text, label: text }],
      redirect: { kind: "app", scheme: text },
    }),
    signOut: pages.signOut({ ...frame, form, email: text }),
    home: pages.home({ ...frame, issuer: text, metadataHref: text, signOutHref: text }),
    problem: pages.problem({
      ...problemView,
      ...frame,
      reason: { name: text, href: text, message: text, remedy: text },
    }),
    reason: pages.reason({
      ...reasonView,
      ...frame,
      name: text,
      error: `${text}.`,
      message: text,
      remedy: text,
      clause: `RFC ${text}`,
      causes: [{ name: text, message: text, href: text }],
    }),
  };
}

/** Tag and attribute names of all elements, in order: the structure of the page as the browser parses it. */
const skeleton = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll("*")]
      .filter((element) => element.tagName !== "WBR")
      .map((element) => [element.tagName, ...element.getAttributeNames()].join(" ")),
  );

describe("WB-07: hostile text is inert, even without a content security policy", () => {
  test.each(Object.entries(hostile))("%s", async (_, text) => {
    const harmless = everyPage("harmless");
    for (const [name, markup] of Object.entries(everyPage(text))) {
      const { page, strays, complaints } = await show(context, markup, "");
      const elements = await skeleton(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      const tall = await page.evaluate(() => document.documentElement.scrollHeight);
      const hrefs = await page
        .locator("a, form, link")
        .evaluateAll((all) => all.map((it) => it.getAttribute("href") ?? it.getAttribute("action") ?? ""));
      await page.setContent(harmless[name] ?? "");
      expect({ name, elements }).toEqual({ name, elements: await skeleton(page) });
      expect({ name, strays, complaints }).toEqual({ name, strays: [], complaints: [] });
      expect({ name, tooWide: wide > 320, tooTall: tall > 6000 }).toEqual({ name, tooWide: false, tooTall: false });
      expect({
        name,
        foreign: hrefs.filter((href) => !/^(?:#|\/(?!\/)|https:\/\/www\.rfc-editor\.org\/)/.test(href)),
      }).toEqual({ name, foreign: [] });
      await page.close();
    }
  });

  test("hidden fields and the chosen resource are sent back byte for byte", async () => {
    const odd = `"><&amp;'\`\u202E{{7*7}}`;
    const { page, posts } = await show(
      context,
      pages.consent({
        ...consentView,
        form: { action: "/page", hidden: { transaction: odd } },
        resources: [{ ...several[0]!, value: odd }, several[1]!],
      }),
    );
    await page.getByRole("radio").first().check();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    expect([...posts[0]!]).toEqual([
      ["transaction", odd],
      ["resource", odd],
      ["decision", "allow"],
    ]);
    await page.close();
  });

  test("a right-to-left name does not reorder the sentence around it", async () => {
    const { page } = await show(context, pages.signIn({ ...signInView, applicationName: "שכר והנהלה" }));
    const places = await page.locator(".lead p").evaluate((p) => {
      const left = (node: Node): number => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return range.getBoundingClientRect().left;
      };
      return {
        before: left(p.firstChild!),
        name: left(p.querySelector("bdi")!),
        isolation: getComputedStyle(p.querySelector("bdi")!).unicodeBidi,
      };
    });
    expect(places.before).toBeLessThan(places.name);
    expect(places.isolation).toBe("isolate");
    await page.close();
  });
});

describe("WB-05: pages work under a strict content security policy", () => {
  test.each(Object.entries(states))("%s loads its stylesheet and its image, and nothing else", async (_, markup) => {
    const { page, strays, complaints } = await show(context, markup);
    expect({ strays, complaints }).toEqual({ strays: [], complaints: [] });
    expect(await page.evaluate(() => [...document.styleSheets].map((sheet) => sheet.cssRules.length > 20))).toEqual([
      true,
    ]);
    expect(
      await page
        .locator("img")
        .evaluateAll((all) => all.every((image) => image instanceof HTMLImageElement && image.naturalWidth > 0)),
    ).toBe(true);
    await page.close();
  });

  test("no page contains a style, a frame or an event handler, and only sign-in a script, whose digest is given", () => {
    for (const [name, markup] of Object.entries(states)) {
      const scripts = [...markup.matchAll(/<script>([^]*?)<\/script>/g)].map(([, text = ""]) => text);
      expect(scripts.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`)).toEqual(
        name.startsWith("sign-in") ? pages.signInScripts : [],
      );
      expect(markup.replaceAll("<script>", "")).not.toMatch(
        /<(?:script|style|iframe|object|embed)|\s(?:on\w+|style)=/i,
      );
    }
  });
});

describe("WB-05: everything works without JavaScript", () => {
  test("sign-in", async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const { page, posts } = await show(
      plain,
      pages.signIn({ ...signInView, form: { action: "/page", hidden: { csrf: "half" } } }),
    );
    await page.getByLabel("Email", { exact: true }).fill("ada@lovelace.example");
    await page.getByLabel("Password", { exact: true }).fill(" spaces stay ");
    await page.getByRole("button", { name: "Sign in" }).click();
    expect([...posts[0]!]).toEqual([
      ["csrf", "half"],
      ["email", "ada@lovelace.example"],
      ["password", " spaces stay "],
    ]);
    await plain.close();
  });

  test("consent: allow requires a choice; deny and switching the account do not", async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const { page, posts } = await show(plain, states["consent-several"]!);
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    expect(posts).toEqual([]);
    await page.getByRole("button", { name: "Deny" }).click();
    expect(posts[0]!.get("decision")).toBe("deny");
    await page.getByRole("button", { name: "Use another account" }).click();
    expect([...posts[1]!.keys()]).toEqual(["transaction"]);
    await page.getByRole("radio", { name: "Byron Bookkeeping" }).check();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    expect([posts[2]!.get("resource"), posts[2]!.get("decision")]).toEqual(["Practice/90aa", "allow"]);
    await plain.close();
  });

  test("the Enter key allows where a resource was chosen, and does nothing before that", async () => {
    const { page, posts } = await show(context, states["consent-several"]!);
    await page.keyboard.press("Enter");
    await page.getByRole("radio").first().focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Space");
    expect(posts).toEqual([]);
    await page.keyboard.press("Enter");
    await expect
      .poll(() => posts.map((post) => [post.get("decision"), post.get("resource")]), { timeout: 10_000 })
      .toEqual([["allow", "Company/8f2c"]]);
    await page.close();
  });
});
