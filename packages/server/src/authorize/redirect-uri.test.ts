import { beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf } from "../../test/flows.ts";
import { challenge, makeWorld, redirectUri, type World } from "../../test/world.ts";

const registered = "https://good.example/cb";
const native = "com.example.app:/cb";
const loopbacks = ["http://127.0.0.1/cb", "http://[::1]/cb"];
let world: World;

beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app_one", { redirectUris: [registered] });
  await world.addApplication("app_two", { redirectUris: [redirectUri, "https://other.example/cb"] });
  await world.addApplication("app_native", {
    type: "public",
    authMethod: "none",
    secrets: [],
    redirectUris: [native, ...loopbacks],
  });
  await world.addApplication("app_pattern", { redirectUris: ["https://*.good.example/cb", "https://good.example/.*"] });
  await world.addApplication("app_loopback", { redirectUris: ["http://127.0.0.1/cb"] });
});

const ask = (client: string, redirect: string, more: Record<string, string> = {}) =>
  browserOf(world).get(authorizeUrl(client, { redirect_uri: redirect, ...more }));
const askWithout = (client: string, extra = "") =>
  browserOf(world).get(
    `/oauth/authorize?response_type=code&client_id=${client}&code_challenge=${challenge}&code_challenge_method=S256${extra}`,
  );

function expectOwnErrorPage(answer: { status: number; location: string; body: string }, reason: string) {
  expect(answer).toMatchObject({ status: 400, location: "" });
  expect(answer.body).toContain("<h1>Problem</h1>");
  expect(answer.body).toContain(reason);
}

const unregistered = {
  "AZ-01": [
    `${registered}/`,
    "https://good.example/CB",
    `${registered}?x=1`,
    `${registered}#f`,
    `${registered}?`,
    "//good.example/cb",
    "good.example/cb",
  ],
  "AZ-02": ["https://good.example.evil.example/cb", "https://good.examplex/cb", "https://xgood.example/cb"],
  "AZ-03": [
    "https://good.example@evil.example/cb",
    "https://good.example%2f@evil.example/cb",
    "https://user:pw@good.example/cb",
  ],
  "AZ-04": ["https://good.example\\@evil.example/cb", "https:\\\\good.example\\cb"],
  "AZ-05": [
    "https://good.example/a/../cb",
    "https://good.example/cb/..%2f..%2fx",
    "https://good.example/%63b",
    `${registered}%00`,
    `${registered}%0d%0a`,
  ],
  "AZ-06": ["https://good.example:443/cb", "HTTPS://GOOD.EXAMPLE/cb"],
  "AZ-07": [
    "https://good。example/cb",
    "https://ɡood.example/cb",
    "https://①②⑦.0.0.1/cb",
    "https://good.example./cb",
    "https://\u202egood.example/cb",
    "https://go\u200bod.example/cb",
  ],
  "AZ-08": ["java\tscript:alert(1)", `${registered}?x=1\n&y`, `${registered}\r\nSet-Cookie: a=b`, `${registered}\0`],
  "AZ-09": ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "about:blank"],
};

describe.each(Object.entries(unregistered))(
  "%s, RFC 6749 §4.1.2.1, RFC 9700 §4.11: an unregistered redirect URI gets an error page and no Location",
  (_, uris) => {
    test.each(uris)("%j", async (uri) => expectOwnErrorPage(await ask("app_one", uri), "redirect_uri_unregistered"));
  },
);

describe("AZ-10, RFC 8252 §7.3: only the port of a registered loopback address may differ", () => {
  test.each(["http://127.0.0.1:51004/cb", "http://[::1]:8080/cb", "http://127.0.0.1/cb"])("accepts %s", async (uri) => {
    const page = await ask("app_native", uri);
    expect(page.status).toBe(200);
    expect(page.body).toContain("Sign in");
  });
  test.each([
    "http://localhost.evil.example/cb",
    "http://127.0.0.1.nip.io/cb",
    "http://0x7f.1/cb",
    "http://2130706433/cb",
    "http://[::ffff:127.0.0.1]/cb",
    "http://127.0.0.1:51004/cb?x=1",
    "http://localhost:51004/cb",
    "http://127.0.0.1:99999/cb",
    "http://127.0.0.1:51004@evil.example/cb",
  ])("refuses %s", async (uri) => expectOwnErrorPage(await ask("app_native", uri), "redirect_uri_unregistered"));

  test("redirects to the port of the request", async () => {
    const answer = await ask("app_native", "http://127.0.0.1:51004/cb", { prompt: "none" });
    expect(answer.location).toMatch(/^http:\/\/127\.0\.0\.1:51004\/cb\?error=login_required&/);
  });
});

describe("AZ-11: wildcards and patterns are literal text", () => {
  test.each(["https://a.good.example/cb", "https://good.example/anything"])("refuses %s", async (uri) =>
    expectOwnErrorPage(await ask("app_pattern", uri), "redirect_uri_unregistered"),
  );
});

describe("AZ-12, RFC 6749 §3.1: redirect_uri omitted or repeated", () => {
  test("uses the only registered one", async () => {
    const answer = await askWithout("app_one", "&prompt=none");
    expect(answer.location).toMatch(/^https:\/\/good\.example\/cb\?error=login_required&/);
  });
  test("treats an empty one as omitted", async () => {
    expect((await askWithout("app_one", "&prompt=none&redirect_uri=")).location).toMatch(
      /^https:\/\/good\.example\/cb\?/,
    );
  });
  test("shows an error page if several are registered", async () =>
    expectOwnErrorPage(await askWithout("app_two"), "redirect_uri_missing"));
  test("shows an error page for a loopback address, whose port is unknown", async () =>
    expectOwnErrorPage(await askWithout("app_loopback"), "redirect_uri_missing"));
  test("shows an error page if it is sent twice, even with equal registered values", async () => {
    const twice = `${authorizeUrl("app_one", { redirect_uri: registered })}&redirect_uri=${encodeURIComponent(registered)}`;
    expectOwnErrorPage(await browserOf(world).get(twice), "parameter_repeated");
  });
});

describe("AZ-13: the redirect URI of another application", () => {
  test("gets an error page", async () => {
    expectOwnErrorPage(await ask("app_one", redirectUri), "redirect_uri_unregistered");
    expectOwnErrorPage(await ask("app_two", registered), "redirect_uri_unregistered");
  });
});

describe("AZ-14: prompt=none checks the redirect URI, too", () => {
  test("shows an error page for an unregistered one", async () =>
    expectOwnErrorPage(
      await ask("app_one", "https://evil.example/cb", { prompt: "none" }),
      "redirect_uri_unregistered",
    ));
});

describe("AZ-18: a private-use scheme", () => {
  test("is accepted for the native application that registered it", async () => {
    const answer = await ask("app_native", native, { prompt: "none" });
    expect(answer.location).toMatch(/^com\.example\.app:\/cb\?error=login_required&/);
  });
  test.each(["com.example.app:/cb2", "com.example.app://cb", "COM.example.app:/cb", "com.example.app:cb"])(
    "refuses %s",
    async (uri) => expectOwnErrorPage(await ask("app_native", uri), "redirect_uri_unregistered"),
  );
  test("is refused for every other application", async () =>
    expectOwnErrorPage(await ask("app_one", native), "redirect_uri_unregistered"));
});
