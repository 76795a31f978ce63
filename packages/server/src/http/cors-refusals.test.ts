import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { obtainTokens } from "../../test/flows.ts";
import { watchedStore } from "../../test/watched-store.ts";
import { basic, makeWorld, type World } from "../../test/world.ts";
import { StoreUnavailable } from "../index.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";

const form = { "content-type": "application/x-www-form-urlencoded" };
const client = { ...form, authorization: basic("app") };
const open = Object.values<Route>(routes).filter(({ cors }) => cors);
const readable = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "WWW-Authenticate, Retry-After, DPoP-Nonce",
};

const watched = watchedStore();
let own: World;
let bearer: string;
beforeAll(async () => {
  own = await makeWorld({ store: watched.store, config: { tokenRequestsPerMinute: 60 } });
  await own.addApplication("app");
  await own.addApplication("busy");
  await own.addAccount("ann@example.com");
  bearer = `Bearer ${(await obtainTokens(own, "app", "ann@example.com")).access_token}`;
});

type Sent = { headers?: Record<string, string>; payload?: string; on?: World };
async function send(method: string, url: string, { headers = {}, payload, on = own }: Sent = {}) {
  const answer = await on.app.inject({
    method: method as "GET",
    url,
    headers: { host: "localhost:8787", ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}
const corsOf = (headers: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("access-control-")));

describe("a page of another origin can read why it was refused", () => {
  const refusals: Record<string, [status: number, url: string, sent: Sent & { method?: string }]> = {
    "a code that is none": [400, "/oauth/token", { headers: client, payload: "grant_type=authorization_code&code=x" }],
    "a query string": [400, "/oauth/revoke?token=x", { headers: client, payload: "token=x" }],
    "a query string for a bearer": [
      400,
      "/oauth/token_info?a",
      { method: "GET", headers: { authorization: "Bearer x" } },
    ],
    "a form with a broken escape": [400, "/oauth/token", { headers: client, payload: "a=%" }],
    "a client that is unknown": [
      401,
      "/oauth/token",
      { headers: { ...form, authorization: basic("none") }, payload: "a=b" },
    ],
    "a token that is unknown": [401, "/oauth/token_info", { method: "GET", headers: { authorization: "Bearer x" } }],
    "another method": [405, "/oauth/token", { method: "GET" }],
    "another method for the metadata": [405, "/.well-known/oauth-authorization-server", { method: "POST" }],
    "a large body": [413, "/oauth/token", { headers: client, payload: `a=${"x".repeat(40_000)}` }],
    "another media type": [
      415,
      "/oauth/revoke",
      { headers: { ...client, "content-type": "application/json" }, payload: "{}" },
    ],
    "a content coding": [415, "/oauth/token", { headers: { ...client, "content-encoding": "gzip" }, payload: "a=b" }],
    "an expectation": [417, "/oauth/token", { headers: { ...client, expect: "x" }, payload: "a=b" }],
    "another host": [421, "/oauth/token", { headers: { ...client, host: "other.example" }, payload: "a=b" }],
  };
  test.each(Object.entries(refusals))("%s", async (_, [status, url, { method = "POST", ...sent }]) => {
    const answer = await send(method, url, { ...sent });
    expect([answer.status, corsOf(answer.headers)]).toEqual([status, readable]);
    expect(JSON.parse(answer.body)).toMatchObject({ error: expect.any(String), error_description: expect.any(String) });
  });
  test.each(Object.entries(refusals))("but not at introspection: %s", async (_, [, , { method = "POST", ...sent }]) => {
    const answer = await send(method, "/oauth/introspect", { ...sent });
    expect(corsOf(answer.headers)).toEqual({});
  });

  test("too many requests, with Retry-After", async () => {
    const asked = { headers: { ...form, authorization: basic("busy") }, payload: "grant_type=client_credentials" };
    let answer = await send("POST", "/oauth/token", { ...asked });
    for (let count = 0; count < 200 && answer.status === 200; count++)
      answer = await send("POST", "/oauth/token", { ...asked });
    expect([answer.status, corsOf(answer.headers)]).toEqual([429, readable]);
    expect(answer.headers["retry-after"]).toMatch(/^\d+$/);
    expect(readable["access-control-expose-headers"]).toContain("Retry-After");
  });

  test.each([
    ["a store that does not answer", new StoreUnavailable("down"), 503],
    ["a fault of the server", new Error("broken"), 500],
  ])("%s", async (_, fault, status) => {
    watched.faults.next = () => fault;
    const [token, info] = await Promise.all([
      send("POST", "/oauth/token", { headers: client, payload: "grant_type=client_credentials" }),
      send("GET", "/oauth/token_info", { headers: { authorization: bearer } }),
    ]);
    delete watched.faults.next;
    for (const answer of [token, info]) expect([answer.status, corsOf(answer.headers)]).toEqual([status, readable]);
  });

  test("an overloaded server, whose preflights still succeed: a browser hides the status of one that fails", async () => {
    const health = { isOverloaded: () => true, warnings: () => [] };
    const overloaded = await makeWorld({ health });
    for (const route of open) {
      const url = route.path.replace("{base}", "");
      const method = "POST" in route ? "POST" : "GET";
      const answer = await send(method, url, { on: overloaded });
      expect([answer.status, answer.headers["retry-after"], corsOf(answer.headers)]).toEqual([503, "1", readable]);
      expect((await send("OPTIONS", url, { on: overloaded })).status).toBe(204);
    }
    const closed = await send("OPTIONS", "/oauth/introspect", { on: overloaded });
    expect([closed.status, corsOf(closed.headers)]).toEqual([503, {}]);
  });
});

describe("a page of another origin can read a refusal that is made before the request has a route", () => {
  let port: number;
  let server: World;
  beforeAll(async () => {
    server = await makeWorld({ config: { issuer: "http://localhost:8787/tenant" } });
    Object.assign(server.app.server, { headersTimeout: 300, requestTimeout: 400, connectionsCheckingInterval: 50 });
    await server.app.listen({ port: 0, host: "127.0.0.1" });
    ({ port } = server.app.server.address() as AddressInfo);
  });
  afterAll(() => server.app.close());

  /** The status and the CORS headers of each answer until the server closes the connection. */
  async function answersTo(...bytes: string[]) {
    const socket = connect(port, "127.0.0.1");
    const parts: Buffer[] = [];
    socket.on("data", (part: Buffer) => parts.push(part)).on("error", () => socket.destroy());
    socket.write(bytes.join(""), "latin1");
    await once(socket, "close");
    const heads = Buffer.concat(parts).toString("latin1").split("HTTP/1.1 ").slice(1);
    return heads.map((head) => ({
      status: Number(head.slice(0, 3)),
      ...corsOf(
        Object.fromEntries(
          [...head.matchAll(/^([\w-]+): (.*)\r$/gm)].map(([, name, value]) => [name!.toLowerCase(), value]),
        ),
      ),
    }));
  }
  const request = (method: string, path: string, ...lines: string[]) =>
    [`${method} ${path} HTTP/1.1`, "Host: localhost:8787", "Origin: https://elsewhere.example", ...lines, ""].join(
      "\r\n",
    );
  const formLine = "Content-Type: application/x-www-form-urlencoded";
  const malformed: Record<string, [status: number, lines: string[]]> = {
    "headers beyond 16 KiB": [431, [`X-A: ${"a".repeat(17 * 1024)}`, "", ""]],
    "a header with NUL": [400, ["X-A: a\0b", "", ""]],
    "two lengths": [400, ["Content-Length: 3", "Content-Length: 4", "", "a=b"]],
    "a broken chunk": [400, [formLine, "Transfer-Encoding: chunked", "", "zz", ""]],
    "chunk extensions without end": [413, [formLine, "Transfer-Encoding: chunked", "", `1;${"a".repeat(20_000)}`, ""]],
    "a body without end": [408, [formLine, "Content-Length: 30", "", "a=b"]],
  };
  test.each(Object.entries(malformed))("%s", async (_, [status, lines]) => {
    expect(await answersTo(request("POST", "/tenant/oauth/token", ...lines))).toEqual([{ status, ...readable }]);
    expect(await answersTo(request("POST", "/tenant/oauth/revoke?a=b", ...lines))).toEqual([{ status, ...readable }]);
  });
  test.each(["/tenant/oauth/introspect", "/tenant/oauth/sign-in", "/oauth/token", "/tenant/oauth/token/x", "/health"])(
    "but not of %s",
    async (path) => {
      for (const [status, lines] of Object.values(malformed).filter(([known]) => known !== 408))
        expect(await answersTo(request("POST", path, ...lines))).toMatchObject([{ status }]);
      for (const [, lines] of Object.values(malformed))
        for (const answer of await answersTo(request("POST", path, ...lines)))
          expect(Object.keys(answer)).toEqual(["status"]);
    },
  );
  test("on a connection that served another route before, the path of the malformed request counts", async () => {
    const first = request("GET", "/health", "", "");
    const large = `X-A: ${"a".repeat(17 * 1024)}`;
    const socket = connect(port, "127.0.0.1");
    const parts: Buffer[] = [];
    socket.on("data", (part: Buffer) => parts.push(part)).on("error", () => socket.destroy());
    socket.write(first);
    await once(socket, "data");
    socket.write(request("POST", "/tenant/oauth/token", large, "", ""));
    await once(socket, "close");
    const [, health = "", refusal = ""] = Buffer.concat(parts).toString("latin1").split("HTTP/1.1 ");
    expect(health).not.toContain("access-control");
    expect(refusal).toMatch(/^431[^]*\r\naccess-control-allow-origin: \*\r\n/);
  });
  test("what names no path is not readable", async () => {
    for (const bytes of ["\x16\x03\x01hello\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /tenant/oauth/token"])
      for (const answer of await answersTo(bytes)) expect(Object.keys(answer)).toEqual(["status"]);
  });
});
