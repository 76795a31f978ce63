import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApplication, password, type Credentials } from "../harness/registration.ts";
import { startPageApplication, type PageApplication, type PageGlobals, type Place } from "./page-application.ts";
import { setStage, type Stage } from "./stage.ts";
import { desktop, unexpected, visit, type Visit } from "./visit.ts";

let stage: Stage;
let application: PageApplication;
let publicClient: Credentials;
beforeAll(async () => {
  [stage, application] = await Promise.all([setStage(), startPageApplication()]);
  publicClient = await addApplication(stage.data, {
    type: "public",
    redirectUris: Object.values(application.redirectUris),
    scope: ["payroll:read"],
  });
}, 60_000);
afterAll(async () => {
  await stage.close();
  await application.close();
});

type Session = Awaited<ReturnType<PageGlobals["example"]["finishSignIn"]>>;
/** What functions that run in the page find there. */
type Globals = PageGlobals & { session: Session };

const ownOf = (place: Place) => ({
  issuer: stage.server.issuer,
  clientId: publicClient.id,
  redirectUri: application.redirectUris[place],
});

const open = async (page: Page, url: string): Promise<void> => {
  await page.goto(url);
  await page.waitForFunction("globalThis.example !== undefined");
};

const newVisit = (): Promise<Visit> => visit(stage.browser, { ...desktop, ignoreHTTPSErrors: true });

/** Leaves the page, signs in, allows, and returns with the code in the address. */
async function comeBack(page: Page, place: Place): Promise<void> {
  await open(page, application.origins[place]);
  await page.evaluate((own) => (globalThis as unknown as Globals).example.leaveForSignIn(own), ownOf(place));
  await page.getByLabel("Email").fill(stage.simple);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  const allow = page.getByRole("button", { name: "Allow" });
  await allow.or(page.getByRole("heading", { name: "Page application" })).waitFor();
  if (await allow.isVisible()) await allow.click(); // the https page is known from an earlier visit
  await backAtRedirectUri(page, place);
}

async function backAtRedirectUri(page: Page, place: Place): Promise<void> {
  await page.waitForURL(`${application.redirectUris[place]}?**`);
  await page.waitForFunction("globalThis.example !== undefined");
}

/** Exchanges the code in the address; the page then has its session as a global. */
const finish = (page: Page, place: Place): Promise<void> =>
  page.evaluate(async (own) => {
    const { example } = globalThis as unknown as Globals;
    Object.assign(globalThis, { session: await example.finishSignIn(own) });
  }, ownOf(place));

async function signedIn(place: Place): Promise<Visit> {
  const person = await newVisit();
  await comeBack(person.page, place);
  await finish(person.page, place);
  return person;
}

/** The requests of the page to the server, preflights included: method, path, status. */
async function watch(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const seen: string[] = [];
  const asked = new Map<string, string>();
  session.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (!request.url.startsWith(stage.server.url)) return;
    asked.set(requestId, `${request.method} ${new URL(request.url).pathname}`);
  });
  session.on("Network.responseReceived", ({ requestId, response }) => {
    if (asked.has(requestId)) seen.push(`${asked.get(requestId)} ${response.status}`);
  });
  await session.send("Network.enable");
  return seen;
}

