import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import Fastify from "fastify";
import { afterEach, describe, expect, test } from "vitest";
import { base } from "../../../test/hosts.ts";
import { makeWorld } from "../../../test/world.ts";
import { embeddedPlugin } from "./fastify-plugin.ts";
import { nodeHandler } from "./node-handler.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => void (await Promise.all(closing.splice(0).map((close) => close()))));

/** Listens, and makes a server whose issuer has that port. */
async function listening(server: Server) {
  await once(server.listen(0, "127.0.0.1"), "listening");
  closing.push(() => server.close().closeAllConnections());
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const { app, deps } = await makeWorld({ config: { issuer: url + base } });
  await app.ready();
  return { url, deps, handle: nodeHandler(app, deps) };
}

describe("HT-18: CORS of the host application, for every origin and with credentials", () => {
  const origin = "https://elsewhere.example";
  const lax = {
    "access-control-allow-origin": origin,
    "Access-Control-Allow-Credentials": "true",
    "access-control-allow-private-network": "true",
    "access-control-expose-headers": "set-cookie",
  };
  const corsOf = (answer: Response): Record<string, string> =>
    Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith("access-control-")));
  const expectOwnCors = async (url: string): Promise<void> => {
    for (const path of ["/oauth/sign-in", "/oauth/introspect", "", "/none", "/oauth/authorize"])
      expect(corsOf(await fetch(url + base + path, { headers: { origin } }))).toEqual({});
    for (const path of ["/oauth/token", "/oauth/token_info", "/.well-known/oauth-authorization-server"])
      expect(corsOf(await fetch(url + base + path, { headers: { origin } }))).toEqual({
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "WWW-Authenticate, Retry-After, DPoP-Nonce",
      });
    expect(corsOf(await fetch(`${url}/ours`, { headers: { origin } }))).toEqual({
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      "access-control-allow-private-network": "true",
      "access-control-expose-headers": "set-cookie",
    });
  };

  test("does not apply to the paths of the server in Express, nor to the refusal of a body that was read", async () => {
    const host = express();
    const { url, handle } = await listening(createServer(host));
    host.use((_request, response, next) => void (response.set(lax), next()), express.text({ type: "a/b" }), handle);
    host.get("/ours", (_request, response) => void response.send("ours"));
    await expectOwnCors(url);
    const read = { method: "POST", body: "x", headers: { "content-type": "a/b", origin } };
    const answer = await fetch(`${url}${base}/oauth/introspect`, read);
    expect([answer.status, corsOf(answer)]).toEqual([500, {}]);
  });
  test("does not apply to the paths of the server in Fastify", async () => {
    const host = Fastify();
    const { url, deps, handle } = await listening(createServer((request, response) => host.routing(request, response)));
    host.addHook("onRequest", async (_request, reply) => void reply.headers(lax));
    host.get("/ours", () => "ours");
    await host.register(embeddedPlugin(handle, deps.config, async () => {}));
    await host.ready();
    await expectOwnCors(url);
  });
});
