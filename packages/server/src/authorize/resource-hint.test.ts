import { Sealed } from "@symbolon/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, redeem, refresh, signIn, type Browser } from "../../test/flows.ts";
import { makeWorld, type World } from "../../test/world.ts";

const first = "Company/first";
const second = "Company/second";
let world: World;
let browser: Browser;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addApplication("app_two");
  await world.addApplication("app_native", {
    type: "public",
    authMethod: "none",
    secrets: [],
    redirectUris: ["com.example.app:/cb"],
  });
  await world.addAccount("two@example.com", [first, second]);
  await world.addAccount("other@example.com", ["Company/foreign"]);
  browser = browserOf(world);
});

const codeIn = (location: string) => /[?&]code=([^&#]+)/.exec(location)?.[1] ?? "no code";
const ask = async (parameters: Record<string, string> = {}, client = "app_one") => {
  const page = await browser.get(authorizeUrl(client, parameters));
  return page.body.includes("<h1>Sign in</h1>")
    ? signIn(browser, authorizeUrl(client, parameters), "two@example.com")
    : page;
};
const isConsent = (page: { body: string }) => page.body.includes("<h1>Consent</h1>");
const preselected = (page: { body: string }) =>
  [...page.body.matchAll(/&#34;value&#34;:&#34;([^&]*)&#34;[^{}]*&#34;isChosen&#34;:true/g)].map(([, value]) => value);

/** Allows `resource` and redeems the code. Returns the refresh token. */
async function consent(resource: string, client = "app_one"): Promise<string> {
  const page = await ask({ prompt: "consent" }, client);
  const { location } = await browser.post("/oauth/consent", {
    ...hiddenFields(page.body),
    decision: "allow",
    resource,
  });
  return (await redeem(world, client, codeIn(location))).json().refresh_token;
}
/** The resource of the grant that a redirect with a code leads to. */
async function grantedBy(page: { location: string }): Promise<string | null> {
  const { refresh_token } = (await redeem(world, "app_one", codeIn(page.location))).json();
  const { grantId } = world.keyring.read("refresh", new Sealed(refresh_token))!;
  return (await world.store.grants.find(grantId))!.resource;
}

describe("AP-19: a user with several resources is not asked again", () => {
  test.each<[string, Record<string, string>]>([
    ["for the only one that the application has access to", {}],
    ["for it with prompt=none", { prompt: "none" }],
    ["for it by resource_hint", { resource_hint: first }],
  ])("%s", async (_, parameters) => {
    await consent(first);
    expect(await grantedBy(await ask(parameters))).toBe(first);
  });
  test.each([first, second])("for %s by resource_hint, after consent for both", async (resource_hint) => {
    await consent(first);
    await consent(second);
    expect(await grantedBy(await ask({ resource_hint, prompt: "none" }))).toBe(resource_hint);
  });
  test("by resource_hint, which outlives the sign-in page", async () => {
    await consent(first);
    await consent(second);
    browser = browserOf(world);
    const next = await signIn(browser, authorizeUrl("app_one", { resource_hint: second }), "two@example.com");
    expect(await grantedBy(next)).toBe(second);
  });
});

describe("AP-19: a user with several resources is asked", () => {
  test("after consent for both, if no resource_hint tells which", async () => {
    await consent(first);
    await consent(second);
    expect(isConsent(await ask())).toBe(true);
    expect((await ask({ prompt: "none" })).location).toContain("error=consent_required");
  });
  test("for a resource of resource_hint that the application has no access to yet", async () => {
    await consent(first);
    expect(isConsent(await ask({ resource_hint: second }))).toBe(true);
    expect((await ask({ resource_hint: second, prompt: "none" })).location).toContain("error=consent_required");
  });
  test("with prompt=consent, to choose another", async () => {
    await consent(first);
    expect(isConsent(await ask({ prompt: "consent", resource_hint: first }))).toBe(true);
  });
  test("for more scope than was allowed for that resource", async () => {
    const page = await ask({ scope: "read" });
    const form = { ...hiddenFields(page.body), decision: "allow", resource: first };
    await redeem(world, "app_one", codeIn((await browser.post("/oauth/consent", form)).location));
    await consent(second);
    expect(isConsent(await ask({ scope: "write", resource_hint: first }))).toBe(true);
  });
  test("by another application", async () => {
    await consent(first);
    expect(isConsent(await ask({ resource_hint: first }, "app_two"))).toBe(true);
  });
  test("after the grant has ended", async () => {
    const token = await consent(first);
    expect((await refresh(world, "app_one", token)).status).toBe(200);
    world.advance(31 * 86_400);
    expect(isConsent(await ask({ resource_hint: first }))).toBe(true);
  });
  test("always, by a public application that another program can impersonate (RFC 8252 §8.6)", async () => {
    const redirect_uri = "com.example.app:/cb";
    const page = await ask({ redirect_uri }, "app_native");
    await browser.post("/oauth/consent", { ...hiddenFields(page.body), decision: "allow", resource: first });
    for (const { id } of await world.store.grants.list({ limit: 1 }))
      await world.store.grants.change(id, (row) => ({ answer: 1, write: { ...row!, state: "active", generation: 1 } }));
    expect(isConsent(await ask({ redirect_uri, resource_hint: first }, "app_native"))).toBe(true);
  });
});

describe("resource_hint on the consent page", () => {
  test("preselects that resource, also after the sign-in page", async () => {
    expect(preselected(await ask({ resource_hint: second }))).toEqual([second]);
    expect(preselected(await ask({ resource_hint: second }))).toEqual([second]);
  });
  test("does not decide: the user may choose another", async () => {
    const page = await ask({ resource_hint: second });
    const form = { ...hiddenFields(page.body), decision: "allow" };
    expect((await browser.post("/oauth/consent", form)).location).toBe("");
    const { location } = await browser.post("/oauth/consent", { ...form, resource: first });
    expect(await grantedBy({ location })).toBe(first);
  });
  test.each(["Company/foreign", "Company/unknown", "company/FIRST", "first", "x".repeat(9000)])(
    "that names no resource of the account is as if absent (%#)",
    async (resource_hint) => {
      expect(preselected(await ask({ resource_hint }))).toEqual([]);
      await consent(first);
      expect(await grantedBy(await ask({ resource_hint, prompt: "none" }))).toBe(first);
      await consent(second);
      expect((await ask({ resource_hint, prompt: "none" })).location).toContain("error=consent_required");
    },
  );
});
