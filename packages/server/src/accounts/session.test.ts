import { inspect } from "node:util";
import { beforeEach, describe, expect, test } from "vitest";
import {
  authorizeUrl,
  browserOf,
  hiddenFields,
  introspect,
  obtainCode,
  obtainTokens,
  redeem,
  refresh,
  signIn,
  type Browser,
} from "../../test/flows.ts";
import { makeWorld, type World } from "../../test/world.ts";
import { watchedStore } from "../../test/watched-store.ts";
import { readBrowserCookies } from "../http/cookies.ts";
import { findSignedInUser, startSession } from "./session.ts";

let world: World;
let watched: ReturnType<typeof watchedStore>;
let browser: Browser;
beforeEach(async () => {
  watched = watchedStore();
  world = await makeWorld({ store: watched.store });
  await world.addApplication("app_one");
  await world.addAccount("ann@example.com");
  await world.addAccount("bea@example.com");
  browser = browserOf(world);
});

const cookieName = "symbolon-session";
const look = () => browser.get(authorizeUrl("app_one", { prompt: "consent" }));
const isSignedIn = async () => (await look()).body.includes("<h1>Consent</h1>");
const signInAs = (email: string) => signIn(browser, authorizeUrl("app_one", { prompt: "login" }), email);

describe("WB-03: the session id changes at sign-in", () => {
  test("ignores a session cookie that was planted before sign-in", async () => {
    const planted = `sym_se_${"A".repeat(43)}`;
    browser.cookies.set(cookieName, planted);
    await signInAs("ann@example.com");
    expect(browser.cookies.get(cookieName)).not.toBe(planted);
    browser.cookies.set(cookieName, planted);
    expect(await isSignedIn()).toBe(false);
  });
  test("a second sign-in ends the first session", async () => {
    await signInAs("ann@example.com");
    const first = browser.cookies.get(cookieName)!;
    await signInAs("bea@example.com");
    expect(browser.cookies.get(cookieName)).not.toBe(first);
    browser.cookies.set(cookieName, first);
    expect(await isSignedIn()).toBe(false);
  });
  test("starts no session after a failed sign-in", async () => {
    await signIn(browser, authorizeUrl("app_one"), "ann@example.com", "wrong");
    expect(browser.cookies.has(cookieName)).toBe(false);
  });
  test.each([
    "",
    "x",
    "sym_se_",
    `sym_se_${"A".repeat(44)}`,
    `sym_at_${"A".repeat(43)}`,
    "__proto__",
    `sym_se_${"A".repeat(42)}%`,
  ])("finds no user for the cookie %j", async (value) => {
    browser.cookies.set(cookieName, value);
    expect(await isSignedIn()).toBe(false);
  });
  test("uses the first of two cookies with the same name", async () => {
    await signInAs("ann@example.com");
    const mine = browser.cookies.get(cookieName)!;
    browser.cookies.set(cookieName, `${mine}; ${cookieName}=sym_se_${"B".repeat(43)}`);
    expect(await isSignedIn()).toBe(true);
  });
});

describe("WB-06: the cookie", () => {
  const setCookies = async (w: World, path = "") => {
    const answers: string[] = [];
    const visitor = browserOf(w);
    const page = await visitor.get(path + authorizeUrl("app_one"));
    const signedIn = await visitor.post(`${path}/oauth/sign-in`, {
      ...hiddenFields(page.body),
      email: "ann@example.com",
      password: "correct horse battery",
    });
    for (const { headers } of [page, signedIn]) answers.push(...[headers["set-cookie"] ?? []].flat());
    return answers;
  };
  test("has the __Host- prefix, Secure, HttpOnly, SameSite=Lax, the root path and no domain for an https issuer", async () => {
    const secure = await makeWorld({ config: { issuer: "https://id.example/tenant", hosts: ["localhost:8787"] } });
    await secure.addApplication("app_one");
    await secure.addAccount("ann@example.com");
    const cookies = await setCookies(secure, "/tenant");
    expect(cookies).toHaveLength(3);
    expect(cookies[0]).toMatch(/^__Host-symbolon-browser-tenant=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
    expect(cookies[1]).toMatch(
      /^__Host-symbolon-session-tenant=sym_se_[\w-]{43}\.[\da-f-]{36}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=1209600$/,
    );
    expect(cookies[2]).toMatch(
      /^__Host-symbolon-device-tenant=[\w-]{22}\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=15552000$/,
    );
  });
  test("has neither prefix nor Secure for an http issuer on loopback, because browsers would drop it", async () => {
    const cookies = await setCookies(world);
    expect(cookies).toHaveLength(3);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^symbolon-(session|browser|device)=.*; Path=\/; HttpOnly; SameSite=Lax/);
      expect(cookie).not.toMatch(/Secure|Domain/);
    }
  });
  test("two servers below one host name have cookies of their own, so neither ends a session of the other", async () => {
    const names = async (path: string) => {
      const one = await makeWorld({ config: { issuer: `https://id.example${path}`, hosts: ["localhost:8787"] } });
      await one.addApplication("app_one");
      await one.addAccount("ann@example.com");
      return (await setCookies(one, path)).map((cookie) => cookie.split("=")[0]!);
    };
    const all = [...(await names("")), ...(await names("/auth")), ...(await names("/sandbox/auth"))];
    expect(new Set(all).size).toBe(9);
    for (const name of all) expect(name).toMatch(/^__Host-symbolon-(?:session|browser|device)(?:-[\w-]+)?$/);
  });
  test("holds a secret that the store does not have: the row has its keyed hash", async () => {
    await signInAs("ann@example.com");
    const cookie = browser.cookies.get(cookieName)!;
    expect(await world.store.sessions.find(world.keyring.digest("session", cookie))).toMatchObject({
      authenticatedAt: world.now(),
    });
    expect(await world.store.sessions.find(Buffer.from(cookie))).toBeUndefined();
  });
});

