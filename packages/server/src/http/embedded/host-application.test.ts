import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import Fastify from "fastify";
import { afterEach, describe, expect, test, vi } from "vitest";
import { base, embeddedIssuer } from "../../../test/hosts.ts";
import { basic, makeWorld, type World } from "../../../test/world.ts";
import { embeddedPlugin } from "./fastify-plugin.ts";
import { fetchHandler } from "./fetch-handler.ts";
import { nodeHandler } from "./node-handler.ts";
import { ownedPaths } from "./owned-paths.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => void (await Promise.all(closing.splice(0).map((close) => close()))));

async function embeddedWorld(issuer = embeddedIssuer, trustedProxies: readonly string[] = []): Promise<World> {
  const world = await makeWorld({ config: { issuer, trustedProxies } });
  await world.addApplication("app_one");
  await world.app.ready();
  return world;
}

/** Requests of a server with this listener; the Host header is the issuer's. */
async function listening(listener: RequestListener) {
  const server = createServer(listener);
  closing.push(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return urlOf(server.address() as AddressInfo);
}
const urlOf = ({ port }: AddressInfo): string => `http://localhost:${port}`;

/** A world whose issuer has the port of its host application. */
async function expressWorld(
  prepare: (host: express.Express) => void,
  after: (host: express.Express) => void = () => {},
) {
  const host = express();
  const url = await listening(host);
  const world = await embeddedWorld(url + base);
  prepare(host);
  host.use(nodeHandler(world.app, world.deps));
  after(host);
  return { world, url };
}

const tokenForm = { grant_type: "client_credentials" };
const postForm = (url: string, form: Record<string, string>): Promise<Response> =>
  fetch(url, { method: "POST", body: new URLSearchParams(form), headers: { authorization: basic("app_one") } });

describe("a body that the host application has read before", () => {
  test("is refused with 500 at once, and the log says what to change (HT-04)", async () => {
    const { world, url } = await expressWorld((host) => host.use(express.urlencoded({ extended: true })));
    const answer = await postForm(`${url}${base}/oauth/token`, tokenForm);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ error: "server_error" });
    expect(world.logged).toEqual([
      {
        name: "server.fault",
        endpoint: `${base}/oauth/token`,
        cause: expect.stringContaining("Mount this server before its body parsers"),
        requestId: answer.headers.get("request-id"),
      },
    ]);
  });
  test("is no problem after the server, and for requests without a body", async () => {
    const after = await expressWorld(
      () => {},
      (host) => host.use(express.urlencoded({ extended: true })),
    );
    expect((await postForm(`${after.url}${base}/oauth/token`, tokenForm)).status).toBe(200);
    const before = await expressWorld((host) => host.use(express.urlencoded({ extended: true }), express.json()));
    expect((await fetch(`${before.url}${base}`)).status).toBe(200);
  });
  test("is refused by fetch, too", async () => {
    const world = await embeddedWorld();
    const request = new Request(`${embeddedIssuer}/oauth/token`, { method: "POST", body: "a=b" });
    await request.text();
    const answer = await fetchHandler(world.app, world.deps)(request, { remoteAddress: "203.0.113.9" });
    expect(answer.status).toBe(500);
    expect(world.eventNames()).toEqual(["server.fault"]);
  });
});

test("after a refused body, Express closes the connection, as the server's own listener does (HT-02)", async () => {
  const { url } = await expressWorld(() => {});
  const connectionAfter = async (token: string): Promise<string | null> =>
    (await postForm(`${url}${base}/oauth/revoke`, { token })).headers.get("connection");
  expect(await connectionAfter("x".repeat(9_000))).toBe("close");
  expect(await connectionAfter("x")).toBe("keep-alive");
});

