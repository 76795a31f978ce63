import { once } from "node:events";
import { get } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { pages } from "@symbolon/portal";
import {
  argon2Hasher,
  buildServer,
  defaultLifetimes,
  gcraLimiter,
  hmacKeyring,
  memoryStore,
  standardLimits,
  trackConnections,
  unmeasuredHealth,
} from "@symbolon/server";
import { systemClock } from "../src/edge/clock.ts";
import { systemRandom } from "../src/edge/random.ts";
import { newKeyring } from "../src/keyring/format.ts";
import { stopServer } from "../src/serve/stop.ts";

const anHour = 3_600_000;

/** A listening server with one more route, which answers when it is told to. */
async function listen() {
  const ring = newKeyring(systemClock, systemRandom);
  const keyring = hmacKeyring(() => ring);
  const config = {
    issuer: "http://localhost:8787",
    hosts: [],
    scopes: {},
    lifetimes: defaultLifetimes,
    tokenRequestsPerMinute: 60,
  };
  const connections = trackConnections([]);
  const server = buildServer(
    {
      config,
      store: memoryStore(),
      keyring,
      clock: systemClock,
      random: systemRandom,
      passwords: argon2Hasher(systemRandom, keyring),
      limiter: gcraLimiter(standardLimits(60), systemClock),
      emit: () => {},
    },
    pages,
    unmeasuredHealth,
    connections,
  );
  let answer = (): void => {};
  const asked = new Promise<void>((isAsked) => {
    server.get("/slow", async () => {
      isAsked();
      await new Promise<void>((resolve) => (answer = resolve));
      return "done";
    });
  });
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const request = new Promise<string>((resolve, reject) => {
    get({ host: "127.0.0.1", port, path: "/slow", headers: { host: "localhost:8787" } }, (response) => {
      void response.toArray().then((chunks) => resolve(chunks.join("")), reject);
    }).once("error", reject);
  });
  const stop = (timeoutMs: number, delayMs = 0) =>
    stopServer(server, [server.server], connections, { delayMs, timeoutMs });
  return { server, stop, port, asked, request, answer: () => answer() };
}

describe("stopping", () => {
  test("waits for the request under way", async () => {
    const { stop, asked, request, answer } = await listen();
    await asked;
    let isStopped = false;
    const stopped = stop(anHour).then(() => (isStopped = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isStopped).toBe(false);
    answer();
    expect(await request).toBe("done");
    await stopped;
  });

  test("does not wait for a connection without a request", async () => {
    const { stop, port, asked, request, answer } = await listen();
    await asked;
    answer();
    await request;
    const idle = connect(port, "127.0.0.1").on("error", () => {});
    await new Promise((resolve) => idle.once("connect", resolve));
    await stop(anHour);
    idle.destroy();
  });

  test("closes the connection of a request that never ends", async () => {
    const { stop, asked, request } = await listen();
    await asked;
    await Promise.all([stop(20), expect(request).rejects.toThrow(/socket hang up|ECONNRESET/)]);
  });

  /** What a connection receives until it is closed. */
  const received = (socket: Socket): Promise<string> => socket.toArray().then((parts) => parts.join(""));
  const ready = "GET /ready HTTP/1.1\r\nHost: localhost:8787\r\n\r\n";
  const home = "GET / HTTP/1.1\r\nHost: localhost:8787\r\n\r\n";

  test("R-27, HT-17: until the delay is over, /ready answers 503, and new connections are served and closed", async () => {
    const { stop, port, asked, request, answer } = await listen();
    await asked;
    const stopped = stop(anHour, 500);
    const [notReady, served] = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
    notReady.write(ready);
    served.write(home);
    expect(await received(notReady)).toMatch(/^HTTP\/1\.1 503 [^]*\r\nconnection: close\r\n[^]*server_stopping/i);
    expect(await received(served)).toMatch(/^HTTP\/1\.1 200 [^]*\r\nconnection: close\r\n/i);
    answer();
    expect(await request).toBe("done");
    await stopped;
  });

  test("R-27, HT-17: connections in the queue are served, also if their request comes after the server has stopped listening", async () => {
    const { stop, port, asked, request, answer } = await listen();
    await asked;
    answer();
    await request;
    const late = Array.from({ length: 200 }, () => connect(port, "127.0.0.1"));
    const stopped = stop(anHour);
    await Promise.all(late.map((socket) => (socket.pending ? once(socket, "connect") : undefined)));
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const socket of late) socket.write(home);
    for (const text of await Promise.all(late.map(received))) expect(text).toMatch(/^HTTP\/1\.1 200 /);
    await stopped;
  });

  test("R-27, HT-17: an answer that was under way when the stop began closes its connection", async () => {
    const { stop, port, asked, request, answer } = await listen();
    await asked;
    const other = connect(port, "127.0.0.1");
    other.write(home.replace("\r\n\r\n", "\r\nConnection: keep-alive\r\n\r\n"));
    await once(other, "data");
    const stopped = stop(anHour, 50);
    other.write(home);
    expect(await received(other)).toMatch(/\r\nconnection: close\r\n/i);
    answer();
    await request;
    await stopped;
  });
});
