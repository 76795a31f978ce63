import { beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, signIn } from "../../test/flows.ts";
import { makeWorld, redirectUri, type World } from "../../test/world.ts";

const isPublic = { type: "public", authMethod: "none", secrets: [] } as const;
let world: World;
beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addApplication("app_port", { redirectUris: ["https://app.example:8443/cb?x=1"] });
  await world.addApplication("app_native", { ...isPublic, redirectUris: ["com.example.app:/cb"] });
  await world.addApplication("app_loopback", {
    ...isPublic,
    redirectUris: ["http://127.0.0.1/cb", "http://localhost/cb", "http://[::1]/cb"],
  });
  await world.addAccount("ann@example.com");
});

const pages: Record<string, () => Promise<{ status: number; headers: Record<string, unknown>; body: string }>> = {
  "sign-in": () => browserOf(world).get(authorizeUrl("app_one")),
  consent: () => signIn(browserOf(world), authorizeUrl("app_one"), "ann@example.com"),
  "sign-in after a wrong password": () => signIn(browserOf(world), authorizeUrl("app_one"), "ann@example.com", "wrong"),
  "a refused request": () => browserOf(world).get(authorizeUrl("app_none")),
  "a refused form": () => browserOf(world).post("/oauth/consent", {}),
  "an unknown path": () => browserOf(world).get("/nothing"),
  "a reason": () => browserOf(world).get("/errors/grant_revoked"),
  "an unsupported media type": () =>
    browserOf(world).post("/oauth/consent", {}, { "content-type": "application/json" }),
};

describe.each(Object.entries(pages))("WB-04, WB-05, AP-14, RFC 9700 §4.2, §4.16: the page of %s", (_, show) => {
  test("forbids frames, scripts, referrer and caching", async () => {
    const { headers } = await show();
    expect(headers).toMatchObject({
      "content-type": "text/html;charset=utf-8",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "cross-origin-opener-policy": "same-origin",
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
    expect(policy["form-action"]).toMatch(/^'self'/);
    expect(Object.keys(policy)).not.toContain("script-src");
    expect(JSON.stringify(policy)).not.toMatch(/unsafe|\*|data:/);
  });
});

describe("WB-05: form-action lists this server and the application of the request only", () => {
  const formAction = (headers: Record<string, unknown>) =>
    /form-action ([^;]*)/.exec(String(headers["content-security-policy"]))![1];
  test.each([
    ["app_one", redirectUri, "'self' https://app.example"],
    ["app_port", "https://app.example:8443/cb?x=1", "'self' https://app.example:8443"],
    ["app_native", "com.example.app:/cb", "'self' com.example.app:"],
    ["app_loopback", "http://127.0.0.1:5001/cb", "'self' http://127.0.0.1:5001"],
    ["app_loopback", "http://localhost:5001/cb", "'self' http://localhost:5001"],
    ["app_loopback", "http://[::1]:5001/cb", "'self' http:"],
  ])("%s at %s: %s", async (client, redirect_uri, expected) => {
    const browser = browserOf(world);
    expect(formAction((await browser.get(authorizeUrl(client, { redirect_uri }))).headers)).toBe(expected);
    expect(formAction((await signIn(browser, authorizeUrl(client, { redirect_uri }), "ann@example.com")).headers)).toBe(
      expected,
    );
  });
  test.each(["a refused request", "an unknown path", "a reason"])(
    "the page of %s allows no other target",
    async (name) => expect(formAction((await pages[name]!()).headers)).toBe("'self'"),
  );
});

describe("WB-18: no CORS header on any answer", () => {
  const targets = [
    ["GET", authorizeUrl("app_none")],
    ["POST", "/oauth/authorize"],
    ["POST", "/oauth/sign-in"],
    ["POST", "/oauth/consent"],
    ["GET", "/oauth/consent"],
    ["POST", "/oauth/token"],
    ["POST", "/oauth/introspect"],
    ["POST", "/oauth/introspect/batch"],
    ["POST", "/oauth/revoke"],
    ["GET", "/oauth/token_info"],
    ["GET", "/.well-known/oauth-authorization-server"],
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
