import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, redeem, revoke, signIn, type Browser } from "../../test/flows.ts";
import { makeWorld, redirectUri, type World } from "../../test/world.ts";
import { watchedStore } from "../../test/watched-store.ts";

const api = "https://api.example";
const other = "https://other.example";
let world: World;
let watched: ReturnType<typeof watchedStore>;
let browser: Browser;
beforeEach(async () => {
  watched = watchedStore();
  world = await makeWorld({ store: watched.store });
  const isPublic = { type: "public", authMethod: "none", secrets: [] } as const;
  await world.addApplication("app_one");
  await world.addApplication("app_two");
  await world.addApplication("app_loopback_secret", { redirectUris: ["http://127.0.0.1/cb"] });
  await world.addApplication("app_web", isPublic);
  await world.addApplication("app_native", { ...isPublic, redirectUris: ["com.example.app:/cb"] });
  await world.addApplication("app_loopback", {
    ...isPublic,
    redirectUris: ["http://127.0.0.1/cb", "http://localhost/cb", "http://[::1]/cb"],
  });
  await world.addResourceServer("rs_api", api);
  await world.addResourceServer("rs_other", other);
  await world.addAccount("ann@example.com");
  await world.addAccount("bea@example.com");
  await world.addAccount("two@example.com", ["Company/first", "Company/second"]);
  browser = browserOf(world);
});

const codeIn = (location: string) => /[?&]code=([^&#]+)/.exec(location)?.[1];
const ask = (client: string, parameters: Record<string, string> = {}) => browser.get(authorizeUrl(client, parameters));
const isConsent = (page: { body: string }) => page.body.includes("<h1>Consent</h1>");

/** Consents and redeems the code, so that there is an active grant. Returns its refresh token. */
async function consentOnce(
  client: string,
  parameters: Record<string, string> = {},
  email = "ann@example.com",
  more: Record<string, string> = {},
): Promise<string> {
  const page = await signIn(browser, authorizeUrl(client, parameters), email);
  const { location } = await browser.post("/oauth/consent", { ...hiddenFields(page.body), decision: "allow", ...more });
  const sentTo = parameters["redirect_uri"] ?? redirectUri;
  const application = await world.store.applications.find(client as never);
  const isPublic = application?.type === "public";
  const tokens = await redeem(world, client, codeIn(location)!, { redirect_uri: sentTo });
  if (!isPublic) expect(tokens.status).toBe(200);
  else
    for (const grant of await world.store.grants.list({ limit: 1 }))
      await world.store.grants.change(grant.id, (row) => ({
        answer: null,
        write: { ...row!, state: "active", generation: 1 },
      }));
  return isPublic ? "" : tokens.json().refresh_token;
}

describe("AP-19: consent is not asked again if an active grant covers the request", () => {
  test.each<[string, Record<string, string>, Record<string, string>]>([
    ["the same request", {}, {}],
    ["a part of the scope", {}, { scope: "read" }],
    ["prompt=none", {}, { prompt: "none" }],
    ["a part of the resources", { resource: api }, { resource: api }],
    ["one resource, after consent for all", {}, { resource: api }],
  ])("%s gets a code at once", async (_, consented, asked) => {
    await consentOnce("app_one", consented);
    expect(codeIn((await ask("app_one", asked)).location)).toMatch(/^sym_ac_/);
  });
  test("a public application with an https redirect URI", async () => {
    await consentOnce("app_web");
    expect(codeIn((await ask("app_web")).location)).toMatch(/^sym_ac_/);
  });
  test("a confidential application on a loopback address, which authenticates at the token endpoint", async () => {
    await consentOnce("app_loopback_secret", { redirect_uri: "http://127.0.0.1:5001/cb" });
    expect(codeIn((await ask("app_loopback_secret", { redirect_uri: "http://127.0.0.1:5002/cb" })).location)).toMatch(
      /^sym_ac_/,
    );
  });
});

describe("AP-19: consent is asked again if the request exceeds the grant", () => {
  test.each<[string, Record<string, string>, Record<string, string>]>([
    ["a wider scope", { scope: "read" }, { scope: "read write" }],
    ["another scope", { scope: "read" }, { scope: "write" }],
    ["the whole scope, by omitting the parameter", { scope: "read" }, {}],
    ["another resource", { resource: api }, { resource: other }],
    ["every resource, by omitting the parameter", { resource: api }, {}],
    ["prompt=consent", {}, { prompt: "consent" }],
  ])("%s", async (_, consented, asked) => {
    await consentOnce("app_one", consented);
    expect(isConsent(await ask("app_one", asked))).toBe(true);
  });
  test("prompt=none then gets consent_required", async () => {
    await consentOnce("app_one", { scope: "read" });
    expect(new URL((await ask("app_one", { prompt: "none", scope: "write" })).location).searchParams.get("error")).toBe(
      "consent_required",
    );
  });
  test("another application", async () => {
    await consentOnce("app_one");
    expect(isConsent(await ask("app_two"))).toBe(true);
  });
  test("another user", async () => {
    await consentOnce("app_one");
    browser = browserOf(world);
    expect(isConsent(await signIn(browser, authorizeUrl("app_one"), "bea@example.com"))).toBe(true);
  });
  test("an account whose only resource has changed", async () => {
    await consentOnce("app_one");
    watched.edits.account = (account) => ({ ...account, resources: [{ name: "Company/new" as never, label: "New" }] });
    expect(isConsent(await ask("app_one"))).toBe(true);
  });
});

describe("AP-19: consent is asked again if the grant has ended", () => {
  test("the code was never redeemed", async () => {
    const page = await signIn(browser, authorizeUrl("app_one"), "ann@example.com");
    await browser.post("/oauth/consent", { ...hiddenFields(page.body), decision: "allow" });
    expect(isConsent(await ask("app_one"))).toBe(true);
  });
  test("the grant was revoked", async () => {
    await revoke(world, "app_one", await consentOnce("app_one"));
    expect(isConsent(await ask("app_one"))).toBe(true);
  });
  test("the grant has expired by idleness", async () => {
    await consentOnce("app_one");
    world.advance(30 * 86_400);
    expect(isConsent(await signIn(browser, authorizeUrl("app_one"), "ann@example.com"))).toBe(true);
  });
});

describe("AP-19, RFC 8252 §8.6: consent is always asked for a public application that can be impersonated", () => {
  test.each([
    ["app_native", "com.example.app:/cb"],
    ["app_loopback", "http://127.0.0.1:5001/cb"],
    ["app_loopback", "http://localhost:5001/cb"],
    ["app_loopback", "http://[::1]:5001/cb"],
  ])("%s at %s", async (client, redirect_uri) => {
    await consentOnce(client, { redirect_uri });
    expect(isConsent(await ask(client, { redirect_uri }))).toBe(true);
    expect(new URL((await ask(client, { redirect_uri, prompt: "none" })).location).searchParams.get("error")).toBe(
      "consent_required",
    );
  });
});
