import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, signIn, type Browser } from "../../test/flows.ts";
import { makeWorld, type World } from "../../test/world.ts";

const cookieName = "symbolon-session";
let world: World;
let browser: Browser;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addAccount("ann@example.com");
  await world.addAccount("bea@example.com");
  browser = browserOf(world);
});

const signInAs = (email: string) => signIn(browser, authorizeUrl("app_one", { prompt: "login" }), email);
const page = async () => await browser.get("/oauth/sign-out");
/** Whether a browser with this cookie is signed in. */
const isSignedIn = async (cookie: string) => {
  const other = browserOf(world);
  other.cookies.set(cookieName, cookie);
  return (await other.get(authorizeUrl("app_one", { prompt: "consent" }))).body.includes("<h1>Consent</h1>");
};

describe("WB-06: signing out needs no authorization request", () => {
  test("the page says who is signed in, and its form ends the session on the server and in the browser", async () => {
    await signInAs("ann@example.com");
    const cookie = browser.cookies.get(cookieName)!;
    const shown = await page();
    expect(shown).toMatchObject({ status: 200, body: expect.stringContaining("<p>ann@example.com</p>") });
    const answer = await browser.post("/oauth/sign-out", hiddenFields(shown.body));
    expect(answer).toMatchObject({ status: 303, location: "/oauth/sign-out" });
    expect(browser.cookies.has(cookieName)).toBe(false);
    expect(await isSignedIn(cookie)).toBe(false);
    expect((await page()).body).toContain("<p>not signed in</p>");
  });
  test("a visitor without a session is told so, also by the form", async () => {
    expect(await page()).toMatchObject({ status: 200, body: expect.stringContaining("<p>not signed in</p>") });
    expect((await browser.post("/oauth/sign-out", {})).body).toContain("<p>not signed in</p>");
  });
  test("visiting the page ends nothing", async () => {
    await signInAs("ann@example.com");
    await page();
    expect(await isSignedIn(browser.cookies.get(cookieName)!)).toBe(true);
  });
});

describe("WB-01, RFC 9700 §4.7: only a form of this session ends it", () => {
  const expectUnchanged = async (form: Record<string, string>, headers?: Record<string, string>) => {
    const cookie = browser.cookies.get(cookieName)!;
    const answer = await browser.post("/oauth/sign-out", form, headers);
    expect(String(answer.headers["set-cookie"] ?? "")).not.toContain("session");
    expect(await isSignedIn(cookie)).toBe(true);
    return answer;
  };
  test.each<[string, Record<string, string>]>([
    ["from another site", { "sec-fetch-site": "cross-site" }],
    ["from a sibling domain", { "sec-fetch-site": "same-site" }],
    ["from another origin", { origin: "https://evil.example" }],
  ])("a form %s is refused", async (_, headers) => {
    await signInAs("ann@example.com");
    const answer = await expectUnchanged(hiddenFields((await page()).body), headers);
    expect(answer).toMatchObject({ status: 403, body: expect.stringContaining("<p>cross_site_form</p>") });
  });
  test("a form without its CSRF value shows the page again, with one that works", async () => {
    await signInAs("ann@example.com");
    const again = await expectUnchanged({});
    expect(again).toMatchObject({ status: 200, body: expect.stringContaining("<p>ann@example.com</p>") });
    expect((await browser.post("/oauth/sign-out", hiddenFields(again.body))).status).toBe(303);
  });
  test("a form of the account that was signed in before does not sign out the next one", async () => {
    await signInAs("ann@example.com");
    const old = hiddenFields((await page()).body);
    await signInAs("bea@example.com");
    expect((await expectUnchanged(old)).body).toContain("<p>bea@example.com</p>");
  });
  test("the value of a consent form does not sign out, and that of the sign-out form gives no consent", async () => {
    const consent = hiddenFields((await signInAs("ann@example.com")).body);
    await expectUnchanged({ csrf: consent["csrf"]! });
    const { csrf = "" } = hiddenFields((await page()).body);
    const answer = await browser.post("/oauth/consent", { ...consent, csrf, decision: "allow" });
    expect(answer.status).toBe(403);
    expect(answer.location).not.toContain("code=");
  });
});
