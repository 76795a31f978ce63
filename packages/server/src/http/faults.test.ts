import { beforeEach, describe, expect, test } from "vitest";
import { StoreUnavailable } from "../index.ts";
import { authorizeUrl, browserOf, hiddenFields, obtainTokens, signIn, type Browser } from "../../test/flows.ts";
import { basic, makeWorld, password, type World } from "../../test/world.ts";
import { watchedStore } from "../../test/watched-store.ts";

let world: World;
let watched: ReturnType<typeof watchedStore>;
let browser: Browser;
let tokens: { access_token: string; refresh_token: string };
let consent: Record<string, string>;
let signInForm: Record<string, string>;
let signInBrowser: Browser;

async function prepare() {
  watched = watchedStore();
  world = await makeWorld({ store: watched.store });
  await world.addApplication("app_one");
  await world.addAccount("ann@example.com");
  tokens = await obtainTokens(world, "app_one", "ann@example.com");
  browser = browserOf(world);
  consent = hiddenFields(
    (await signIn(browser, authorizeUrl("app_one", { prompt: "consent" }), "ann@example.com")).body,
  );
  signInBrowser = browserOf(world);
  signInForm = hiddenFields((await signInBrowser.get(authorizeUrl("app_one"))).body);
}
beforeEach(prepare);

