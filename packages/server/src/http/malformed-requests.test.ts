import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { basic, makeWorld, type World } from "../../test/world.ts";

let world: World;
let port: number;
beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  Object.assign(world.app.server, { headersTimeout: 300, requestTimeout: 400, connectionsCheckingInterval: 50 });
  await world.app.listen({ port: 0, host: "127.0.0.1" });
  ({ port } = world.app.server.address() as AddressInfo);
});
afterAll(() => world.app.close());

/** What the server sends until it closes the connection. */
async function send(bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part)).on("error", () => socket.destroy());
  socket.write(bytes, "latin1");
  await once(socket, "close");
  return Buffer.concat(parts).toString("latin1");
}

const get = (...lines: string[]) => ["GET /health HTTP/1.1", "Host: localhost:8787", ...lines, "", ""].join("\r\n");
const form = "Content-Type: application/x-www-form-urlencoded";
const post = (...lines: string[]) =>
  ["POST /oauth/token HTTP/1.1", "Host: localhost:8787", form, ...lines, ""].join("\r\n");

const malformed: Record<string, [bytes: string, status: number, reason: string]> = {
  "no HTTP at all": ["\x16\x03\x01hello\r\n\r\n", 400, "headers_malformed"],
  "the preface of HTTP/2": ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "headers_malformed"],
  "a space before a colon": [get("X-A : b"), 400, "headers_malformed"],
  "NUL in a header": [get("X-A: a\0b"), 400, "headers_malformed"],
  "two different lengths": [post("Content-Length: 3", "Content-Length: 4", "", "a=b"), 400, "headers_malformed"],
  "a chunk size that is no number": [post("Transfer-Encoding: chunked", "", "zz\r\n"), 400, "headers_malformed"],
  "headers beyond 16 KiB": [get(`X-A: ${"a".repeat(17 * 1024)}`), 431, "headers_too_large"],
  "headers that never end": ["GET /health HTTP/1.1\r\nHost: localhost:8787\r\n", 408, "request_timeout"],
  "a body that never ends": [post("Content-Length: 30", "", "a=b"), 408, "request_timeout"],
  "no Host": ["GET /health HTTP/1.1\r\nConnection: close\r\n\r\n", 400, "headers_malformed"],
  "an expectation that is not 100-continue": [
    get("Expect: 200-ok", "Connection: close"),
    417,
    "expectation_unsupported",
  ],
  "a path with a malformed escape": [
    "GET /%zz HTTP/1.1\r\nHost: localhost:8787\r\nConnection: close\r\n\r\n",
    400,
    "headers_malformed",
  ],
};

describe("HT-12, RFC 6749 §5.2: what is no request is refused in the format of all errors", () => {
  test.each(Object.entries(malformed))("%s", async (_, [bytes, status, reason]) => {
    const answer = await send(bytes);
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`));
    expect(JSON.parse(body)).toMatchObject({
      error: expect.any(String),
      error_description: expect.any(String),
      error_uri: `http://localhost:8787/errors/${reason}`,
    });
    const headers = head.toLowerCase().split("\r\n");
    expect(headers).toContain("content-type: application/json;charset=utf-8");
    expect(headers).toContain("cache-control: no-store");
    expect(headers).toContain("x-content-type-options: nosniff");
    expect(headers).toContain("connection: close");
    const id = /\r\nrequest-id: ([A-Za-z0-9_-]{16})\r\n/i.exec(`${head}\r\n`)?.[1];
    expect(world.logged).toContainEqual(expect.objectContaining({ name: "request.refused", reason, requestId: id }));
  });

  test("a malformed request behind a good one is refused after the answer to the first, not within it", async () => {
    const answer = await send(`${get()}\x16\x03\x01\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer.split("HTTP/1.1 ").length).toBeLessThanOrEqual(3);
  });
});

describe("RFC 9110 §8.4: a body with a content coding is refused with 415", () => {
  const ask = (url: string, coding: string, payload = "grant_type=client_credentials") =>
    world.app.inject({
      method: "POST",
      url,
      headers: {
        host: "localhost:8787",
        authorization: basic("app_one"),
        "content-type": "application/x-www-form-urlencoded",
        "content-encoding": coding,
      },
      payload,
    });
  const paths = ["token", "introspect", "introspect/batch", "revoke", "authorize", "sign-in", "sign-out", "consent"];

  test.each(paths)("POST /oauth/%s", async (path) => {
    for (const coding of ["gzip", "br", "deflate, gzip", "identity, gzip", "x"]) {
      const answer = await ask(`/oauth/${path}`, coding);
      expect([answer.statusCode, answer.headers["accept-encoding"]]).toEqual([415, "identity"]);
      expect(answer.json()).toMatchObject({ error_uri: "http://localhost:8787/errors/content_coding_unsupported" });
    }
  });
  test("identity is no coding", async () => {
    expect((await ask("/oauth/token", "identity")).statusCode).toBe(200);
    expect((await ask("/oauth/token", "Identity")).statusCode).toBe(200);
  });
});

describe("RFC 6797 §7.1: Strict-Transport-Security", () => {
  const paths = ["/health", "/", "/nothing", "/oauth/authorize", "/oauth/token", "/oauth/token_info", "/%zz"];

  test.each(paths)("is sent where the issuer is https, and not where it is http: %s", async (url) => {
    const secure = await makeWorld({ config: { issuer: "https://id.example.com" } });
    for (const method of ["GET", "POST"] as const) {
      const sent = await secure.app.inject({ method, url, headers: { host: "id.example.com" } });
      expect(sent.headers["strict-transport-security"]).toBe("max-age=31536000");
      const plain = await world.app.inject({ method, url, headers: { host: "localhost:8787" } });
      expect(plain.headers["strict-transport-security"]).toBeUndefined();
    }
  });
});