describe("WB-06: the session ends on the server", () => {
  test("twelve hours after the last use", async () => {
    await signInAs("ann@example.com");
    world.advance(12 * 3600 - 1);
    expect(await isSignedIn()).toBe(true);
    world.advance(12 * 3600 - 1);
    expect(await isSignedIn()).toBe(true);
    world.advance(12 * 3600);
    expect(await isSignedIn()).toBe(false);
  });
  test("fourteen days after sign-in, even if it is in use", async () => {
    await signInAs("ann@example.com");
    for (let hour = 0; hour < 14 * 24 - 6; hour += 6) {
      world.advance(6 * 3600);
      expect(await isSignedIn()).toBe(true);
    }
    world.advance(6 * 3600);
    expect(await isSignedIn()).toBe(false);
  });
  test("writes at most once in a twentieth of the idle lifetime", async () => {
    await signInAs("ann@example.com");
    watched.forget();
    for (let at = 0; at < 10; at++) await look();
    expect(watched.calls.filter((call) => call === "sessions.touch")).toHaveLength(0);
    world.advance(3600);
    for (let at = 0; at < 10; at++) await look();
    expect(watched.calls.filter((call) => call === "sessions.touch")).toHaveLength(1);
  });
});

describe("WB-06: sign-out", () => {
  const signOut = async (headers?: Record<string, string>) =>
    browser.post("/oauth/sign-out", hiddenFields((await look()).body), headers);
  test("deletes the row, clears the cookie, and shows the sign-in page of the same transaction", async () => {
    await signInAs("ann@example.com");
    const cookie = browser.cookies.get(cookieName)!;
    const answer = await signOut();
    expect(answer.status).toBe(303);
    expect(String(answer.headers["set-cookie"])).toMatch(/^symbolon-session=; .*Max-Age=0$/);
    expect((await browser.get(answer.location)).body).toContain("<h1>Sign in</h1>");
    expect(await world.store.sessions.find(world.keyring.digest("session", cookie))).toBeUndefined();
    browser.cookies.set(cookieName, cookie);
    expect(await isSignedIn()).toBe(false);
  });
  test.each<[string, Record<string, string>]>([
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["another origin", { origin: "https://evil.example" }],
  ])("from %s does nothing", async (_, headers) => {
    await signInAs("ann@example.com");
    expect((await signOut(headers)).status).toBe(403);
    expect(await isSignedIn()).toBe(true);
  });
  test("with a form of another session ends nothing, and shows who is signed in", async () => {
    await signInAs("ann@example.com");
    const fields = hiddenFields((await look()).body);
    const { location } = await browser.post("/oauth/sign-out", { ...fields, csrf: "A".repeat(43) });
    expect((await browser.get(location)).body).toContain("ann@example.com");
    expect(await isSignedIn()).toBe(true);
  });
  test("without a transaction and without the form of the sign-out page does nothing", async () => {
    await signInAs("ann@example.com");
    expect((await browser.post("/oauth/sign-out", {})).status).toBe(200);
    expect(await isSignedIn()).toBe(true);
  });
});

describe.each<[string, typeof watched.edits.account]>([
  ["suspended", (account) => ({ ...account, suspendedAt: 1 })],
  ["deleted", () => undefined],
])("WB-17: an account that is %s", (_, edit) => {
  test("has no session", async () => {
    await signInAs("ann@example.com");
    watched.edits.account = edit;
    expect(await isSignedIn()).toBe(false);
  });
  test("cannot consent on a page that was already open", async () => {
    const fields = hiddenFields((await signInAs("ann@example.com")).body);
    watched.edits.account = edit;
    const answer = await browser.post("/oauth/consent", { ...fields, decision: "allow" });
    expect(answer.location).not.toContain("code=");
    expect(await world.store.grants.list({ limit: 1 })).toEqual([]);
  });
  test("has no valid code, access token or refresh token", async () => {
    const tokens = await obtainTokens(world, "app_one", "ann@example.com");
    const code = await obtainCode(world, "app_one", "ann@example.com");
    watched.edits.account = edit;
    expect((await introspect(world, "app_one", tokens.access_token)).json()).toEqual({ active: false });
    expect((await refresh(world, "app_one", tokens.refresh_token)).json()).toMatchObject({ error: "invalid_grant" });
    expect((await redeem(world, "app_one", code)).json()).toMatchObject({ error: "invalid_grant" });
  });
});

describe("OP-01: session cookies and passwords print as [sealed]", () => {
  test("a new session cookie, and one that is read from a request", async () => {
    const account = (await world.store.accounts.findByEmail("ann@example.com"))!;
    const { cookie } = await startSession(account, world.deps);
    const read = readBrowserCookies(`${cookieName}=${cookie.reveal()}`, world.deps.config);
    expect(await findSignedInUser(read.session, world.deps)).toMatchObject({ owner: account.id });
    for (const value of [{ cookie }, read]) {
      const printed = `${inspect(value)} ${JSON.stringify(value)}`;
      expect(printed).toContain("[sealed]");
      expect(printed).not.toContain("sym_se_");
    }
  });
  test("a password on its way to the hasher", async () => {
    const printed: string[] = [];
    const { passwords } = world.deps;
    world.deps.passwords = {
      ...passwords,
      verify: async (account, typed, origin) => {
        printed.push(`${inspect(typed)} ${JSON.stringify(typed)} ${typed}`);
        return await passwords.verify(account, typed, origin);
      },
    };
    await signInAs("ann@example.com");
    expect(printed).toEqual(['[sealed] "[sealed]" [sealed]']);
  });
});
