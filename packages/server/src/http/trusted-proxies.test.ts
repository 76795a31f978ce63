import { describe, expect, test } from "vitest";
import { authorizeUrl, browserOf } from "../../test/flows.ts";
import { basic, issuer, makeWorld, type World } from "../../test/world.ts";

const proxy = "10.0.0.7";
const forwarded = {
  "x-forwarded-for": "203.0.113.9",
  forwarded: "for=203.0.113.9",
  "x-real-ip": "203.0.113.9",
  x_forwarded_for: "203.0.113.9",
  "client-ip": "203.0.113.9",
  "true-client-ip": "203.0.113.9",
};

async function worldBehind(...trustedProxies: string[]): Promise<World> {
  const world = await makeWorld(trustedProxies.length === 0 ? {} : { config: { trustedProxies } });
  await world.addApplication("app");
  return world;
}

/** Sends a wrong secret from `peer`, with forwarding `headers`. */
async function guess(world: World, peer: string, headers: Record<string, string> = {}): Promise<number> {
  const sent = {
    host: "localhost:8787",
    "content-type": "application/x-www-form-urlencoded",
    authorization: basic("app", "wrong"),
    ...headers,
  };
  return (
    await world.app.inject({
      method: "POST",
      url: "/oauth/token",
      remoteAddress: peer,
      headers: sent,
      payload: "grant_type=client_credentials",
    })
  ).statusCode;
}

/** Whether guesses that reach the limit of one network also reach that of the other. */
async function isOneNetwork(
  world: World,
  one: [string, Record<string, string>?],
  other: [string, Record<string, string>?],
): Promise<boolean> {
  for (let count = 0; count < 20; count++) await guess(world, ...one);
  expect(await guess(world, ...one)).toBe(429);
  return (await guess(world, ...other)) === 429;
}
const of = (address: string): Record<string, string> => ({ "x-forwarded-for": address });

describe("WB-16: without a trusted proxy no header is trusted", () => {
  test.each(Object.entries(forwarded))("%s does not change the network of a request", async (name, value) => {
    const world = await worldBehind();
    expect(await isOneNetwork(world, [proxy, { [name]: value }], [proxy])).toBe(true);
    expect(await guess(world, "203.0.113.9")).toBe(401);
  });
  test("ignores a peer that is not in the list", async () => {
    expect(await isOneNetwork(await worldBehind("10.0.0.0/8"), ["192.0.2.1", of("203.0.113.9")], ["192.0.2.1"])).toBe(
      true,
    );
  });
});

describe("WB-16: the address that a trusted proxy forwards is used", () => {
  test.each([["10.0.0.7"], ["10.0.0.0/8"], ["2001:db8::/32", "10.0.0.7/32"]])("listed as %s", async (...listed) => {
    const world = await worldBehind(...listed);
    expect(await isOneNetwork(world, [proxy, of("203.0.113.9")], [proxy, of("203.0.113.10")])).toBe(false);
    expect(await guess(world, proxy)).toBe(401);
  });
  test("uses the last address that a trusted proxy added, not what the client sent before it", async () => {
    const world = await worldBehind("10.0.0.0/8");
    expect(
      await isOneNetwork(world, [proxy, of("198.51.100.1, 203.0.113.9")], [proxy, of("198.51.100.2, 203.0.113.9")]),
    ).toBe(true);
    expect(await guess(world, proxy, of("203.0.113.9, 198.51.100.1"))).toBe(401);
  });
  test("follows a chain of trusted proxies", async () => {
    const world = await worldBehind("10.0.0.0/8");
    expect(await isOneNetwork(world, [proxy, of("203.0.113.9, 10.9.9.9")], [proxy, of("203.0.113.9")])).toBe(true);
  });
  test("counts the first 64 bits of an IPv6 address", async () => {
    const world = await worldBehind("10.0.0.0/8");
    expect(await isOneNetwork(world, [proxy, of("2001:db8:0:1::1")], [proxy, of("2001:db8:0:1:ffff::2")])).toBe(true);
    expect(await guess(world, proxy, of("2001:db8:0:2::1"))).toBe(401);
  });
  test.each(["unknown", "203.0.113.9:4711", "x".repeat(8000), "203.0.113.9;DROP", "\u00ff", ""])(
    "uses the proxy's own address if it forwards no address (%j)",
    async (value) => {
      expect(await isOneNetwork(await worldBehind(proxy), [proxy, of(value)], [proxy])).toBe(true);
    },
  );
  test("ignores every other header of a trusted proxy", async () => {
    const { "x-forwarded-for": _, ...others } = forwarded;
    expect(await isOneNetwork(await worldBehind(proxy), [proxy, others], [proxy])).toBe(true);
  });
});

describe("OP-13: a peer that sends X-Forwarded-For and is not trusted is reported once", () => {
  const reports = (world: World) => world.events.filter(({ name }) => name === "proxy.not_trusted");

  test.each([[[]], [["192.0.2.0/24"]]])("with trustedProxies %j", async (listed) => {
    const world = await worldBehind(...listed);
    await guess(world, proxy);
    expect(reports(world)).toEqual([]);
    for (let count = 0; count < 3; count++) await guess(world, proxy, of("203.0.113.9"));
    await guess(world, "10.0.0.8", of("203.0.113.9"));
    expect(reports(world)).toEqual([{ name: "proxy.not_trusted", peer: proxy }]);
  });
  test("a trusted one is not", async () => {
    const world = await worldBehind(proxy);
    await guess(world, proxy, of("203.0.113.9"));
    await guess(world, proxy, of("203.0.113.9, 198.51.100.1"));
    expect(reports(world)).toEqual([]);
  });
});

describe("WB-16, JW-11: host and scheme never come from headers, not even of a trusted proxy", () => {
  const claims = {
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "x-forwarded-port": "443",
    "x-forwarded-prefix": "/evil",
    forwarded: "host=evil.example;proto=https",
    "x-original-url": "/evil",
    "x-rewrite-url": "/evil",
  };
  const ask = (world: World, url: string, headers: Record<string, string>) =>
    world.app.inject({ method: "GET", url, remoteAddress: proxy, headers });

  test("keeps issuer, links and cookies as configured", async () => {
    const world = await worldBehind(proxy);
    const metadata = await ask(world, "/.well-known/oauth-authorization-server", { host: "localhost:8787", ...claims });
    expect(metadata.json().issuer).toBe(issuer);
    const page = await browserOf(world).get(authorizeUrl("app"), claims);
    expect(page.body + JSON.stringify(page.headers)).not.toContain("evil");
    expect(String(page.headers["set-cookie"])).not.toContain("Secure");
  });
  test("answers 421 to an unknown host, for any forwarded host", async () => {
    const world = await worldBehind(proxy);
    expect(
      (
        await ask(world, "/.well-known/oauth-authorization-server", {
          host: "evil.example",
          "x-forwarded-host": "localhost:8787",
        })
      ).statusCode,
    ).toBe(421);
  });
});