type Answer = { status: number; headers: Record<string, unknown>; body: string };
const cookieOf = (of: Browser) => [...of.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
async function send(
  method: "GET" | "POST",
  url: string,
  accept: string,
  form?: Record<string, string>,
  more: Record<string, string> = {},
): Promise<Answer> {
  const headers = {
    host: "localhost:8787",
    accept,
    ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
    ...more,
  };
  const answer = await world.app.inject({
    method,
    url,
    headers,
    ...(form === undefined ? {} : { payload: new URLSearchParams(form).toString() }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}

const asClient = { authorization: basic("app_one") };
const machines: Record<string, (accept: string) => Promise<Answer>> = {
  "POST /oauth/token": (accept) =>
    send(
      "POST",
      "/oauth/token",
      accept,
      { grant_type: "refresh_token", refresh_token: tokens.refresh_token },
      asClient,
    ),
  "POST /oauth/introspect": (accept) =>
    send("POST", "/oauth/introspect", accept, { token: tokens.access_token }, asClient),
  "POST /oauth/introspect/batch": (accept) =>
    send("POST", "/oauth/introspect/batch", accept, { tokens: tokens.access_token }, asClient),
  "POST /oauth/revoke": (accept) => send("POST", "/oauth/revoke", accept, { token: tokens.access_token }, asClient),
  "GET /oauth/token_info": (accept) =>
    send("GET", "/oauth/token_info", accept, undefined, { authorization: `Bearer ${tokens.access_token}` }),
};
const pages: Record<string, (accept: string) => Promise<Answer>> = {
  "GET /oauth/authorize": (accept) => send("GET", authorizeUrl("app_one"), accept),
  "POST /oauth/authorize": (accept) =>
    send(
      "POST",
      "/oauth/authorize",
      accept,
      Object.fromEntries(new URLSearchParams(authorizeUrl("app_one").split("?")[1])),
    ),
  "POST /oauth/sign-in": (accept) =>
    send(
      "POST",
      "/oauth/sign-in",
      accept,
      { ...signInForm, email: "ann@example.com", password },
      { cookie: cookieOf(signInBrowser) },
    ),
  "POST /oauth/sign-out": (accept) => send("POST", "/oauth/sign-out", accept, consent, { cookie: cookieOf(browser) }),
  "GET /oauth/consent": (accept) =>
    send("GET", `/oauth/consent?transaction=${encodeURIComponent(consent["transaction"]!)}`, accept, undefined, {
      cookie: cookieOf(browser),
    }),
  "POST /oauth/consent": (accept) =>
    send("POST", "/oauth/consent", accept, { ...consent, decision: "allow" }, { cookie: cookieOf(browser) }),
};
const withoutStore = ["/health", "/.well-known/oauth-authorization-server", "/errors/invalid_grant"];

/** The names of the store calls that an endpoint makes. */
async function callsOf(ask: (accept: string) => Promise<Answer>): Promise<string[]> {
  watched.forget();
  expect((await ask("text/html")).status).toBeLessThan(400);
  return [...new Set(watched.calls)];
}
const inner = "ENOSPC /var/lib/symbolon/grants.db SELECT secret";

describe.each(Object.entries({ ...machines, ...pages }))(
  "RFC 7009 §2.2.1, RFC 6749 §4.1.2.1: %s while the store is unavailable",
  (endpoint, ask) => {
    test("answers 503 with Retry-After if any store call fails, and emits an event", async () => {
      const calls = await callsOf(ask);
      expect(calls.length).toBeGreaterThan(0);
      for (const broken of calls) {
        await prepare();
        watched.faults.next = (call) => (call === broken ? new StoreUnavailable(inner) : undefined);
        const answer = await ask("application/json");
        expect({ broken, status: answer.status }).toEqual({ broken, status: 503 });
        expect(answer.headers["retry-after"]).toBe("1");
        expect(JSON.parse(answer.body)).toMatchObject({ error: "temporarily_unavailable" });
        expect(answer.body).not.toMatch(/ENOSPC|grants|SELECT|symbolon\//);
        expect(world.events).toContainEqual({
          name: "store.unavailable",
          endpoint: endpoint.split(" ")[1],
          cause: expect.stringContaining("ENOSPC"),
        });
      }
    });
  },
);

describe.each(Object.entries({ ...machines, ...pages }))("HT-12: %s after an unexpected error", (endpoint, ask) => {
  test("answers 500 without details, and logs the cause", async () => {
    watched.faults.next = () => new TypeError(`cannot read ${inner}`);
    const answer = await ask("application/json");
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.body)).toEqual({
      error: "server_error",
      error_description: "The server failed unexpectedly.",
      error_uri: "http://localhost:8787/errors/unexpected",
    });
    expect(world.events).toContainEqual({
      name: "server.fault",
      endpoint: endpoint.split(" ")[1],
      cause: expect.stringContaining("TypeError: cannot read"),
    });
  });
});

describe("RFC 6749 §5.2: endpoints of clients answer errors as JSON, for any Accept header", () => {
  const javaDefault = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2";
  test.each(Object.entries(machines))("%s", async (_, ask) => {
    watched.faults.next = () => new StoreUnavailable("down");
    const answer = await ask(javaDefault);
    expect(answer.status).toBe(503);
    expect(answer.headers["content-type"]).toBe("application/json;charset=utf-8");
    expect(JSON.parse(answer.body)).toMatchObject({ error: "temporarily_unavailable" });
  });
  test.each(Object.entries(pages))("endpoints of browsers answer errors as a page: %s", async (_, ask) => {
    watched.faults.next = () => new StoreUnavailable("down");
    const answer = await ask("text/html");
    expect(answer).toMatchObject({
      status: 503,
      headers: { "content-type": "text/html;charset=utf-8", "retry-after": "1" },
    });
    expect(answer.body).toContain("store_unavailable");
  });
});

describe("faults.md: liveness and readiness", () => {
  test.each(withoutStore)("%s works without the store", async (url) => {
    watched.faults.next = () => new StoreUnavailable("down");
    expect((await send("GET", url, "application/json")).status).toBe(200);
  });
  test("/ready answers 503 while the store is unavailable, then 200 again", async () => {
    watched.faults.next = () => new StoreUnavailable("down");
    expect((await send("GET", "/ready", "*/*")).status).toBe(503);
    delete watched.faults.next;
    expect(await send("GET", "/ready", "*/*")).toMatchObject({ status: 200, body: '{"status":"ready"}' });
  });
});

describe("HT-12: no answer reveals the software", () => {
  test("in headers or bodies", async () => {
    const answers = await Promise.all([
      ...Object.values({ ...machines, ...pages }).map((ask) => ask("text/html")),
      send("GET", "/nothing", "*/*"),
      send("GET", "/health", "*/*"),
    ]);
    for (const { headers, body } of answers) {
      expect(Object.keys(headers)).not.toContain("x-powered-by");
      expect(Object.keys(headers)).not.toContain("server");
      expect(body).not.toMatch(/fastify|node_modules|sqlite|\.ts:\d/i);
    }
  });
});
