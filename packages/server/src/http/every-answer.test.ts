import { beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, obtainTokens, signIn } from "../../test/flows.ts";
import { basic, makeWorld, secret, type World } from "../../test/world.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";

let world: World;
let accessToken: string;
beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app");
  await world.addApplication("app_post", { authMethod: "client_secret_post" });
  await world.addApplication("app_public", { type: "public", authMethod: "none", secrets: [] });
  await world.addApplication("app_suspended", { suspendedAt: 1 });
  await world.addAccount("ann@example.com");
  accessToken = (await obtainTokens(world, "app", "ann@example.com")).access_token;
});

const rows = Object.entries<Route>(routes);
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] as const;
const urlOf = ({ path }: Route): string => path.replace("{base}", "").replace(":name", "invalid_grant") || "/";

/** Ways to present credentials, good and bad. */
const credentials: Record<string, { authorization?: string; form?: Record<string, string> }> = {
  "without credentials": {},
  "with an empty Authorization": { authorization: "" },
  "with a wrong secret in the header": { authorization: basic("app", "wrong") },
  "with a wrong secret in the body": { form: { client_id: "app", client_secret: "wrong" } },
  "with the client_id alone": { form: { client_id: "app" } },
  "as a public client": { form: { client_id: "app_public" } },
  "as an unknown client": { form: { client_id: "app_unknown", client_secret: secret } },
  "with another method than the registered one": { authorization: basic("app_post") },
  "as a suspended client": { authorization: basic("app_suspended") },
  "with a client assertion": { form: { client_assertion: "x", client_id: "app" } },
  "with a broken Basic": { authorization: "Basic !" },
  "with another scheme": { authorization: "Digest x", form: { client_id: "app", client_secret: secret } },
  "with an unknown bearer": { authorization: "Bearer sym_at_x" },
  "with a malformed bearer": { authorization: "Bearer a b" },
  "as a client": { authorization: basic("app") },
  "as a resource server that does not exist": { authorization: basic("rs_none") },
};

const known = /^(Basic|Bearer) realm="symbolon"/;

async function send(method: string, route: Route, { authorization, form = {} }: (typeof credentials)[string]) {
  const answer = await world.app.inject({
    method: method as "GET",
    url: urlOf(route),
    headers: {
      host: "localhost:8787",
      ...(authorization === undefined ? {} : { authorization }),
      ...(method === "POST" ? { "content-type": "application/x-www-form-urlencoded" } : {}),
    },
    ...(method === "POST"
      ? { payload: new URLSearchParams({ token: accessToken, tokens: accessToken, ...form }).toString() }
      : {}),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}

describe.each(Object.entries(credentials))("every endpoint, asked %s", (_, presented) => {
  test("RFC 9110 §15.5.2: a 401 has WWW-Authenticate", async () => {
    for (const [name, route] of rows)
      for (const method of methods) {
        const { status, headers } = await send(method, route, presented);
        const challenge = String(headers["www-authenticate"]);
        if (status === 401) expect([name, method, challenge]).toEqual([name, method, expect.stringMatching(known)]);
      }
  });

  test("RFC 9110 §8.3: an answer without a body names no media type, and one with a body names it", async () => {
    for (const [name, route] of rows)
      for (const method of methods.filter((one) => one !== "HEAD")) {
        const { headers, body } = await send(method, route, presented);
        expect([name, method, headers["content-type"] === undefined]).toEqual([name, method, body === ""]);
      }
  });
});

test("RFC 9110 §8.3: a redirect without a body names no media type", async () => {
  const answer = await world.app.inject({
    method: "GET",
    url: authorizeUrl("app", { prompt: "none" }),
    headers: { host: "localhost:8787" },
  });
  expect([answer.statusCode, answer.body, answer.headers["content-type"]]).toEqual([303, "", undefined]);
});

test("401 is answered at every endpoint that authenticates its caller", async () => {
  const without = await Promise.all(
    rows.map(async ([name, route]) => {
      const { status } = await send("POST" in route ? "POST" : "GET", route, {});
      return status === 401 ? name : undefined;
    }),
  );
  expect(without.filter((name) => name !== undefined)).toEqual([
    "token",
    "introspect",
    "introspectBatch",
    "revoke",
    "tokenInfo",
  ]);
});

describe("RFC 9110 §9.1, §9.3.2: HEAD is answered wherever GET is", () => {
  const described = ({ statusCode, headers }: { statusCode: number; headers: Record<string, unknown> }) => {
    const { date: _, "request-id": __, "content-length": length, ...rest } = headers;
    return { statusCode, hasLength: Number(length) > 0, rest };
  };
  const gettable = rows.filter(([, route]) => "GET" in route);

  test.each(gettable)("%s: with the headers of GET, and no body", async (_name, route) => {
    for (const authorization of [undefined, `Bearer ${accessToken}`]) {
      const headers = { host: "localhost:8787", ...(authorization === undefined ? {} : { authorization }) };
      const [head, get] = await Promise.all(
        (["HEAD", "GET"] as const).map((method) => world.app.inject({ method, url: urlOf(route), headers })),
      );
      expect(head!.body).toBe("");
      const { "set-cookie": _cookie, ...expected } = described(get!).rest;
      expect(described(head!)).toEqual({ ...described(get!), rest: expected });
    }
  });

  test("an unknown path gets 404", async () => {
    const answer = await world.app.inject({ method: "HEAD", url: "/nothing", headers: { host: "localhost:8787" } });
    expect([answer.statusCode, answer.body]).toEqual([404, ""]);
  });

  test.each<Record<string, string>>([{ prompt: "none" }, {}, { prompt: "consent" }, { state: "x".repeat(3000) }])(
    "HEAD of an authorization request has no effect for a signed-in browser (%#)",
    async (parameters) => {
      const browser = browserOf(world);
      const page = await signIn(browser, authorizeUrl("app", { prompt: "consent" }), "ann@example.com");
      await browser.post("/oauth/consent", { ...hiddenFields(page.body), decision: "allow" });
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const before = await world.store.grants.list({ limit: 1000 });
      const events = world.events.length;
      const answer = await world.app.inject({
        method: "HEAD",
        url: authorizeUrl("app", parameters),
        headers: { host: "localhost:8787", cookie },
      });
      expect([200, 303, 400]).toContain(answer.statusCode);
      expect(answer.body).toBe("");
      expect(answer.headers).not.toHaveProperty("set-cookie");
      expect(String(answer.headers["location"])).not.toMatch(/[?&]code=/);
      expect(await world.store.grants.list({ limit: 1000 })).toEqual(before);
      expect(world.events.slice(events).map(({ name }) => name)).not.toContain("authorize.granted");
    },
  );
});
