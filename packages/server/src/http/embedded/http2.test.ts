import { connect, createServer, type ClientHttp2Session, type Http2Server } from "node:http2";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import Fastify from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { embeddedIssuer } from "../../../test/hosts.ts";
import { basic, makeWorld } from "../../../test/world.ts";
import { embeddedPlugin, type EmbeddedPlugin } from "./fastify-plugin.ts";
import { fetchHandler } from "./fetch-handler.ts";
import { nodeHandler } from "./node-handler.ts";

/** Hosts that speak HTTP/2, without TLS. */
async function hosts(): Promise<readonly (readonly [string, Http2Server])[]> {
  const worlds = await Promise.all([1, 2, 3].map(() => makeWorld({ config: { issuer: embeddedIssuer } })));
  await Promise.all(worlds.map(({ app, addApplication }) => Promise.all([app.ready(), addApplication("app_one")])));
  const [forFastify, forNode, forFetch] = worlds;
  const fastify = Fastify({ http2: true });
  const handle = nodeHandler(forFastify!.app, forFastify!.deps);
  await fastify.register(embeddedPlugin(handle, forFastify!.deps.config, async () => {}) as EmbeddedPlugin as never);
  await fastify.ready();
  const node = createServer(nodeHandler(forNode!.app, forNode!.deps) as never);
  const passOn = fetchHandler(forFetch!.app, forFetch!.deps);
  const fetch = (request: Request) => passOn(request, { remoteAddress: "203.0.113.9" });
  return [
    ["Fastify", fastify.server as unknown as Http2Server],
    ["node:http2", node],
    ["fetch", createAdaptorServer({ fetch, createServer }) as Http2Server],
  ];
}

let sessions: (readonly [string, ClientHttp2Session])[];
let servers: readonly (readonly [string, Http2Server])[];
beforeAll(async () => {
  servers = await hosts();
  sessions = await Promise.all(
    servers.map(async ([name, server]) => {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return [name, connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)] as const;
    }),
  );
});
afterAll(() => {
  for (const [, session] of sessions) session.destroy();
  for (const [, server] of servers) server.close();
});

const authority = "localhost:8787";
async function send(session: ClientHttp2Session, headers: Record<string, string>, body = ""): Promise<object> {
  const stream = session.request({ ":authority": authority, ...headers }, { endStream: body === "" });
  stream.setEncoding("utf8");
  if (body !== "") stream.end(body);
  const [answer] = (await once(stream, "response")) as [Record<string, string | number>];
  const { date: _date, "request-id": id, ...rest } = answer;
  const text = (await stream.toArray()).join("");
  return { ...rest, body: id === undefined ? text : text.replaceAll(String(id), "ID") };
}

describe("a host application that speaks HTTP/2", () => {
  const form = { "content-type": "application/x-www-form-urlencoded", authorization: basic("app_one") };
  const post = { ":method": "POST", ...form };
  test.each<[string, number, Record<string, string>, string?]>([
    ["the metadata", 200, { ":path": "/.well-known/oauth-authorization-server/auth" }],
    ["a page", 200, { ":path": "/auth", accept: "text/html" }],
    ["an unknown path", 404, { ":path": "/auth/none", accept: "text/html" }],
    ["an unknown host", 421, { ":path": "/auth", ":authority": "evil.example" }],
    ["a repeated parameter", 400, { ...post, ":path": "/auth/oauth/token" }, "grant_type=a&grant_type=a"],
    ["a body beyond the limit", 413, { ...post, ":path": "/auth/oauth/revoke" }, "a".repeat(9_000)],
    ["a page's body beyond the limit", 413, { ...post, ":path": "/auth/oauth/sign-in" }, "a".repeat(40_000)],
    ["a revocation", 200, { ...post, ":path": "/auth/oauth/revoke" }, "token=x"],
  ])("%s: %d", async (_title, status, headers, body) => {
    const answers = await Promise.all(sessions.map(([, session]) => send(session, headers, body)));
    expect(answers.map((answer) => (answer as { ":status": number })[":status"])).toEqual([status, status, status]);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });
});
