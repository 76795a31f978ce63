import { get } from "node:http";
import { connect, type AddressInfo } from "node:net";
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
} from "@symbolon/server";
import { systemClock } from "../src/edge/clock.ts";
import { systemRandom } from "../src/edge/random.ts";
import { newKeyring } from "../src/keyring/format.ts";
import { stopWithin, watchRequests } from "../src/serve/stop.ts";

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
  );
  const underWay = watchRequests(server);
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
  return { server, underWay, port, asked, request, answer: () => answer() };
}

describe("stopping", () => {
  test("waits for the request under way", async () => {
    const { server, underWay, asked, request, answer } = await listen();
    await asked;
    let isStopped = false;
    const stopped = stopWithin(anHour, server, underWay).then(() => (isStopped = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isStopped).toBe(false);
    answer();
    expect(await request).toBe("done");
    await stopped;
  });

  test("does not wait for a connection without a request", async () => {
    const { server, underWay, port, asked, request, answer } = await listen();
    await asked;
    answer();
    await request;
    const idle = connect(port, "127.0.0.1").on("error", () => {});
    await new Promise((resolve) => idle.once("connect", resolve));
    await stopWithin(anHour, server, underWay);
    idle.destroy();
  });

  test("closes the connection of a request that never ends", async () => {
    const { server, underWay, asked, request } = await listen();
    await asked;
    await Promise.all([stopWithin(20, server, underWay), expect(request).rejects.toThrow(/socket hang up|ECONNRESET/)]);
  });
});
