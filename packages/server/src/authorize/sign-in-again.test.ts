import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, signIn, type Browser } from "../../test/flows.ts";
import { makeWorld, password, type World } from "../../test/world.ts";

let world: World;
let browser: Browser;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addAccount("ann@example.com");
  browser = browserOf(world);
  const consent = await signIn(browser, authorizeUrl("app_one"), "ann@example.com");
  await browser.post("/oauth/consent", { ...hiddenFields(consent.body), decision: "deny" });
});

const ask = (parameters: Record<string, string>) => browser.get(authorizeUrl("app_one", parameters));
const typePassword = (page: { body: string }) =>
  browser.post("/oauth/sign-in", { ...hiddenFields(page.body), email: "ann@example.com", password });
const isSignIn = (page: { body: string }) => page.body.includes("<h1>Sign in</h1>");
const isConsent = (page: { body: string }) => page.body.includes("<h1>Consent</h1>");
const errorOf = ({ location }: { location: string }) => new URL(location).searchParams.get("error");

describe("AP-17: a signed-in user gets the consent page", () => {
  test("without a prompt", async () => expect(isConsent(await ask({}))).toBe(true));
  test("with prompt=consent", async () => expect(isConsent(await ask({ prompt: "consent" }))).toBe(true));
  test("within max_age", async () => {
    world.advance(100);
    expect(isConsent(await ask({ max_age: "100" }))).toBe(true);
  });
});

describe("AP-17: prompt=login and prompt=select_account ask for the password again", () => {
  test.each(["login", "select_account", "login consent"])(
    "prompt=%s shows the sign-in page, then consent",
    async (prompt) => {
      const page = await ask({ prompt });
      expect(isSignIn(page)).toBe(true);
      const next = await typePassword(page);
      expect(isConsent(await browser.get(next.location))).toBe(true);
    },
  );

  test("the consent page is not shown without it", async () => {
    const { transaction } = hiddenFields((await ask({ prompt: "login" })).body);
    const skipped = await browser.get(`/oauth/consent?transaction=${encodeURIComponent(transaction!)}`);
    expect(isSignIn(skipped)).toBe(true);
  });

  test("consent posted with the old session leads to the sign-in page", async () => {
    const plain = hiddenFields((await ask({})).body);
    const fresh = hiddenFields((await ask({ prompt: "login" })).body);
    const answer = await browser.post("/oauth/consent", {
      transaction: fresh["transaction"]!,
      csrf: plain["csrf"]!,
      decision: "allow",
    });
    expect(answer.location).toMatch(/^\/oauth\/consent\?/);
    expect(isSignIn(await browser.get(answer.location))).toBe(true);
    expect(await world.store.grants.list({ limit: 10 })).toEqual([]);
  });

  test("a sign-in in another tab does not count", async () => {
    const page = await ask({ prompt: "login" });
    await signIn(browser, authorizeUrl("app_one", { prompt: "login" }), "ann@example.com");
    const { transaction } = hiddenFields(page.body);
    expect(isSignIn(await browser.get(`/oauth/consent?transaction=${encodeURIComponent(transaction!)}`))).toBe(true);
  });
});

describe("AP-17: max_age", () => {
  test("asks again after an older sign-in", async () => {
    world.advance(101);
    expect(isSignIn(await ask({ max_age: "100" }))).toBe(true);
  });
  test("max_age=0 asks again after a second, and the new sign-in is valid through consent", async () => {
    world.advance(1);
    const page = await ask({ max_age: "0" });
    expect(isSignIn(page)).toBe(true);
    const consent = await browser.get((await typePassword(page)).location);
    world.advance(60);
    const answer = await browser.post("/oauth/consent", { ...hiddenFields(consent.body), decision: "allow" });
    expect(answer.location).toContain("code=sym_ac_");
  });
  test("is checked when the form is posted, too", async () => {
    world.advance(90);
    const consent = await ask({ max_age: "100" });
    world.advance(20);
    const answer = await browser.post("/oauth/consent", { ...hiddenFields(consent.body), decision: "allow" });
    expect(answer.location).toMatch(/^\/oauth\/consent\?/);
    expect(isSignIn(await browser.get(answer.location))).toBe(true);
  });
});

describe("AP-17, OpenID Connect Core §3.1.2.6: prompt=none never shows a page", () => {
  test("no user signed in: login_required", async () =>
    expect(errorOf(await browserOf(world).get(authorizeUrl("app_one", { prompt: "none" })))).toBe("login_required"));
  test("signed in too long ago: login_required", async () => {
    world.advance(101);
    expect(errorOf(await ask({ prompt: "none", max_age: "100" }))).toBe("login_required");
  });
  test("no consent yet: consent_required", async () =>
    expect(errorOf(await ask({ prompt: "none" }))).toBe("consent_required"));
});

describe("RFC 6749 §4.1.1: login_hint", () => {
  const hinted = async (login_hint: string) =>
    (await browserOf(world).get(authorizeUrl("app_one", { login_hint }))).body;
  test("fills the e-mail field", async () =>
    expect(await hinted("ann@example.com")).toContain("<p>ann@example.com</p>"));
  test("is escaped", async () => expect(await hinted('"><svg onload=x>')).not.toContain("<svg"));
  test("is cut to the length of an e-mail address", async () =>
    expect(await hinted("a".repeat(2000))).toContain(`<p>${"a".repeat(254)}</p>`));
  test("shows the same page for an unknown address", async () => {
    const known = await browserOf(world).get(authorizeUrl("app_one", { login_hint: "ann@example.com" }));
    const unknown = await browserOf(world).get(authorizeUrl("app_one", { login_hint: "zoe@example.com" }));
    expect({ ...known.headers, "content-length": 0, "set-cookie": 0, date: 0 }).toEqual({
      ...unknown.headers,
      "content-length": 0,
      "set-cookie": 0,
      date: 0,
    });
    expect(unknown.status).toBe(known.status);
  });
});
