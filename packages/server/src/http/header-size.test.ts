import { beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, signIn, type Browser } from "../../test/flows.ts";
import { makeWorld, password, type World } from "../../test/world.ts";

/** The limits of docs/endpoints.md, with the characters that percent-encoding makes longest. */
const redirectUri = `https://app.example/${"a".repeat(2028)}`;
const states = {
  "1,800 letters": "x".repeat(1800),
  "2 KiB of letters": "x".repeat(2048),
  "2 KiB of NUL": "\0".repeat(2048),
};

let world: World;
beforeAll(async () => {
  world = await makeWorld({ config: { issuer: "http://localhost:8787" } });
  await world.addApplication("app_short");
  await world.addApplication("app_long", { redirectUris: [redirectUri] });
  await world.addAccount("ann@example.com");
});

const requests = Object.entries(states).flatMap(([name, state]) => [
  [name, "a short redirect URI", authorizeUrl("app_short", { state })] as const,
  [name, "a redirect URI of 2,048", authorizeUrl("app_long", { state, redirect_uri: redirectUri })] as const,
]);

/** The bytes of status line and headers, with those that Node adds while it sends. */
const sizeOf = ({ headers }: { headers: Record<string, unknown> }): number =>
  Object.entries(headers)
    .flatMap(([name, value]) => [value].flat().map((line) => `${name}: ${String(line)}\r\n`))
    .join("").length + 200;

/** Every answer of a whole flow. */
async function flow(browser: Browser, url: string) {
  const page = await browser.get(url);
  const form = { ...hiddenFields(page.body), email: "ann@example.com", password };
  const wrong = await browser.post("/oauth/sign-in", { ...form, password: "wrong" });
  const next = await browser.post("/oauth/sign-in", form);
  const consent = await browser.get(next.location);
  const allowed = await browser.post("/oauth/consent", { ...hiddenFields(consent.body), decision: "allow" });
  const refused = await browser.get(`${url}&prompt=none`);
  const tooLong = await browser.get(`${url}${"x".repeat(2000)}`);
  return { page, wrong, next, consent, allowed, refused, tooLong };
}

describe("AP-11: behind nginx, which refuses answers whose headers exceed 4 KiB", () => {
  test.each(requests)("a state of %s and %s: all headers of every answer fit", async (_state, _uri, url) => {
    const answers = await flow(browserOf(world), url);
    expect(answers.consent.body).toContain("<h1>Consent</h1>");
    expect(answers.allowed.location).toContain("code=");
    for (const [name, answer] of Object.entries(answers)) expect(sizeOf(answer), name).toBeLessThan(4096);
  });
  test("an answer that would not fit is a page that goes on to the same address", async () => {
    const url = authorizeUrl("app_short", { state: "\0".repeat(2048), prompt: "none" });
    const answer = await browserOf(world).get(url);
    expect([answer.status, answer.headers["location"]]).toEqual([200, undefined]);
    expect(answer.location).toContain(`&state=${"%00".repeat(2048)}&iss=`);
    expect(answer.headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
  });
  test("the request for the consent page fits into a line of 8 KiB", async () => {
    for (const [, , url] of requests) {
      const { location } = await signInOnly(browserOf(world), url);
      expect(location.length).toBeLessThan(8000);
    }
  });
  const signInOnly = async (browser: Browser, url: string) => {
    const page = await browser.get(url);
    return await browser.post("/oauth/sign-in", { ...hiddenFields(page.body), email: "ann@example.com", password });
  };
  test("the usual answer stays a redirect", async () => {
    const browser = browserOf(world);
    const consent = await signIn(browser, authorizeUrl("app_short"), "ann@example.com");
    const answer = await browser.post("/oauth/consent", { ...hiddenFields(consent.body), decision: "allow" });
    expect([answer.status, answer.headers["location"]]).toEqual([303, answer.location]);
  });
});