describe("headers that the host application has set", () => {
  const hsts = "max-age=63072000; includeSubDomains; preload";
  const expectHeaders = (answer: Response): void => {
    expect(answer.headers.get("x-trace")).toBe("t1");
    expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
    const cookies = answer.headers.getSetCookie();
    expect(cookies).toContain("theirs=1");
    expect(cookies.some((cookie) => cookie.startsWith("symbolon-browser-auth="))).toBe(true);
  };
  const page = `${base}/oauth/authorize?${new URLSearchParams({ client_id: "app_one", response_type: "code", redirect_uri: "https://app.example/cb", code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256" })}`;

  test("stay in Express; one of the same name is replaced, and cookies are added to", async () => {
    const { url } = await expressWorld((host) =>
      host.use((_request, response, next) => {
        response.set({ "x-trace": "t1", "content-security-policy": "default-src *" }).append("set-cookie", "theirs=1");
        next();
      }),
    );
    expectHeaders(await fetch(url + page));
  });
  test("stay in Fastify; one of the same name is replaced, and cookies are added to", async () => {
    const host = Fastify();
    closing.push(() => host.close());
    host.addHook("onRequest", async (_request, reply) => {
      reply.headers({ "x-trace": "t1", "content-security-policy": "default-src *", "set-cookie": "theirs=1" });
    });
    const world = await embeddedWorld("http://localhost:8787/auth");
    await host.register(embeddedPlugin(nodeHandler(world.app, world.deps), world.deps.config, async () => {}));
    const { statusCode, headers } = await host.inject({ url: page, headers: { host: "localhost:8787" } });
    expect(statusCode).toBe(200);
    const all = Object.entries(headers).flatMap(([name, value]) =>
      [value].flat().map((one) => [name, String(one)] as [string, string]),
    );
    expectHeaders(new Response(null, { headers: all }));
  });
  test("keep their Strict-Transport-Security, which covers more than ours (RFC 6797 §8.1)", async () => {
    const world = await embeddedWorld("https://id.example/auth");
    const handle = nodeHandler(world.app, world.deps);
    const url = await listening((request, response) => {
      if (request.headers["x-host"] === "strict") response.setHeader("strict-transport-security", hsts);
      request.headers.host = "id.example";
      handle(request, response);
    });
    const hstsOf = async (headers: Record<string, string>): Promise<(string | null)[]> => {
      const answers = [fetch(url + base, { headers }), fetch(`${url}${base}/oauth/token`, { method: "POST", headers })];
      return (await Promise.all(answers)).map((answer) => answer.headers.get("strict-transport-security"));
    };
    expect(await hstsOf({ "x-host": "strict" })).toEqual([hsts, hsts]);
    expect(await hstsOf({})).toEqual(["max-age=31536000", "max-age=31536000"]);
  });
});

describe("the address of a client, which the host application passes to fetch", () => {
  const wrongSecret = (world: World) => {
    const handle = fetchHandler(world.app, world.deps);
    return async (remoteAddress: string | undefined, headers: Record<string, string> = {}): Promise<number> =>
      (
        await handle(
          new Request(`${embeddedIssuer}/oauth/token`, {
            method: "POST",
            body: new URLSearchParams(tokenForm),
            headers: { authorization: basic("app_one", "wrong"), ...headers },
          }),
          { remoteAddress },
        )
      ).status;
  };
  const use = async (guess: () => Promise<number>): Promise<number[]> => {
    const statuses: number[] = [];
    for (let at = 0; at < 21; at++) statuses.push(await guess());
    return [statuses[19]!, statuses[20]!];
  };

  test("is what limits count by (OP-13)", async () => {
    const guess = wrongSecret(await embeddedWorld());
    expect(await use(() => guess("203.0.113.9"))).toEqual([401, 429]);
    expect(await guess("203.0.113.10")).toBe(401);
    expect(await guess("2001:db8::1")).toBe(401);
  });
  test("is looked for in X-Forwarded-For if it is a trusted proxy, and only then", async () => {
    const guess = wrongSecret(await embeddedWorld(embeddedIssuer, ["10.0.0.7"]));
    expect(await use(() => guess("10.0.0.7", { "x-forwarded-for": "203.0.113.9" }))).toEqual([401, 429]);
    expect(await guess("10.0.0.7", { "x-forwarded-for": "203.0.113.10" })).toBe(401);
    expect(await guess("203.0.113.9", { "x-forwarded-for": "203.0.113.11" })).toBe(429);
  });
  test.each([undefined, "", "unknown", "203.0.113.9, 10.0.0.7", "localhost"])(
    "if it is %j, all such requests count as one network, no header is read, and the log says so once",
    async (address) => {
      const world = await embeddedWorld(embeddedIssuer, ["127.0.0.1", "10.0.0.7"]);
      const guess = wrongSecret(world);
      let count = 0;
      expect(await use(() => guess(address, { "x-forwarded-for": `203.0.113.${++count}` }))).toEqual([401, 429]);
      expect(await guess(undefined)).toBe(429);
      expect(await guess("127.0.0.1")).toBe(401);
      expect(world.events.filter(({ name }) => name === "client_address.missing")).toHaveLength(1);
    },
  );
  test("may be left out by a program without types", async () => {
    const world = await embeddedWorld();
    const handle = fetchHandler(world.app, world.deps) as (request: Request) => Promise<Response>;
    expect((await handle(new Request(embeddedIssuer))).status).toBe(200);
  });
});

