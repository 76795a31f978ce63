import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, signIn, type Browser } from "../../test/flows.ts";
import { issuer, makeWorld, password, redirectUri, type World } from "../../test/world.ts";

let world: World;
let browser: Browser;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addApplication("app_public", {
    type: "public",
    authMethod: "none",
    secrets: [],
    redirectUris: ["http://127.0.0.1/cb", "com.example.app:/cb"],
  });
  await world.addAccount("ann@example.com");
  browser = browserOf(world);
});

const email = "ann@example.com";
const url = authorizeUrl("app_one");
const decide = async (
  decision: "allow" | "deny",
  more: Record<string, string> = {},
  headers: Record<string, string> = {},
) => {
  const consent = await signIn(browser, url, email);
  return await browser.post("/oauth/consent", { ...hiddenFields(consent.body), decision, ...more }, headers);
};
const paramOf = (location: string, name: string): string | null => new URL(location).searchParams.get(name);

describe("AP-12, RFC 9207 §2, RFC 9700 §4.4: iss on every answer", () => {
  test("on success, with the state byte for byte", async () => {
    const { location } = await decide("allow");
    expect([paramOf(location, "iss"), paramOf(location, "state")]).toEqual([issuer, "s t&ate"]);
    expect(paramOf(location, "code")).toMatch(/^sym_ac_/);
  });
  test("when the user denies, and when the server refuses", async () => {
    expect(paramOf((await decide("deny")).location, "iss")).toBe(issuer);
    expect(paramOf((await browser.get(authorizeUrl("app_one", { scope: "admin" }))).location, "iss")).toBe(issuer);
  });
});

describe("AP-14: no answer is in a fragment", () => {
  test("on success and on refusal", async () => {
    expect((await decide("allow")).location).not.toContain("#");
    expect((await browser.get(authorizeUrl("app_one", { prompt: "nonsense" }))).location).not.toContain("#");
  });
});

describe("AP-13, RFC 9700 §4.12: forms are answered with 303", () => {
  test.each(["allow", "deny"] as const)("after %s", async (decision) =>
    expect((await decide(decision)).status).toBe(303),
  );
  test("after the password", async () => {
    const page = await browser.get(url);
    expect((await browser.post("/oauth/sign-in", { ...hiddenFields(page.body), email, password })).status).toBe(303);
  });
});

describe("headers of every page", () => {
  const pages = async () => [
    await browser.get(url),
    await signIn(browser, url, email),
    await browser.get("/oauth/authorize?client_id=none"),
  ];

  test("RFC 9700 §4.2.4: no Referer, no foreign content, no caching", async () => {
    for (const { headers } of await pages()) {
      expect(headers).toMatchObject({
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
        "content-security-policy": expect.stringContaining("default-src 'none'"),
      });
      expect(headers["content-security-policy"]).not.toMatch(/script-src (?!'sha256-[^ ;]*'(?:;|$))|unsafe|\*/);
    }
  });
  test("WB-04, RFC 9700 §4.16: no framing", async () => {
    for (const { headers } of await pages())
      expect(headers).toMatchObject({
        "x-frame-options": "DENY",
        "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
      });
  });
});

