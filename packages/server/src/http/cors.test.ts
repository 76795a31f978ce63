import { beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, signIn } from "../../test/flows.ts";
import { watchedStore } from "../../test/watched-store.ts";
import { basic, makeWorld, type World } from "../../test/world.ts";
import { managementRest, managementRoutes, openApiPath } from "./management-routes.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";

/**
 * Every row of the table whose answers a page of another origin may read. A row that joins them takes no cookie, needs
 * no network that the page is not in, and tells nothing that the page did not bring a credential for.
 */
const open: readonly string[] = ["token", "revoke", "tokenInfo", "metadata"];

const base = "/tenant";
const rows = Object.entries<Route>(routes);
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] as const;
const urlsOf = (route: Route): string[] =>
  [route.path, ...(route.reads === "path" ? (route.aliases ?? []) : [])].map((path) =>
    path.replace("{base}", base).replace(":name", "invalid_grant"),
  );
const form = { "content-type": "application/x-www-form-urlencoded" };
const origins: Record<string, Record<string, string>> = {
  "without Origin": {},
  "of another origin": { origin: "https://elsewhere.example" },
  "of the issuer's origin": { origin: "https://id.example" },
  "of the origin null": { origin: "null" },
  "of a page with cookies": { origin: "https://elsewhere.example", cookie: "__Host-symbolon-session=x" },
  "as a preflight": {
    origin: "https://elsewhere.example",
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization",
  },
  "as a preflight from a public to a private network": {
    origin: "https://elsewhere.example",
    "access-control-request-method": "POST",
    "access-control-request-private-network": "true",
    "access-control-request-local-network": "true",
  },
};

let world: World;
beforeAll(async () => {
  world = await makeWorld({ config: { issuer: `https://id.example${base}` } });
  await world.addApplication("app");
});