describe.each(["https", "localhost"] as const)("RFC 9700 §2.6: a public client in a page in Chromium, %s", (place) => {
  test("completes code, PKCE, token, token info, refresh and revocation, with no request blocked", async () => {
    const person = await newVisit();
    const { page } = person;
    await comeBack(page, place);
    const seen = await watch(page);
    await page.clock.install();
    await finish(page, place);
    const first = await page.evaluate(async (own) => {
      const { client, session } = globalThis as unknown as Globals;
      const app = client.createClient(client.symbolon, { baseUrl: own.issuer, clientId: own.clientId });
      const accessToken = await session.accessToken();
      const { scopes } = await app.tokenInfo({ accessToken });
      return { scopes, token: accessToken.reveal(), again: (await session.accessToken()).reveal(), at: location.href };
    }, ownOf(place));
    expect(first).toMatchObject({
      scopes: ["payroll:read"],
      again: first.token,
      at: application.redirectUris[place],
    });
    await page.clock.fastForward("09:30");
    const second = await page.evaluate(async (own) => {
      const { client, session } = globalThis as unknown as Globals;
      const app = client.createClient(client.symbolon, { baseUrl: own.issuer, clientId: own.clientId });
      const [accessToken, sameToken] = await Promise.all([session.accessToken(), session.accessToken()]);
      await app.tokenInfo({ accessToken });
      await session.signOut();
      const after = await app.tokenInfo({ accessToken }).catch(({ code, status }) => ({ code, status }));
      return { token: accessToken.reveal(), same: sameToken.reveal(), after };
    }, ownOf(place));
    expect(second).toMatchObject({ same: second.token, after: { code: "access_token_expired", status: 401 } });
    expect(second.token).not.toBe(first.token);
    // Chromium asks for permission each time, because the client asks past all caches. A form without a header of its
    // own needs no permission.
    await expect
      .poll(() => seen)
      .toEqual([
        "POST /oauth/token 200",
        "OPTIONS /oauth/token_info 204",
        "GET /oauth/token_info 200",
        "POST /oauth/token 200",
        "OPTIONS /oauth/token_info 204",
        "GET /oauth/token_info 200",
        "POST /oauth/revoke 200",
        "OPTIONS /oauth/token_info 204",
        "GET /oauth/token_info 401",
      ]);
    expect(unexpected(person, 401)).toEqual([]);
    await person.context.close();
  });

  test("may keep the answer to a preflight", async () => {
    const person = await signedIn(place);
    const { page } = person;
    const seen = await watch(page);
    await page.evaluate(async (own) => {
      const { session } = globalThis as unknown as Globals;
      const headers = { authorization: `Bearer ${(await session.accessToken()).reveal()}` };
      for (let count = 0; count < 3; count++) await fetch(`${own.issuer}/oauth/token_info`, { headers });
    }, ownOf(place));
    await expect
      .poll(() => seen)
      .toEqual(["OPTIONS /oauth/token_info 204", ...Array<string>(3).fill("GET /oauth/token_info 200")]);
    expect(unexpected(person)).toEqual([]);
    await person.context.close();
  });

  test("reads the metadata and a token's info in a worker", async () => {
    const person = await signedIn(place);
    const heard = await person.page.evaluate(async (own) => {
      const { session } = globalThis as unknown as Globals;
      const name = JSON.stringify({ ...own, accessToken: (await session.accessToken()).reveal() });
      const worker = new Worker("/worker.js", { type: "module", name });
      return await new Promise((resolve) => {
        worker.addEventListener("message", ({ data }) => resolve(data));
      });
    }, ownOf(place));
    expect(heard).toMatchObject({
      endpoints: { token: `${stage.server.issuer}/oauth/token` },
      scopes: ["payroll:read"],
    });
    expect(unexpected(person)).toEqual([]);
    await person.context.close();
  });

  test("reads why it was refused: invalid_grant, an unknown token, a wrong secret, and how long to wait", async () => {
    const person = await signedIn(place);
    const refusals = await person.page.evaluate(
      async ({ own, id }) => {
        const { client, session } = globalThis as unknown as Globals;
        const app = client.createClient(client.symbolon, { baseUrl: own.issuer, clientId: own.clientId });
        const described = (error: InstanceType<typeof client.ClientError>) => ({
          code: error.code,
          status: error.status,
          reason: error.reason?.code,
          mayWait: error.retryAfterMs !== undefined && error.retryAfterMs > 0,
        });
        const invalidGrant = await app.refresh({ refreshToken: "sym_rt_none" }).catch(described);
        const body = (path: string, init: RequestInit) =>
          fetch(own.issuer + path, init).then(async (response) => [response.status, await response.json()]);
        const post = (form: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(form) });
        const plain = await body("/oauth/token", post({ grant_type: "refresh_token", client_id: own.clientId }));
        const unknown = await fetch(`${own.issuer}/oauth/token_info`, { headers: { authorization: "Bearer x" } });
        const guess = client.createClient(client.symbolon, {
          baseUrl: own.issuer,
          clientId: id,
          clientSecret: "guess",
        });
        const guesses = [];
        for (let count = 0; count < 40; count++) guesses.push(await guess.clientCredentials().catch(described));
        await session.signOut();
        return {
          invalidGrant,
          plain,
          unknown: [unknown.status, unknown.headers.get("www-authenticate")],
          firstGuess: guesses[0],
          lastGuess: guesses.at(-1),
          large: await body("/oauth/token", post({ a: "x".repeat(40_000) })),
          mediaType: await body("/oauth/revoke", { method: "POST", body: "{}" }),
          method: await body("/oauth/token", { method: "GET" }),
          preflighted: await body("/oauth/revoke", { ...post({}), headers: { authorization: "Basic !", dpop: "x" } }),
        };
      },
      { own: ownOf(place), id: (await addApplication(stage.data)).id },
    );
    const error = (code: string) => expect.objectContaining({ error: code, error_description: expect.any(String) });
    expect(refusals).toEqual({
      invalidGrant: { code: "refresh_token_dead", status: 400, reason: "invalid_grant", mayWait: false },
      plain: [400, error("invalid_request")],
      unknown: [401, 'Bearer realm="symbolon", error="invalid_token"'],
      firstGuess: { code: "client_credentials_wrong", status: 401, reason: "invalid_client", mayWait: false },
      lastGuess: { code: "rate_limited", status: 429, reason: "temporarily_unavailable", mayWait: true },
      large: [413, error("invalid_request")],
      mediaType: [415, error("invalid_request")],
      method: [405, error("invalid_request")],
      preflighted: [401, error("invalid_client")],
    });
    const status = /the server responded with a status of 4\d\d/;
    expect(person.complaints.filter((complaint) => !status.test(complaint))).toEqual([]);
    await person.context.close();
  });
});

describe("a page that was reloaded", () => {
  test.each([
    ["https", "gets new tokens without a page, by prompt=none", "tokens"],
    ["localhost", "is told that the user has to be asked, as on loopback each time", "consent_required"],
  ] as const)("%s: %s", async (place, _, expected) => {
    const person = await signedIn(place);
    const { page } = person;
    await open(page, application.origins[place]);
    await page.evaluate((own) => (globalThis as unknown as Globals).example.leaveForSignIn(own, "none"), ownOf(place));
    await backAtRedirectUri(page, place);
    const finished = await page.evaluate(async (own) => {
      const { client, example } = globalThis as unknown as Globals;
      return await example.finishSignIn(own).then(
        () => "tokens",
        (error: unknown) => (client.isClientError(error) ? error.reason?.code : String(error)),
      );
    }, ownOf(place));
    expect(finished).toBe(expected);
    expect(unexpected(person)).toEqual([]);
    await person.context.close();
  });
});
