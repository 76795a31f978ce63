import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import {
  embeddedPlugin,
  fetchHandler,
  hmacKeyring,
  nodeHandler,
  ownedPaths,
  type FetchHandler,
  type ServerConfig,
} from "../src/index.ts";
import { makeWorld, type World } from "./world.ts";

/** A request as it is written to the wire. `Host` is added unless the headers have it. */
export type Sent = { method: string; target: string; headers?: readonly (readonly [string, string])[]; body?: string };
export type Received = { status: number; headers: Record<string, string | string[]>; body: string };

/** A way to reach the same server: its own listener, or a host application. */
export type Host = { name: string; world: World; send(request: Sent): Promise<Received>; close(): Promise<void> };

export const base = "/auth";
export const embeddedIssuer = `http://localhost:8787${base}`;

const bytesOf = (text: string): Uint8Array => createHash("sha256").update(text).digest();

/** Worlds that were made with the same arguments answer with the same bytes. */
async function repeatableWorld(config: Partial<ServerConfig> = {}): Promise<World> {
  const secretOf = (text: string): string => Buffer.from(bytesOf(text)).toString("base64url");
  const data = {
    format: 1 as const,
    keys: [{ id: 1, secret: secretOf("key"), createdAt: 0, activeFrom: 0 }],
    pepper: secretOf("pepper"),
  };
  const world = await makeWorld({ config: { issuer: embeddedIssuer, ...config }, keyring: hmacKeyring(() => data) });
  restartRandom(world, "start");
  await world.app.ready();
  return world;
}

/** From here on, worlds that were restarted with the same text draw the same random bytes. */
export function restartRandom({ deps }: World, text: string): void {
  let count = 0;
  deps.random = (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () => bytesOf(`${text} ${++count}`));
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
  };
}

/** Every way, with the same applications and accounts. */
export async function everyHost(config?: Partial<ServerConfig>): Promise<Host[]> {
  const worlds = Array.from({ length: 6 }, () => repeatableWorld(config));
  const [own, inFastify, inExpress, mounted, inHono, direct] = await Promise.all(worlds);
  return [
    await ownListener(own!),
    await fastifyHost(inFastify!),
    await expressHost("Express", inExpress!),
    await expressHost("Express, mounted below the prefix", mounted!),
    await honoHost(inHono!),
    directFetch(direct!),
  ];
}

const nothingToClose = async (): Promise<void> => {};

async function ownListener(world: World): Promise<Host> {
  await world.app.listen({ host: "127.0.0.1", port: 0 });
  return { name: "its own listener", world, send: over(world.app.server), close: () => world.app.close() };
}

async function fastifyHost(world: World): Promise<Host> {
  const host = Fastify();
  host.get("/ours", () => "of the host");
  const handle = nodeHandler(world.app, world.deps);
  await host.register(embeddedPlugin(handle, world.deps.config, nothingToClose), { prefix: base });
  await host.listen({ host: "127.0.0.1", port: 0 });
  return { name: "Fastify", world, send: over(host.server), close: () => host.close() };
}

async function expressHost(name: string, world: World): Promise<Host> {
  const host = express().disable("x-powered-by");
  const handle = nodeHandler(world.app, world.deps);
  if (name === "Express") host.use(handle);
  else host.use([base, "/.well-known"], handle);
  host.get("/ours", (_request, response) => void response.send("of the host"));
  return await listening(name, world, createServer(host));
}

async function honoHost(world: World): Promise<Host> {
  const handle = fetchHandler(world.app, world.deps);
  const host = new Hono();
  for (const path of ownedPaths(world.deps.config).patterns)
    host.all(path, (context) => handle(context.req.raw, { remoteAddress: getConnInfo(context).remote.address }));
  host.get("/ours", (context) => context.text("of the host"));
  return await listening("Hono", world, createAdaptorServer({ fetch: host.fetch }) as Server);
}

async function listening(name: string, world: World, server: Server): Promise<Host> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  return { name, world, send: over(server), close };
}

function directFetch(world: World): Host {
  const handle: FetchHandler = fetchHandler(world.app, world.deps);
  const send = async ({ method, target, headers = [], body }: Sent): Promise<Received> => {
    const sent = new Headers();
    for (const [name, value] of headers) sent.append(name, value);
    const url = new URL(target, "http://localhost:8787");
    const answer = await handle(new Request(url, { method, headers: sent, ...(body === undefined ? {} : { body }) }), {
      remoteAddress: "127.0.0.1",
    });
    const received: Received["headers"] = {};
    for (const [name, value] of answer.headers) addTo(received, name, value);
    return { status: answer.status, headers: received, body: await answer.text() };
  };
  return { name: "fetch, without a connection", world, send, close: nothingToClose };
}

/** Writes the bytes of a request to a server, and reads what it answers until it closes the connection. */
function over(server: Server): Host["send"] {
  return async ({ method, target, headers = [], body = "" }) => {
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", () => socket.destroy());
    const names = new Set(headers.map(([name]) => name.toLowerCase()));
    const all = [...(names.has("host") ? [] : [["Host", "localhost:8787"]]), ...headers, ["Connection", "close"]];
    if (body !== "" && !names.has("content-length") && !names.has("transfer-encoding"))
      all.push(["Content-Length", String(Buffer.byteLength(body))]);
    const lines = all.map(([name, value]) => `${name}: ${value}`);
    socket.write([`${method} ${target} HTTP/1.1`, ...lines, "", body].join("\r\n"));
    await once(socket, "close");
    return readAnswer(Buffer.concat(chunks).toString());
  };
}

function readAnswer(text: string): Received {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const headers: Received["headers"] = {};
  for (const line of lines) {
    const [name = "", value = ""] = line.split(/: (.*)/);
    addTo(headers, name.toLowerCase(), value);
  }
  return { status: Number(first.split(" ")[1]), headers, body: rest.join("\r\n\r\n") };
}

function addTo(headers: Received["headers"], name: string, value: string): void {
  const before = headers[name];
  headers[name] = before === undefined ? value : [before, value].flat();
}
