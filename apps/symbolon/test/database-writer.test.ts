import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { allow, asksToSignIn, newAttempt, readCode, signIn } from "../src/demo/authorization.ts";
import { newBrowser } from "../src/demo/browser.ts";
import { discover } from "../src/demo/client.ts";
import { startServer, type DemoCredentials, type RunningServer } from "./start-server.ts";
import { clientOf, obtainTokens, tokenRequest, useToken } from "./token-life.ts";

/** What SECURITY.md says that someone who can write to the database can do, and cannot. */
const [can, cannot] = ["can", "cannot"].map((word) => {
  const text = readFileSync(join(import.meta.dirname, "../../../SECURITY.md"), "utf8");
  const section = text
    .slice(text.indexOf(`\n### What they ${word} do`))
    .split("\n### ")[1]!
    .split("\n## ")[0]!;
  return [...section.matchAll(/^- (.+)$/gm)].map(([, sentence]) => sentence!);
}) as [string[], string[]];

const running = await startServer();
afterAll(async () => void (await running.stop()));
const server: RunningServer = running;
let ann: DemoCredentials;
let eve: DemoCredentials;
/** Eve has an application and an account of her own, and may run SQL. */
beforeEach(async () => {
  [ann, eve] = [await register(), await register()];
});

async function register(): Promise<DemoCredentials> {
  const answer = await fetch(`${server.url}/development/demo`, { method: "POST", headers: { "symbolon-demo": "1" } });
  return (await answer.json()) as DemoCredentials;
}

function sql(statement: string, ...values: SQLInputValue[]): void {
  const database = new DatabaseSync(join(server.data, "symbolon.sqlite"), { timeout: 5000 });
  const { changes } = database.prepare(statement).run(...values);
  database.close();
  expect(changes).toBe(1);
}

async function introspect(token: string, { client_id: id, client_secret: secret }: DemoCredentials) {
  const answer = await fetch(`${server.url}/oauth/introspect`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({ token }),
  });
  return (await answer.json()) as { active: boolean; username?: string; scope?: string };
}

/** Opens an authorization request of `person`'s application in a new browser. */
async function openRequest(person: DemoCredentials) {
  const endpoints = await discover(server.url);
  const [browser, attempt] = [newBrowser(endpoints.issuer), newAttempt(endpoints, person, randomBytes)];
  return { browser, attempt, endpoints, visit: await browser.open(attempt.url) };
}

const grantsOf = "(SELECT id FROM accounts WHERE email = ?)";