type Sent = { headers?: Record<string, string>; payload?: string; on?: World };
async function send(method: string, url: string, { headers = {}, payload, on = world }: Sent = {}) {
  const host = new URL(on.deps.config.issuer).host;
  const answer = await on.app.inject({
    method: method as "GET",
    url,
    headers: { host, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}

const corsOf = (headers: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith("access-control-") || name === "timing-allow-origin"),
  );
const readable = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "WWW-Authenticate, Retry-After, DPoP-Nonce",
};

describe("WB-18, RFC 9700 §2.6: which routes a page of another origin may read", () => {
  test("every row of the table says it, and this list has those that may be read", () => {
    for (const [name, { cors }] of rows) expect([name, typeof cors]).toEqual([name, "boolean"]);
    expect(rows.filter(([, { cors }]) => cors).map(([name]) => name)).toEqual(open);
  });

  describe.each(rows)("%s", (name, route) => {
    test.each(Object.entries(origins))("asked by every method, %s", async (_, headers) => {
      for (const url of urlsOf(route))
        for (const method of methods) {
          const answer = await send(method, url, { headers });
          // An alias answers other methods with the 404 of an unknown path.
          const isKnown = url === urlsOf(route)[0] || ["GET", "HEAD", "OPTIONS"].includes(method);
          const expected = open.includes(name) && isKnown ? readable : {};
          const preflight = method === "OPTIONS" && open.includes(name);
          const cors = corsOf(answer.headers);
          expect([method, url, cors]).toEqual([method, url, preflight ? expect.objectContaining(expected) : expected]);
        }
    });
  });

  test.each(["/nothing", "/oauth/token", `${base}/oauth/token/`, `${base}/oauth/jwks`, `${base}/OAUTH/TOKEN`, "/%zz"])(
    "no other path is readable: %s",
    async (url) => {
      for (const method of methods)
        expect(corsOf((await send(method, url, { headers: origins["as a preflight"]! })).headers)).toEqual({});
    },
  );
});

describe("HT-18: the management API", () => {
  const paths = [...managementRoutes.map(({ path }) => path), openApiPath, managementRest];
  test.each(paths)("%s has no CORS, with a token or without", async (path) => {
    const url = base + path.replace(":id", "app").replace("*", "none");
    for (const method of methods)
      for (const authorization of ["", basic("app"), "Bearer x"]) {
        const answer = await send(method, url, { headers: { ...origins["as a preflight"], authorization } });
        expect([method, answer.status < 300, corsOf(answer.headers)]).toEqual([
          method,
          path === openApiPath && (method === "GET" || method === "HEAD"),
          {},
        ]);
      }
  });
});

describe("HT-18: CORS with credentials", () => {
  const everyRequest = rows.flatMap(([, route]) =>
    urlsOf(route).flatMap((url) => methods.map((method) => [method, url] as const)),
  );

  test.each(Object.entries(origins))(
    "no answer allows credentials, echoes an origin or opens a private network, asked %s",
    async (_, headers) => {
      for (const [method, url] of everyRequest) {
        const answer = await send(method, url, { headers });
        expect(answer.headers).not.toHaveProperty("access-control-allow-credentials");
        expect(answer.headers).not.toHaveProperty("access-control-allow-private-network");
        expect(["*", undefined]).toContain(answer.headers["access-control-allow-origin"]);
        expect(JSON.stringify(answer.headers)).not.toContain("elsewhere");
      }
    },
  );

  test("routes that pages may read neither use the cookies of a signed-in browser nor set any", async () => {
    const own = await makeWorld();
    await own.addApplication("app");
    await own.addAccount("ann@example.com");
    const browser = browserOf(own);
    await signIn(browser, authorizeUrl("app"), "ann@example.com");
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    expect(cookie).toContain("symbolon-session=");
    for (const [, route] of rows.filter(([, { cors }]) => cors))
      for (const method of methods) {
        const url = route.path.replace("{base}", "");
        const asked = method === "POST" ? { headers: form, payload: "grant_type=client_credentials&token=x" } : {};
        const answerWith = async (more: Record<string, string>) => {
          const answer = await send(method, url, { on: own, ...asked, headers: { ...asked.headers, ...more } });
          const { date: _, "request-id": __, ...headers } = answer.headers;
          return { ...answer, headers };
        };
        const withCookies = await answerWith({ cookie });
        expect(withCookies).toEqual(await answerWith({}));
        expect(withCookies.headers).not.toHaveProperty("set-cookie");
      }
  });
});

describe("a preflight", () => {
  const asked = {
    origin: "https://elsewhere.example",
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,dpop",
  };
  const preflights = rows.filter(([, { cors }]) => cors);

  test.each(preflights)("%s: names the methods, the headers, and how long it holds", async (_, route) => {
    const allowed = methods
      .filter((method) => method in route || method === "OPTIONS" || (method === "HEAD" && "GET" in route))
      .join(", ");
    for (const url of urlsOf(route)) {
      const answer = await send("OPTIONS", url, { headers: asked });
      expect([answer.status, answer.body]).toEqual([204, ""]);
      expect(answer.headers).toMatchObject({
        ...readable,
        allow: allowed,
        "access-control-allow-methods": allowed,
        "access-control-allow-headers": "authorization, content-type, dpop",
        "access-control-max-age": "7200",
      });
    }
  });

  test.each([
    ["a method that the route lacks", { ...asked, "access-control-request-method": "DELETE" }],
    ["headers that are not allowed", { ...asked, "access-control-request-headers": "x-a,\u00e9, ,*" }],
    ["a long list of headers", { ...asked, "access-control-request-headers": "x-a,".repeat(2000) }],
    ["no method at all", {}],
    ["the origin null", { ...asked, origin: "null" }],
    ["an origin that is none", { ...asked, origin: "javascript:alert(1)" }],
    ["a cross-site request of a script", { ...asked, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" }],
  ])("is the same answer for %s, so that caches need no Vary", async (_, headers) => {
    const comparable = async (sent: Record<string, string>) => {
      const { status, headers: got } = await send("OPTIONS", `${base}/oauth/token`, { headers: sent });
      const { date: _date, ...rest } = got;
      return { status, headers: rest };
    };
    const usual = await comparable(asked);
    expect(await comparable(headers)).toEqual(usual);
    expect(usual.headers).not.toHaveProperty("vary");
  });

  test("asks no store, counts towards no limit and logs nothing, so that there is nothing to limit", async () => {
    const watched = watchedStore();
    const own = await makeWorld({ store: watched.store, config: { tokenRequestsPerMinute: 1 } });
    await own.addApplication("app");
    watched.forget();
    const authorized = { ...asked, authorization: basic("app", "wrong") };
    for (let count = 0; count < 500; count++)
      expect((await send("OPTIONS", "/oauth/token", { on: own, headers: authorized })).status).toBe(204);
    expect(watched.calls).toEqual([]);
    expect(own.events).toEqual([]);
    const first = { headers: { ...form, authorization: basic("app") }, payload: "grant_type=client_credentials" };
    expect((await send("POST", "/oauth/token", { on: own, ...first })).status).toBe(200);
  });
});
