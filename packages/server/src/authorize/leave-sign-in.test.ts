import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, signIn, type Browser } from "../../test/flows.ts";
import { issuer, makeWorld, password, redirectUri, type World } from "../../test/world.ts";

let world: World;
let browser: Browser;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addAccount("ann@example.com");
  browser = browserOf(world);
});
const fields = async () => hiddenFields((await browser.get(authorizeUrl("app_one"))).body);
const leave = async (more: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  await browser.post("/oauth/sign-in", { ...(await fields()), decision: "deny", ...more }, headers);

describe("RFC 6749 §4.1.2.1: a user leaves the sign-in page", () => {
  test("the application hears access_denied, with its state and the issuer", async () => {
    const { status, location } = await leave();
    expect(status).toBe(303);
    expect(location.startsWith(`${redirectUri}?`)).toBe(true);
    const answer = new URL(location).searchParams;
    expect([answer.get("error"), answer.get("state"), answer.get("iss")]).toEqual(["access_denied", "s t&ate", issuer]);
    expect(answer.has("code")).toBe(false);
    expect(world.events).toContainEqual({ name: "authorize.denied", client: "app_one" });
  });
  test("a typed password is not looked at, and nothing counts as a failed sign-in", async () => {
    const { verify } = world.deps.passwords;
    const seen: unknown[] = [];
    world.deps.passwords = { ...world.deps.passwords, verify: (...asked) => (seen.push(asked), verify(...asked)) };
    for (let at = 0; at < 20; at++) await leave({ email: "ann@example.com", password });
    expect(seen).toEqual([]);
    expect((await signIn(browser, authorizeUrl("app_one"), "ann@example.com")).body).toContain("<h1>Consent</h1>");
  });
  test("WB-02: another site cannot answer for the user, nor can a form that was shown to another browser", async () => {
    const foreign = await leave({}, { "sec-fetch-site": "cross-site" });
    expect(foreign).toMatchObject({ status: 403, body: expect.stringContaining("<p>cross_site_form</p>") });
    const theirs = hiddenFields((await browserOf(world).get(authorizeUrl("app_one"))).body);
    expect((await leave(theirs)).status).toBe(403);
  });
});

describe("GET of the sign-in form's address", () => {
  test("is a page that says where sign-in starts", async () => {
    const { status, headers, body } = await browser.get("/oauth/sign-in");
    expect([status, headers["content-type"]]).toEqual([400, "text/html;charset=utf-8"]);
    expect(body).toContain("<p>no_application</p>");
  });
  test("goes on with the transaction in the address", async () => {
    const { transaction = "" } = await fields();
    const page = await browser.get(`/oauth/sign-in?transaction=${encodeURIComponent(transaction)}`);
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining("<h1>Sign in</h1>") });
    const answer = await browser.post("/oauth/sign-in", {
      ...hiddenFields(page.body),
      email: "ann@example.com",
      password,
    });
    expect(answer.location).toMatch(/^\/oauth\/consent\?transaction=/);
  });
  test("refuses a transaction that was changed", async () => {
    const { transaction = "" } = await fields();
    expect((await browser.get(`/oauth/sign-in?transaction=${transaction.slice(1)}`)).status).toBe(403);
  });
});

describe("HT-08: a browser that uses another method at the address of a page", () => {
  test.each(["/oauth/authorize", "/oauth/sign-in", "/oauth/sign-out", "/oauth/consent"])(
    "%s answers 405 with a page and Allow",
    async (url) => {
      const headers = { host: "localhost:8787", accept: "text/html" };
      const answer = await world.app.inject({ method: "PUT", url, headers });
      expect(answer.statusCode).toBe(405);
      expect(answer.headers).toMatchObject({ allow: "GET, HEAD, POST", "content-type": "text/html;charset=utf-8" });
      expect(answer.body).toContain("<p>not_for_people</p>");
    },
  );
});

describe("OpenID Connect Core §3.1.2.1: a user who is signed in must sign in again", () => {
  test("the page says so, and is no error", async () => {
    await signIn(browser, authorizeUrl("app_one"), "ann@example.com");
    const again = await browser.get(authorizeUrl("app_one", { prompt: "login" }));
    expect(again).toMatchObject({ status: 200, body: expect.stringContaining("<p>sign_in_again</p>") });
  });
});