describe("a request of fetch", () => {
  const send = async (url: string, init?: RequestInit & { duplex?: "half" }): Promise<Response> => {
    const world = await embeddedWorld();
    return await fetchHandler(world.app, world.deps)(new Request(url, init), { remoteAddress: "203.0.113.9" });
  };
  test("an endless body is not read to its end (HT-02)", async () => {
    const pulled = vi.fn<(controller: ReadableStreamDefaultController) => void>((controller) =>
      controller.enqueue(new Uint8Array(16_384).fill(97)),
    );
    const body = new ReadableStream({ pull: pulled });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await send(`${embeddedIssuer}/oauth/token`, { method: "POST", body, headers, duplex: "half" });
    expect(answer.status).toBe(413);
    expect(pulled.mock.calls.length).toBeLessThan(20);
  });
  test("a body that breaks off is answered, and does not make the promise reject (HT-12)", async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error("aborted")) });
    const answer = await send(`${embeddedIssuer}/oauth/token`, { method: "POST", body, duplex: "half" });
    expect(answer.status).toBe(408);
    expect(await answer.json()).toMatchObject({ error: "invalid_request" });
  });
  test("has the host of its URL where it has no Host header, and it must be a known one (HT-09)", async () => {
    expect((await send("http://localhost:8787/auth")).status).toBe(200);
    expect((await send("http://evil.example/auth")).status).toBe(421);
    expect((await send("http://localhost:3000/auth", { headers: { host: "localhost:8787" } })).status).toBe(200);
  });
  test.each(["/auth#x", "/auth/oauth/token#"])(
    "with a fragment, %s, is refused, as on the wire (HT-08)",
    async (path) => expect((await send(`http://localhost:8787${path}`, { method: "POST" })).status).toBe(404),
  );
});

describe("which paths the server takes from a host application", () => {
  test("below a prefix: everything, and the metadata document at the root", () => {
    const { patterns, owns } = ownedPaths({ issuer: "https://a.example/auth" });
    expect(patterns).toEqual(["/auth", "/auth/*", "/.well-known/oauth-authorization-server/auth"]);
    for (const path of [...patterns, "/auth/", "/auth/x/y"]) expect(owns(path)).toBe(true);
    for (const path of ["/", "/authentic", "/Auth", "/health", "/.well-known/oauth-authorization-server"])
      expect(owns(path)).toBe(false);
  });
  test("for an issuer without a path: the endpoints, and nothing else", () => {
    const { owns } = ownedPaths({ issuer: "https://a.example" });
    for (const path of ["/oauth/token", "/.well-known/oauth-authorization-server", "/assets/a.css", "/errors/b"])
      expect(owns(path)).toBe(true);
    for (const path of ["/admin/v1/openapi.json", "/admin/v1/applications", "/admin/v1/applications/app_one"]) {
      expect(owns(path)).toBe(true);
      expect(ownedPaths({ issuer: "https://a.example", management: "off" }).owns(path)).toBe(false);
    }
    for (const path of ["/", "/admin", "/admin/users", "/health", "/ready", "/oauth", "/oauth/none", "/users"])
      expect(owns(path)).toBe(false);
  });
});

describe("the Fastify plugin", () => {
  const registered = async (issuer: string, options: { prefix?: string }, nested = false) => {
    const world = await embeddedWorld(issuer);
    const host = Fastify();
    const close = vi.fn<() => Promise<void>>(async () => {});
    const plugin = embeddedPlugin(nodeHandler(world.app, world.deps), world.deps.config, close);
    if (nested) host.register(async (below) => void below.register(plugin, options), { prefix: base });
    else host.register(plugin, options);
    await host.ready();
    return { host, close };
  };
  test.each([{}, { prefix: "/auth" }, { prefix: "/auth/" }])("takes its paths with %j", async (options) => {
    const { host } = await registered(embeddedIssuer, options);
    const statusOf = async (url: string): Promise<number> =>
      (await host.inject({ url, headers: { host: "localhost:8787" } })).statusCode;
    expect(await statusOf("/auth")).toBe(200);
    expect(await statusOf("/auth/.well-known/oauth-authorization-server")).toBe(200);
    expect(await statusOf("/.well-known/oauth-authorization-server/auth")).toBe(200);
    expect(await statusOf("/auth/auth")).toBe(404);
  });
  test("refuses a prefix that is not the path of the issuer, and to be registered below another one", async () => {
    await expect(registered(embeddedIssuer, { prefix: "/id" })).rejects.toThrow('below "/id"');
    await expect(registered(embeddedIssuer, {}, true)).rejects.toThrow("Register the plugin at the top");
  });
  test("closes the server when the host closes", async () => {
    const { host, close } = await registered(embeddedIssuer, {});
    await host.close();
    expect(close).toHaveBeenCalledOnce();
  });
});
