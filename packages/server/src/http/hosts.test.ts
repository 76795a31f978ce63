import { describe, expect, test } from "vitest";
import { plainPages } from "../../test/plain-pages.ts";
import { makeWorld } from "../../test/world.ts";
import type { Pages } from "../views.ts";
import { networkOf } from "./form-request.ts";
import { allowedHosts } from "./hosts.ts";
import { buildServer } from "./server.ts";

const config = async (issuer: string, hosts: string[] = []) =>
  (await makeWorld({ config: { issuer, hosts } })).deps.config;

describe("HT-09, RFC 9110 §15.5.20: a request for an unknown host gets 421", () => {
  test.each<[string, string, string[], number]>([
    ["http://localhost:8787", "localhost:8787", [], 200],
    ["http://localhost:8787", "127.0.0.1:8787", [], 200],
    ["http://localhost:8787", "[::1]:8787", [], 200],
    ["http://localhost:8787", "LOCALHOST:8787", [], 200],
    ["http://localhost:8787", "localhost", [], 421],
    ["http://localhost:8787", "localhost:8788", [], 421],
    ["http://localhost:8787", "evil.example", [], 421],
    ["http://localhost:8787", "localhost.evil.example:8787", [], 421],
    ["https://id.example", "id.example", [], 200],
    ["https://id.example", "ID.example", [], 200],
    ["https://id.example", "id.example:443", [], 200],
    ["https://id.example", "id.example:80", [], 421],
    ["http://id.example", "id.example:80", [], 200],
    ["http://localhost", "127.0.0.1:80", [], 200],
    ["https://id.example", "proxy.example:443", ["proxy.example"], 200],
    ["https://id.example", "proxy.example", ["proxy.example:443"], 200],
    ["https://[2001:db8::1]", "[2001:db8::1]:443", [], 200],
    ["https://id.example:8443", "id.example:443", [], 421],
    ["https://id.example:8443", "id.example", [], 421],
    ["https://id.example", "id.example.", [], 421],
    ["https://id.example", "evil.id.example", [], 421],
    ["https://id.example", "localhost", [], 421],
    ["https://id.example", "id.example@evil.example", [], 421],
    ["https://id.example", "id.example, evil.example", [], 421],
    ["https://id.example", "", [], 421],
    ["https://id.example/tenant", "internal:9000", ["internal:9000"], 200],
    ["https://id.example/tenant", "internal", ["internal:9000"], 421],
  ])("%s asked as %s, with %j allowed besides: %d", async (issuer, host, hosts, status) => {
    const world = await makeWorld({ config: { issuer, hosts } });
    const path = new URL(issuer).pathname.replace(/\/$/, "");
    const answer = await world.app.inject({
      method: "GET",
      url: `/.well-known/oauth-authorization-server${path}`,
      headers: { host },
    });
    expect(answer.statusCode).toBe(status);
    if (status === 421)
      expect(answer.json()).toMatchObject({ error: "invalid_request", error_uri: `${issuer}/errors/host_unknown` });
  });
  test("is checked before anything else", async () => {
    const world = await makeWorld();
    for (const [method, url] of [
      ["POST", "/oauth/token"],
      ["GET", "/oauth/authorize"],
      ["GET", "/nothing"],
      ["PUT", "/oauth/token"],
      ["GET", "/errors/invalid_grant"],
    ] as const) {
      const answer = await world.app.inject({
        method,
        url,
        headers: { host: "evil.example", "content-type": "application/json" },
      });
      expect(answer.statusCode).toBe(421);
      expect(answer.body).not.toContain("evil");
    }
  });
  test("health and readiness answer for any host, because load balancers use addresses", async () => {
    const world = await makeWorld();
    for (const url of ["/health", "/ready"])
      expect((await world.app.inject({ method: "GET", url, headers: { host: "10.0.0.7" } })).statusCode).toBe(200);
  });
  test.each([
    ["https://id.example", "id.example:443", false],
    ["https://id.example", "ID.example", false],
    ["https://id.example:444", "id.example:443", true],
    ["http://id.example", "id.example:443", true],
    ["https://evil.example", "id.example:443", true],
  ])("WB-02: a form from %s to the host %s is from another site: %s", async (origin, host, isRefused) => {
    const world = await makeWorld({ config: { issuer: "https://id.example" } });
    const { body } = await world.app.inject({
      method: "POST",
      url: "/oauth/sign-out",
      headers: { host, origin, "content-type": "application/x-www-form-urlencoded" },
      payload: "csrf=x",
    });
    expect(body.includes("cross_site_form")).toBe(isRefused);
  });
  test("the complete list", async () => {
    expect([...allowedHosts(await config("http://localhost:8787", ["Proxy.Internal"]))]).toEqual([
      "localhost:8787",
      "proxy.internal",
      "proxy.internal:80",
      "127.0.0.1:8787",
      "[::1]:8787",
    ]);
    expect([...allowedHosts(await config("https://id.example:8443/x"))]).toEqual(["id.example:8443"]);
    expect([...allowedHosts(await config("https://id.example"))]).toEqual(["id.example", "id.example:443"]);
    expect([...allowedHosts(await config("http://127.0.0.1"))]).toEqual([
      "127.0.0.1",
      "127.0.0.1:80",
      "localhost",
      "localhost:80",
      "[::1]",
      "[::1]:80",
    ]);
  });
});

describe("The page for an unknown host can be read", () => {
  const headers = { host: "other.example", accept: "text/html" };
  test("its stylesheet is served under any host, and nothing else below that path", async () => {
    const world = await makeWorld({ config: { issuer: "https://id.example/tenant" } });
    const get = async (url: string) => (await world.app.inject({ method: "GET", url, headers })).statusCode;
    expect(await get("/tenant/assets/plain.css")).toBe(200);
    for (const url of ["/tenant/assets/none.css", "/tenant/assets/", "/assets/plain.css", "/tenant/assets/../"])
      expect(await get(url)).toBe(421);
  });
  test("its link leads to the issuer", async () => {
    const links: string[] = [];
    const problem: Pages["problem"] = ({ reason }) => (links.push(reason.href), "problem");
    const { deps } = await makeWorld({ config: { issuer: "https://id.example/tenant" } });
    await buildServer(deps, { ...plainPages, problem }).inject({ method: "GET", url: "/tenant", headers });
    expect(links).toEqual(["https://id.example/tenant/errors/host_unknown"]);
  });
});

describe("WB-16: headers of an untrusted peer do not change its network", () => {
  const peer = (remoteAddress: string, headers: Record<string, string> = {}) =>
    networkOf({ ip: remoteAddress, raw: { socket: { remoteAddress } }, headers } as never);
  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["fe80::1:2:3:4", "fe80:0:0:0"],
    ["2001:db8:1:2::", "2001:db8:1:2"],
    ["2001:0DB8:0001:2::1", "2001:db8:1:2"],
    ["::FFFF:192.0.2.1", "192.0.2.1"],
    ["fe80::1%eth0", "fe80:0:0:0"],
    ["1:2:3:4:5:6:7::%a:b:c", "1:2:3:4"],
    [`::1%${"x".repeat(20_000)}`, "0:0:0:0"],
  ])("the network of %s is %s", (address, network) => {
    expect(peer(address)).toBe(network);
    expect(
      peer(address, {
        "x-forwarded-for": "203.0.113.9",
        forwarded: "for=203.0.113.9",
        "x-real-ip": "203.0.113.9",
        x_forwarded_for: "203.0.113.9",
      }),
    ).toBe(network);
  });
});
