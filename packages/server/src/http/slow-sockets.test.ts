import { once } from "node:events";
import { request } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { basic, makeWorld, type World } from "../../test/world.ts";

let world: World;
let port: number;
let configured: number[];
const open = new Set<Socket>();

/** Records the limits, which are seconds, then shortens them, so that no test waits. */
beforeAll(async () => {
  // As a trusted proxy, so that the limit of one network is not met first (HT-16).
  world = await makeWorld({ config: { trustedProxies: ["127.0.0.1"] } });
  await world.addApplication("app");
  const { server } = world.app;
  configured = [
    server.headersTimeout,
    server.requestTimeout,
    (server as unknown as { connectionsCheckingInterval: number }).connectionsCheckingInterval,
    server.maxConnections,
  ];
  Object.assign(server, { headersTimeout: 2_000, requestTimeout: 3_000, connectionsCheckingInterval: 50 });
  await world.app.listen({ port: 0, host: "127.0.0.1" });
  ({ port } = server.address() as AddressInfo);
});
afterAll(async () => {
  for (const socket of open) socket.destroy();
  await world.app.close();
});

async function dial(): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  open.add(socket);
  socket.on("error", () => socket.destroy()).on("close", () => open.delete(socket));
  await once(socket, "connect");
  return socket;
}

/**
 * Sends byte by byte until the server closes the connection, and returns its answer. A byte that meets the close makes
 * the kernel reset the connection and discard the answer, so an empty one is asked for again.
 */
async function trickle(text: string): Promise<string> {
  for (let tries = 1; tries < 5; tries++) {
    const answer = await trickleOnce(text);
    if (answer !== "") return answer;
  }
  return trickleOnce(text);
}

async function trickleOnce(text: string): Promise<string> {
  const socket = await dial();
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part));
  let at = 0;
  const timer = setInterval(() => void (at < text.length && socket.write(text[at++]!)), 25);
  if (!socket.destroyed) await once(socket, "close");
  clearInterval(timer);
  return Buffer.concat(parts).toString("latin1");
}

const ask = async (): Promise<number> => {
  const headers = {
    authorization: basic("app"),
    "content-type": "application/x-www-form-urlencoded",
    host: "localhost:8787",
  };
  return await new Promise((resolve, reject) => {
    const asked = request(
      { port, host: "127.0.0.1", method: "POST", path: "/oauth/token", headers, agent: false },
      (answer) => resolve(answer.resume().statusCode!),
    );
    asked.on("error", reject);
    asked.end("grant_type=client_credentials");
  });
};

describe("HT-01: slow connections", () => {
  test("allows 10 s for the headers, 15 s for the request, checked every 5 s, and 16,384 connections", () =>
    expect(configured).toEqual([10_000, 15_000, 5_000, 16_384]));

  test("answers 408 to headers or a body that arrive byte by byte", async () => {
    const heads = ["GET /health HTTP/1.1\r\nHost: localhost:8787\r\nX-A: ", `${"a".repeat(1000)}`];
    const body =
      "POST /oauth/token HTTP/1.1\r\nHost: localhost:8787\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n";
    const socket = await dial();
    const parts: Buffer[] = [];
    socket.on("data", (part: Buffer) => parts.push(part));
    socket.write(body);
    const [slowHead] = await Promise.all([trickle(heads.join("")), once(socket, "close")]);
    expect(slowHead).toMatch(/^HTTP\/1\.1 408 /);
    expect(Buffer.concat(parts).toString("latin1")).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("serves others while 5,000 slow connections are open, then closes these", async () => {
    const slow: Socket[] = [];
    while (slow.length < 5_000) slow.push(...(await Promise.all(Array.from({ length: 250 }, dial))));
    for (const [at, socket] of slow.entries())
      if (at % 2 === 0) socket.resume().write("P");
      else socket.resume();
    expect(await Promise.all(Array.from({ length: 50 }, ask))).toEqual(Array.from({ length: 50 }, () => 200));
    await Promise.all(slow.map((socket) => (socket.destroyed ? undefined : once(socket, "close"))));
    const count = await new Promise<number>((resolve) => world.app.server.getConnections((_, all) => resolve(all)));
    expect(count).toBeLessThan(60);
    expect(await ask()).toBe(200);
  });

  test("closes new connections beyond the limit at once, and accepts again when others end", async () => {
    const { server } = world.app;
    const connections = () => new Promise<number>((resolve) => server.getConnections((_, all) => resolve(all)));
    while ((await connections()) > 0) await new Promise(setImmediate);
    server.maxConnections = 20;
    const held = await Promise.all(Array.from({ length: 20 }, dial));
    while ((await connections()) < 20) await new Promise(setImmediate);
    expect(await bytesOfNewSocket()).toBe(0);
    for (const socket of held) socket.destroy();
    while ((await connections()) > 0) await new Promise(setImmediate);
    server.maxConnections = 16_384;
    expect(await ask()).toBe(200);
  });
});

/** The number of bytes that a new socket receives before it is closed. */
async function bytesOfNewSocket(): Promise<number> {
  const socket = connect(port, "127.0.0.1");
  open.add(socket);
  let bytes = 0;
  socket.on("data", (part: Buffer) => (bytes += part.length)).on("error", () => socket.destroy());
  await once(socket, "close");
  return bytes;
}

describe("HT-10: HTTP/2 is not supported", () => {
  test("refuses its preface, an upgrade and frames, and keeps running", async () => {
    const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    const frames = Buffer.concat([
      Buffer.from(preface),
      Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
      ...Array.from({ length: 100 }, (_, at) => Buffer.from([0, 0, 4, 3, 0, 0, 0, 0, 2 * at + 1, 0, 0, 0, 8])),
    ]);
    for (const bytes of [Buffer.from(preface), frames]) {
      const socket = await dial();
      const parts: Buffer[] = [];
      socket.on("data", (part: Buffer) => parts.push(part));
      socket.write(bytes);
      await once(socket, "close");
      expect(Buffer.concat(parts).toString("latin1")).toMatch(/^(?:HTTP\/1\.1 400 |$)/);
    }
    const upgrade = await dial();
    upgrade.write(
      "GET /health HTTP/1.1\r\nHost: localhost:8787\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n",
    );
    const [answer] = (await once(upgrade, "data")) as [Buffer];
    expect(answer.toString("latin1")).toMatch(/^HTTP\/1\.1 200 /);
    upgrade.destroy();
    expect(await ask()).toBe(200);
  });
});
