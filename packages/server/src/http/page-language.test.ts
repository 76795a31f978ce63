import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, signIn } from "../../test/flows.ts";
import { leave, makeHandOffWorld } from "../../test/hand-off.ts";
import { makeWorld, password, type World } from "../../test/world.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addApplication("app_native", {
    type: "public",
    authMethod: "none",
    secrets: [],
    redirectUris: ["com.example.app:/cb"],
  });
  await world.addAccount("ann@example.com");
});

const german = { "accept-language": "de-AT, de;q=0.9, en;q=0.8" };
const languageOf = ({ headers }: { headers: Record<string, unknown> }) => headers["content-language"];

describe("RFC 9110 §12.5.4, §8.5: a page is in the language that the browser asks for", () => {
  test.each(["/", "/nothing", "/errors/invalid_grant", "/oauth/sign-out", "/oauth/sign-in", authorizeUrl("app_one")])(
    "%s, and says that it depends on Accept-Language",
    async (url) => {
      const inGerman = await browserOf(world).get(url, german);
      expect(inGerman.headers).toMatchObject({ "content-language": "de", vary: "accept-language" });
      expect(languageOf(await browserOf(world).get(url))).toBe("en");
      expect(languageOf(await browserOf(world).get(url, { "accept-language": "fr" }))).toBe("en");
    },
  );
  test("a redirect and JSON have no language", async () => {
    const redirect = await browserOf(world).get(authorizeUrl("app_one", { prompt: "none" }), german);
    expect(redirect.status).toBe(303);
    expect(languageOf(redirect)).toBeUndefined();
    const json = await browserOf(world).get("/errors/invalid_grant", { ...german, accept: "application/json" });
    expect(languageOf(json)).toBeUndefined();
  });
});

describe("OpenID Connect Core §3.1.2.1: ui_locales", () => {
  test("holds for a person who comes back from the provider's own login page without having signed in", async () => {
    const { world: handOff } = await makeHandOffWorld();
    const { browser, id } = await leave(handOff, { ui_locales: "de" });
    const back = await browser.get(`/oauth/sign-in/return?sign_in=${id}`, { "accept-language": "en" });
    expect({ status: back.status, language: languageOf(back) }).toEqual({ status: 400, language: "de" });
  });
  test("wins over the browser, through sign-in and consent", async () => {
    const browser = browserOf(world);
    const page = await browser.get(authorizeUrl("app_one", { ui_locales: "xx de" }), { "accept-language": "en" });
    expect(languageOf(page)).toBe("de");
    const wrong = await browser.post("/oauth/sign-in", {
      ...hiddenFields(page.body),
      email: "ann@example.com",
      password: "wrong",
    });
    expect({ status: wrong.status, language: languageOf(wrong) }).toEqual({ status: 400, language: "de" });
    const signedIn = await browser.post("/oauth/sign-in", {
      ...hiddenFields(wrong.body),
      email: "ann@example.com",
      password,
    });
    const consent = await browser.get(signedIn.location);
    expect(languageOf(consent)).toBe("de");
    const refused = await browser.post("/oauth/consent", hiddenFields(consent.body), {
      "sec-fetch-site": "cross-site",
    });
    expect({ status: refused.status, language: languageOf(refused) }).toEqual({ status: 403, language: "de" });
  });
  test("is kept when the page expires, and on the page that leads to an app", async () => {
    const browser = browserOf(world);
    const consent = await signIn(
      browser,
      authorizeUrl("app_native", { redirect_uri: "com.example.app:/cb", ui_locales: "de" }),
      "ann@example.com",
    );
    world.advance(600);
    const again = await browser.post("/oauth/consent", { ...hiddenFields(consent.body), decision: "allow" });
    expect(again.body).toContain("expired");
    expect(languageOf(again)).toBe("de");
    const toApp = await browser.post("/oauth/consent", { ...hiddenFields(again.body), decision: "allow" });
    expect(toApp.body).toContain("<h1>Redirect</h1>");
    expect(languageOf(toApp)).toBe("de");
  });
  test("falls back to Accept-Language if it names no language of the pages", async () => {
    expect(languageOf(await browserOf(world).get(authorizeUrl("app_one", { ui_locales: "fr es-419" }), german))).toBe(
      "de",
    );
  });
  test("a refused request is told in its language, too", async () => {
    const answer = await browserOf(world).get(authorizeUrl("app_none", { ui_locales: "de" }));
    expect({ status: answer.status, language: languageOf(answer) }).toEqual({ status: 400, language: "de" });
  });
  test("twice is refused as any repeated parameter", async () => {
    const { location } = await browserOf(world).get(`${authorizeUrl("app_one", { ui_locales: "de" })}&ui_locales=en`);
    expect(new URL(location).searchParams.get("error")).toBe("invalid_request");
  });
  test.each([
    ["a line break and a header", "de\r\nset-cookie: a=b"],
    ["markup", '"><script>alert(1)</script>'],
    ["a path", "../../etc/passwd"],
    ["the name of a property", "__proto__ constructor"],
    ["ten thousand tags", "zz ".repeat(10_000)],
    ["a tag of ten thousand letters", "d".repeat(10_000)],
    ["bytes that are no text", "\u0000\u202e\ufffd"],
  ])("WB-22: %s chooses no language and reaches no answer", async (_, ui_locales) => {
    const browser = browserOf(world);
    const answer = await browser.post(
      "/oauth/authorize",
      Object.fromEntries(new URL(authorizeUrl("app_one", { ui_locales }), "http://a").searchParams),
    );
    expect({ status: answer.status, language: languageOf(answer) }).toEqual({ status: 200, language: "en" });
    expect(answer.body).not.toContain("script>");
    expect(answer.headers["set-cookie"]).not.toContain("a=b");
    expect(hiddenFields(answer.body)["transaction"]!.length).toBeLessThan(1500);
  });
  test("WB-22: a forged transaction chooses no language", async () => {
    const rest = Buffer.from(JSON.stringify({ uiLocales: ["de"] })).toString("base64url");
    expect(languageOf(await browserOf(world).get(`/oauth/consent?transaction=${rest}..AAAA`))).toBe("en");
  });
});