const attempts: Record<string, () => Promise<void>> = {
  "give a grant, and with it the tokens that exist for it, another account, application, resource, audience or a wider scope":
    async () => {
      const { access_token: token } = await obtainTokens(server, eve);
      sql(`UPDATE grants SET owner = ${grantsOf}, scope = 'admin' WHERE owner = ${grantsOf}`, ann.email, eve.email);
      expect(await introspect(token, eve)).toMatchObject({ active: true, username: ann.email, scope: "admin" });
    },
  "bring back a grant that was revoked or has expired": async () => {
    const { access_token: token, refresh_token: refresh } = await obtainTokens(server, eve);
    const form = new URLSearchParams({ token: refresh });
    const { client_id: id, client_secret: secret } = eve;
    const headers = { authorization: `Basic ${btoa(`${id}:${secret}`)}` };
    await fetch(`${server.url}/oauth/revoke`, { method: "POST", headers, body: form });
    expect(await useToken(server, token)).toBe(401);
    sql(`UPDATE grants SET state = 1, revoked_at = NULL, revoked_because = NULL WHERE owner = ${grantsOf}`, eve.email);
    expect(await useToken(server, token)).toBe(200);
  },
  "redeem a code that they intercepted, because they can replace its PKCE challenge": async () => {
    const { browser, attempt, endpoints, visit } = await openRequest(ann);
    const code = readCode(await allow(await signIn(visit, ann, browser), browser), attempt, endpoints);
    const other = newAttempt(endpoints, ann, randomBytes);
    const challenge = other.url.searchParams.get("code_challenge")!;
    sql(`UPDATE grants SET challenge = ? WHERE owner = ${grantsOf}`, Buffer.from(challenge, "base64url"), ann.email);
    const form = {
      grant_type: "authorization_code",
      code,
      code_verifier: other.verifier,
      redirect_uri: ann.redirect_uri,
    };
    expect((await tokenRequest(server, clientOf(ann), form)).status).toBe(200);
  },
  "register a redirect URI or a wider scope for an application, or make it a public one that needs no secret":
    async () => {
      const { refresh_token: refresh } = await obtainTokens(server, ann);
      sql(
        "UPDATE applications SET redirect_uris = ?, type = 'public', auth_method = 'none' WHERE id = ?",
        '["https://eve.example/cb"]',
        ann.client_id,
      );
      const { visit } = await openRequest({ ...ann, redirect_uri: "https://eve.example/cb" });
      expect(asksToSignIn(visit)).toBe(true);
      const body = new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: refresh,
        client_id: ann.client_id,
      });
      expect((await fetch(`${server.url}/oauth/token`, { method: "POST", body })).status).toBe(200);
    },
  "give an account another e-mail address or other resources, and end its suspension": async () => {
    const { access_token: token } = await obtainTokens(server, eve);
    sql("UPDATE accounts SET suspended_at = 1 WHERE email = ?", eve.email);
    expect(await useToken(server, token)).toBe(401);
    sql("UPDATE accounts SET suspended_at = NULL, email = 'boss@example.com' WHERE email = ?", eve.email);
    expect(await introspect(token, eve)).toMatchObject({ username: "boss@example.com" });
    sql("DELETE FROM accounts WHERE email = 'boss@example.com'");
  },
  "end any grant, session, application or account": async () => {
    const { access_token: token } = await obtainTokens(server, ann);
    sql(`DELETE FROM grants WHERE owner = ${grantsOf}`, ann.email);
    expect(await useToken(server, token)).toBe(401);
  },

  "make a token or a code, also for a grant that they wrote": async () => {
    const [mine, theirs] = [await obtainTokens(server, eve), await obtainTokens(server, ann)];
    // The body of one token with the MAC of another is as much as can be made of what there is.
    for (const kind of ["access_token", "refresh_token"] as const) {
      const half = Math.floor(theirs[kind].length / 2);
      const forged = theirs[kind].slice(0, half) + mine[kind].slice(half);
      expect(await introspect(forged, ann)).toEqual({ active: false });
    }
  },
  "use a secret of their own as that of another application: a secret's hash covers the client id": async () => {
    sql(
      "UPDATE applications SET secrets = (SELECT secrets FROM applications WHERE id = ?) WHERE id = ?",
      eve.client_id,
      ann.client_id,
    );
    const form = { grant_type: "client_credentials" };
    const client = { id: ann.client_id, secret: eve.client_secret };
    expect((await tokenRequest(server, client, form)).status).toBe(401);
  },
  "sign in to another account with a password of their own: a password's hash covers the account": async () => {
    sql(
      "UPDATE accounts SET password_hash = (SELECT password_hash FROM accounts WHERE email = ?) WHERE email = ?",
      eve.email,
      ann.email,
    );
    const { browser, visit } = await openRequest(ann);
    await expect(signIn(visit, { ...ann, password: eve.password }, browser)).rejects.toThrow("appeared again");
  },
  "turn a session of their own into that of another account: a session's cookie names the account, or covers all that the provider's own sign-in said of the person":
    async () => {
      const { browser, attempt, visit } = await openRequest(eve);
      expect(asksToSignIn(await signIn(visit, eve, browser))).toBe(false);
      sql(`UPDATE sessions SET account = ${grantsOf} WHERE account = ${grantsOf}`, ann.email, eve.email);
      expect(asksToSignIn(await browser.open(attempt.url))).toBe(true);
    },
};

describe("ST-13: someone who can write to the database", () => {
  test("SECURITY.md lists exactly what is tried here", () =>
    expect([...can, ...cannot].toSorted()).toEqual(Object.keys(attempts).toSorted()));

  describe("can, as SECURITY.md admits", () => {
    test.each(can)("%s", async (sentence) => await attempts[sentence]!());
  });

  describe("cannot, as SECURITY.md promises", () => {
    test.each(cannot)("%s", async (sentence) => await attempts[sentence]!());
  });
});
