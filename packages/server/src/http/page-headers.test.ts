import { beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, signIn } from "../../test/flows.ts";
import { plainPages } from "../../test/plain-pages.ts";
import { makeWorld, type World } from "../../test/world.ts";

const isPublic = { type: "public", authMethod: "none", secrets: [] } as const;
let world: World;
beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addApplication("app_native", { ...isPublic, redirectUris: ["com.example.app:/cb"] });
  await world.addAccount("ann@example.com");
});

const pages: Record<string, () => Promise<{ status: number; headers: Record<string, unknown>; body: string }>> = {
  "sign-in": () => browserOf(world).get(authorizeUrl("app_one")),
  consent: () => signIn(browserOf(world), authorizeUrl("app_one"), "ann@example.com"),
  "sign-in after a wrong password": () => signIn(browserOf(world), authorizeUrl("app_one"), "ann@example.com", "wrong"),
  "an answer to an app": () =>
    browserOf(world).get(authorizeUrl("app_native", { redirect_uri: "com.example.app:/cb", prompt: "none" })),
  "signing out": () => browserOf(world).get("/oauth/sign-out"),
  "a visit to the address of the sign-in form": () => browserOf(world).get("/oauth/sign-in"),
  "a refused request": () => browserOf(world).get(authorizeUrl("app_none")),
  "a refused form": () => browserOf(world).post("/oauth/consent", {}),
  "an unknown path": () => browserOf(world).get("/nothing"),
  "a reason": () => browserOf(world).get("/errors/grant_revoked"),
  "an unsupported media type": () =>
    browserOf(world).post("/oauth/consent", {}, { "content-type": "application/json" }),
};

describe.each(Object.entries(pages))("WB-04, WB-05, AP-14, RFC 9700 §4.2, §4.16: the page of %s", (name, show) => {
  test("forbids frames, referrer, caching, and every script but the one of sign-in", async () => {
    const { headers } = await show();
    expect(headers).toMatchObject({
      "content-type": "text/html;charset=utf-8",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    const policy = Object.fromEntries(
      String(headers["content-security-policy"])
        .split("; ")
        .map((directive) => directive.split(/ (.*)/s)),
    );
    expect(policy).toMatchObject({
      "default-src": "'none'",
      "frame-ancestors": "'none'",
      "base-uri": "'none'",
      "style-src": "'self'",
    });
    expect(policy["script-src"]).toBe(name.startsWith("sign-in") ? plainPages.signInScripts.join(" ") : undefined);
    expect(JSON.stringify(policy)).not.toMatch(/unsafe|\*|data:/);
  });
});

describe("WB-05: form-action", () => {
  const formAction = (headers: Record<string, unknown>) =>
    /form-action ([^;]*)/.exec(String(headers["content-security-policy"]))?.[1];
  test.each(["sign-in", "consent", "sign-in after a wrong password"])(
    "is not on the page of %s, because Chromium applies it to each redirect of the application's callback",
    async (name) => expect(formAction((await pages[name]!()).headers)).toBeUndefined(),
  );
  test.each([
    ["a refused request", "'none'"],
    ["an unknown path", "'none'"],
    ["an answer to an app", "'none'"],
    ["a reason", "'self'"],
  ])("on the page of %s is %s", async (name, expected) =>
    expect(formAction((await pages[name]!()).headers)).toBe(expected),
  );
});

describe("WB-21: Cross-Origin-Opener-Policy", () => {
  test.each(["sign-in", "consent", "sign-in after a wrong password", "a refused request", "an answer to an app"])(
    "is not on the page of %s, so that a popup keeps its opener",
    async (name) => expect((await pages[name]!()).headers).not.toHaveProperty("cross-origin-opener-policy"),
  );
  test("is on pages outside the flow", async () =>
    expect((await pages["a reason"]!()).headers).toMatchObject({ "cross-origin-opener-policy": "same-origin" }));
});

describe("WB-18, HT-18: no page of ours, and no answer to a resource server, has a CORS header", () => {
  const targets = [
    ["GET", authorizeUrl("app_none")],
    ["POST", "/oauth/authorize"],
    ["POST", "/oauth/sign-in"],
    ["GET", "/oauth/sign-in"],
    ["GET", "/oauth/sign-out"],
    ["POST", "/oauth/consent"],
    ["GET", "/oauth/consent"],
    ["POST", "/oauth/introspect"],
    ["POST", "/oauth/introspect/batch"],
    ["GET", "/errors/invalid_grant"],
    ["GET", "/assets/plain.css"],
    ["GET", "/health"],
    ["GET", "/nothing"],
  ] as const;
  describe.each(["https://app.example", "null", "http://localhost:8787"])("Origin: %s", (origin) => {
    test.each(targets)("%s %s", async (method, url) => {
      const asked = {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
      };
      for (const way of [method, "OPTIONS"] as const) {
        const { headers } = await world.app.inject({ method: way, url, headers: { host: "localhost:8787", ...asked } });
        expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
      }
    });
  });
});

describe("WB-08: assets cannot run scripts", () => {
  test("has a policy that forbids everything", async () => {
    const { status, headers, body } = await browserOf(world).get("/assets/plain.css");
    expect({ status, body }).toEqual({ status: 200, body: "body{}" });
    expect(headers).toMatchObject({
      "content-type": "text/css",
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
      "cache-control": "public, max-age=31536000, immutable",
    });
  });
  test.each(["none.css", "__proto__", "constructor", "..%2fplain.css", "plain.css%00", "toString"])(
    "%s is not there",
    async (name) => expect((await browserOf(world).get(`/assets/${name}`)).status).toBe(404),
  );
});