describe("WB-01, RFC 6749 §10.12, RFC 9700 §4.7: refuses consent that is not from this session and page", () => {
  const grantsNothing = async (answer: { location: string }): Promise<void> => {
    expect(answer.location).not.toContain("code=");
    expect(await world.store.grants.list({ limit: 10 })).toEqual([]);
  };

  test.each([
    ["sec-fetch-site", "cross-site"],
    ["sec-fetch-site", "same-site"],
    ["origin", "https://evil.example"],
  ])("sent with %s: %s", async (name, value) => {
    const answer = await decide("allow", {}, { [name]: value });
    expect(answer.status).toBe(403);
    await grantsNothing(answer);
  });
  test.each([
    ["without a CSRF value", ""],
    ["with a made-up CSRF value", "A".repeat(43)],
  ])("%s", async (_, csrf) => {
    const answer = await decide("allow", { csrf });
    expect(answer.status).toBe(403);
    await grantsNothing(answer);
  });
  test("with the CSRF value of another session", async () => {
    await world.addAccount("bob@example.com");
    const other = await signIn(browserOf(world), url, "bob@example.com");
    await grantsNothing(await decide("allow", { csrf: hiddenFields(other.body)["csrf"]! }));
  });
  test("AP-18: with the CSRF value of another tab", async () => {
    const first = await signIn(browser, url, email);
    const second = await browser.get(authorizeUrl("app_one", { state: "other" }));
    await grantsNothing(
      await browser.post("/oauth/consent", {
        ...hiddenFields(second.body),
        csrf: hiddenFields(first.body)["csrf"]!,
        decision: "allow",
      }),
    );
  });
  test("WB-02: refuses a sign-in form from another site", async () => {
    const page = await browser.get(url);
    expect(
      (
        await browser.post(
          "/oauth/sign-in",
          { ...hiddenFields(page.body), email, password },
          { "sec-fetch-site": "cross-site" },
        )
      ).status,
    ).toBe(403);
    const otherBrowser = browserOf(world);
    const answer = await otherBrowser.post("/oauth/sign-in", { ...hiddenFields(page.body), email, password });
    expect([answer.status, String(answer.headers["set-cookie"])]).toEqual([
      403,
      expect.not.stringContaining("session"),
    ]);
  });
});

describe("RFC 9700 §4.11: redirects go to registered URIs only", () => {
  test("AZ-14: uses the redirect URI of the request, not one in the form", async () => {
    const { location } = await decide("allow", { redirect_uri: "https://evil.example/" });
    expect(location.startsWith(`${redirectUri}?`)).toBe(true);
  });
});

describe("RFC 6749 §3.1.2.4: an unregistered redirect URI gets an error page", () => {
  test.each([
    ["an unknown client", "app_none", redirectUri],
    ["an unregistered redirect URI", "app_one", "https://evil.example/"],
  ])("%s", async (_, client, redirect_uri) =>
    expect(await browser.get(authorizeUrl(client, { redirect_uri }))).toMatchObject({ status: 400, location: "" }),
  );
});

describe("RFC 6749 §3.1.2.3: redirect_uri omitted", () => {
  const without = (client: string): string => url.replace("app_one", client).replace(/redirect_uri=[^&]*&/, "");
  test("AZ-12: shows an error page if several are registered", async () =>
    expect(await browser.get(without("app_public"))).toMatchObject({ status: 400, location: "" }));
  test("AZ-12: uses the only registered one", async () =>
    expect(await browser.get(without("app_one"))).toMatchObject({ status: 200 }));
});

describe("OAuth 2.1 §4.1.1: every client must send a code challenge", () => {
  test.each([
    ["app_one", redirectUri],
    ["app_public", "http://127.0.0.1:5000/cb"],
  ])("AP-01: %s", async (client, redirect_uri) => {
    const { location } = await browser.get(authorizeUrl(client, { redirect_uri, code_challenge: "" }));
    expect(paramOf(location, "error")).toBe("invalid_request");
  });
});

describe("AZ-16, RFC 9101: request objects", () => {
  test.each([
    ["request", "request_not_supported"],
    ["request_uri", "request_uri_not_supported"],
  ])("refuses %s instead of ignoring it", async (name, error) =>
    expect(paramOf((await browser.get(authorizeUrl("app_one", { [name]: "x" }))).location, "error")).toBe(error),
  );
});

describe("AP-19, RFC 8252 §8.6: consent is not remembered for a client that can be impersonated", () => {
  const again = async (client: string, redirect_uri: string): Promise<string> => {
    const request = authorizeUrl(client, { redirect_uri });
    const consent = await signIn(browser, request, email);
    await browser.post("/oauth/consent", { ...hiddenFields(consent.body), decision: "allow" });
    const [first] = await world.store.grants.list({ limit: 1 });
    await world.store.grants.change(first!.id, (grant) => ({
      answer: null,
      write: { ...grant!, state: "active", generation: 1, offer: null },
    }));
    return (await browser.get(request)).location;
  };
  test.each(["http://127.0.0.1:5000/cb", "com.example.app:/cb"])("asks again for a public client at %s", async (uri) =>
    expect(await again("app_public", uri)).toBe(""),
  );
  test("does not ask again for a confidential client", async () =>
    expect(await again("app_one", redirectUri)).toContain("code="));
});
