import { once } from "node:events";
import { Agent, createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { ServerOptions } from "symbolon/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDataDirectory } from "../../proof/harness/data-directory.ts";
import { addAccount, addApplication, addResourceServer } from "../../proof/harness/registration.ts";
import { ScriptedBrowser } from "../../proof/harness/scripted-browser.ts";
import { sendTo } from "../../proof/harness/send.ts";
import { authorizationUrl, codeFromRedirect } from "../authorize.ts";
import type { Credentials } from "../credentials.ts";
import { discover } from "../discover.ts";
import { introspect } from "../introspect.ts";
import { redeemCode } from "../redeem-a-code.ts";
import { refresh } from "../refresh.ts";
import { revoke } from "../revoke.ts";
import { startExpress } from "./express.ts";
import { startFastify } from "./fastify.ts";
import { makeRoute } from "./fetch.ts";
import { startHono } from "./hono.ts";
import configOfPage from "./symbolon.config.ts";

type Start = (options: ServerOptions, port: number) => Promise<() => Promise<unknown>>;
const hosts: readonly (readonly [string, Start])[] = [
  ["Express", startExpress],
  ["Fastify", startFastify],
  ["Hono", startHono],
  ["a fetch handler", startRoute],
];

/** What Next does around the handlers of two routes. */
async function startRoute(options: ServerOptions, port: number): Promise<() => Promise<unknown>> {
  const handlers = makeRoute(options);
  const toFetch = getRequestListener((request) => {
    const { pathname } = new URL(request.url);
    const isOfServer = /^\/(?:auth|\.well-known\/oauth-authorization-server\/auth)(?:\/|$)/.test(pathname);
    if (!isOfServer) return Response.json({ hello: "from our own application" });
    return handlers[request.method as keyof typeof handlers]?.(request) ?? new Response(null, { status: 405 });
  });
  const listener: RequestListener = (request, response) => {
    request.rawHeaders.push("x-forwarded-for", request.socket.remoteAddress ?? "");
    void toFetch(request, response);
  };
  const server = createServer(listener).listen(port);
  return () => new Promise((resolve) => server.close(resolve));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const asPrinted = ({ id, secret }: { id: string; secret: string }): Credentials => ({
  client_id: id,
  client_secret: secret,
});
const redirectUri = "https://app.example/cb";

describe.each(hosts)("the example of %s", (_name, start) => {
  const data = makeDataDirectory();
  let origin: string;
  let issuer: string;
  let close: () => Promise<unknown>;
  let application: Credentials;
  let resourceServer: Credentials;
  beforeAll(async () => {
    application = asPrinted(await addApplication(data));
    resourceServer = asPrinted(await addResourceServer(data));
    await addAccount(data, "ada@example.com", []);
    const port = await freePort();
    origin = `http://localhost:${port}`;
    issuer = `${origin}/auth`;
    const config = { ...configOfPage, issuer, data: data.path };
    close = await start({ config, keyring: data.keyringText, onEvent: () => {} }, port);
  });
  afterAll(async () => {
    await close();
    data.remove();
  });

  test("a user connects, and the application refreshes, introspects and revokes", async () => {
    expect((await discover(issuer)).token_endpoint).toBe(`${issuer}/oauth/token`);
    const asked = await authorizationUrl(issuer, application.client_id, redirectUri, "payroll:read");
    const browser = new ScriptedBrowser(sendTo(origin, new Agent()), [origin]);
    const back = await browser.allow(asked.url, { email: "ada@example.com" });
    const code = codeFromRedirect(back.href, issuer, asked.state);
    const first = await redeemCode(issuer, application, code, asked.verifier);
    const tokens = await refresh(issuer, application, first.refresh_token);
    expect(await introspect(issuer, resourceServer, tokens.access_token)).toMatchObject({
      active: true,
      iss: issuer,
      username: "ada@example.com",
    });
    expect(await revoke(issuer, application, tokens.refresh_token)).toBe(true);
    expect(await introspect(issuer, resourceServer, tokens.access_token)).toEqual({ active: false });
  });

  test("the metadata is at the root, where RFC 8414 §3.1 puts it", async () => {
    const answer = await fetch(`${origin}/.well-known/oauth-authorization-server/auth`);
    expect(await answer.json()).toMatchObject({ issuer });
  });

  test("every link, form and file of the pages is below the prefix, and is there", async () => {
    const asked = await authorizationUrl(issuer, application.client_id, redirectUri, "payroll:read");
    for (const url of [asked.url, issuer, `${issuer}/oauth/sign-out`, `${issuer}/none`]) {
      const page = await (await fetch(url, { headers: { accept: "text/html" } })).text();
      const paths = [...page.matchAll(/(?:href|src|action)="(\/[^"]*)"/g)].map(([, path]) => path!);
      expect(paths.length).toBeGreaterThan(0);
      for (const path of paths) expect(path).toMatch(/^(?:\/auth|\/\.well-known\/oauth-authorization-server\/auth)/);
      const statuses = paths.map(async (path) => (await fetch(origin + path)).status);
      expect(new Set(await Promise.all(statuses))).not.toContain(404);
    }
  });

  test("the application keeps its own routes", async () => {
    expect(await (await fetch(`${origin}/hello`)).json()).toEqual({ hello: "from our own application" });
  });
});
