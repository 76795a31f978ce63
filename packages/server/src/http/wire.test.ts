import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, obtainTokens } from "../../test/flows.ts";
import { basic, issuer, makeWorld } from "../../test/world.ts";

/** A server on a free port, and functions that send it raw bytes. */
async function listeningWorld() {
  const world = await makeWorld();
  await world.app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = world.app.server.address() as AddressInfo;

  /**
   * All bytes that the server sends until it closes the connection, which the request should ask for.
   */
  const send = async (bytes: string | Buffer): Promise<string> => {
    const socket = connect(port, "127.0.0.1");
    const answer: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => answer.push(chunk));
    socket.on("error", () => socket.destroy());
    socket.write(bytes);
    await once(socket, "close");
    return Buffer.concat(answer).toString("latin1");
  };
  return {
    ...world,
    send,
    statusOf: async (bytes: string | Buffer) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(await send(bytes))?.[1]),
  };
}

type ListeningWorld = Awaited<ReturnType<typeof listeningWorld>>;

const host = new URL(issuer).host;

/** The bytes of a request with `Connection: close`. */
const requestOf = (method: string, target: string, headers: readonly string[] = [], body = ""): string =>
  [`${method} ${target} HTTP/1.1`, `Host: ${host}`, "Connection: close", ...headers, "", body].join("\r\n");

const formOf = (target: string, body: string, headers: readonly string[] = []): string =>
  requestOf(
    "POST",
    target,
    ["Content-Type: application/x-www-form-urlencoded", `Content-Length: ${Buffer.byteLength(body)}`, ...headers],
    body,
  );

let world: ListeningWorld;
let token: string;
beforeAll(async () => {
  world = await listeningWorld();
  await world.addApplication("app_one");
  await world.addAccount("ann@example.com");
  token = (await obtainTokens(world, "app_one", "ann@example.com")).access_token;
});
afterAll(async () => await world.app.close());

const asClient = `Authorization: ${basic("app_one")}`;
const asBearer = () => `Authorization: Bearer ${token}`;
const isAlive = async () => expect(await world.statusOf(requestOf("GET", "/health"))).toBe(200);

describe("HT-02, RFC 9112 §6.3, §7.1: a body with an ambiguous length is refused", () => {
  const form = "Content-Type: application/x-www-form-urlencoded";
  test.each<[string, string]>([
    [
      "Content-Length and Transfer-Encoding together",
      requestOf("POST", "/oauth/token", [form, "Content-Length: 3", "Transfer-Encoding: chunked"], "0\r\n\r\n"),
    ],
    [
      "two different Content-Length",
      requestOf("POST", "/oauth/token", [form, "Content-Length: 3", "Content-Length: 4"], "a=bc"),
    ],
    [
      "two equal Content-Length",
      requestOf("POST", "/oauth/token", [form, "Content-Length: 3", "Content-Length: 3"], "a=b"),
    ],
    ["a Content-Length that is no number", requestOf("POST", "/oauth/token", [form, "Content-Length: +3"], "a=b")],
    [
      "a chunk size that is no number",
      requestOf("POST", "/oauth/token", [form, "Transfer-Encoding: chunked"], "zz\r\na=b\r\n0\r\n\r\n"),
    ],
    [
      "an unknown transfer coding",
      requestOf("POST", "/oauth/token", [form, "Transfer-Encoding: chunked, identity"], "0\r\n\r\n"),
    ],
    ["a folded header", requestOf("POST", "/oauth/token", [form, "X-A: b", " folded", "Content-Length: 3"], "a=b")],
    ["a space before the colon", requestOf("POST", "/oauth/token", [form, "Content-Length : 3"], "a=b")],
  ])("answers 400 to %s", async (_, bytes) => {
    expect(await world.statusOf(bytes)).toBe(400);
    await isAlive();
  });
  test("answers 413 as soon as chunks exceed the limit", async () => {
    const chunk = `${(4096).toString(16)}\r\n${"x".repeat(4096)}\r\n`;
    const bytes = requestOf(
      "POST",
      "/oauth/introspect",
      [form, asClient, "Transfer-Encoding: chunked"],
      chunk.repeat(3),
    );
    expect(await world.statusOf(bytes)).toBe(413);
  });
  test("answers 413 to a Content-Length beyond the limit, without waiting for the body", async () => {
    expect(
      await world.statusOf(
        requestOf("POST", "/oauth/introspect", [form, asClient, "Content-Length: 1000000000"], "token="),
      ),
    ).toBe(413);
  });
  test("answers 431 to headers beyond 16 KiB", async () =>
    expect(await world.statusOf(requestOf("GET", "/health", [`X-A: ${"a".repeat(17 * 1024)}`]))).toBe(431));
  test("reads a valid chunked form", async () => {
    const body = `token=${token}`;
    const bytes = requestOf(
      "POST",
      "/oauth/introspect",
      [form, asClient, "Transfer-Encoding: chunked"],
      `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    expect(await world.send(bytes)).toContain('"active":true');
  });
});

describe("HT-05: hostile headers", () => {
  test.each<[string, string[]]>([
    ["two Host", ["Host: evil.example"]],
    ["two equal Host", ["Host: localhost:8787"]],
    ["two media types", ["Content-Type: application/x-www-form-urlencoded", "Content-Type: application/json"]],
    ["two hundred headers", Array.from({ length: 200 }, (_, at) => `X-${at}: a`)],
    ["two thousand headers", Array.from({ length: 2000 }, () => "a:b")],
    ["__proto__", ["__proto__: polluted"]],
    ["a name beyond ASCII", ["Xé: a"]],
    ["NUL in a value", ["X-A: a\0b"]],
    ["a bare line feed in a value", ["X-A: a\nX-B: c"]],
    ["a bare carriage return in a value", ["X-A: a\rX-B: c"]],
  ])("%s: refused, and the server keeps running", async (_, headers) => {
    expect([400, 431]).toContain(await world.statusOf(requestOf("GET", "/oauth/token_info", [asBearer(), ...headers])));
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    await isAlive();
  });
  test.each<[string, string[]]>([
    ["constructor", ["constructor: x", "toString: y", "hasOwnProperty: z"]],
    ["bytes beyond ASCII in a value", ["User-Agent: \xff\xfe", "Cookie: symbolon-session=\xff"]],
  ])("%s are ignored", async (_, headers) => {
    expect(await world.statusOf(requestOf("GET", "/oauth/token_info", [asBearer(), ...headers]))).toBe(200);
  });
  test.each<[string, () => string[], number]>([
    ["two Authorization of one token", () => [asBearer(), asBearer()], 400],
    ["two schemes", () => [asBearer(), asClient], 400],
    ["one of them empty", () => [asBearer(), "Authorization:"], 400],
  ])("RG-09, RFC 6750 §2: %s are refused", async (_, headers, status) =>
    expect(await world.statusOf(requestOf("GET", "/oauth/token_info", headers()))).toBe(status),
  );
  test("HT-11: Connection: Authorization removes no header", async () => {
    const bytes = requestOf("GET", "/oauth/token_info", [asBearer(), "Connection: Authorization, close"]);
    expect(await world.statusOf(bytes)).toBe(200);
  });
});

describe("HT-08: other spellings of a path get 404", () => {
  test.each([
    "/oauth/token/",
    "//oauth/token",
    "/oauth//token",
    "/OAuth/token",
    "/oauth/TOKEN",
    "/oauth/%74oken",
    "/%6fauth/token",
    "/oauth%2ftoken",
    "/oauth%2Ftoken",
    "/oauth/token%00",
    "/oauth/token%20",
    "/oauth/./token",
    "/oauth/x/../token",
    "/oauth/token;x=y",
    "/oauth/token;",
    "/oauth/token#x",
    "/oauth\\token",
    "/oauth/token%3fx",
    "/oauth/token.json",
    "/./oauth/token",
  ])("%s", async (target) => {
    const status = await world.statusOf(formOf(target, "grant_type=client_credentials", [asClient]));
    expect([400, 404]).toContain(status);
    await isAlive();
  });
  test("the exact path works", async () =>
    expect(await world.statusOf(formOf("/oauth/token", "grant_type=client_credentials", [asClient]))).toBe(200));
  test("CA-03: an empty query string is refused, too", async () => {
    expect(await world.statusOf(formOf("/oauth/token?", "grant_type=client_credentials", [asClient]))).toBe(400);
    expect(await world.statusOf(requestOf("GET", "/oauth/token_info?", [asBearer()]))).toBe(400);
  });
  test.each(["BREW", "get", "PROPFIND"])("refuses the method %s", async (method) =>
    expect([400, 404, 405]).toContain(await world.statusOf(requestOf(method, "/oauth/token"))),
  );
  test("CONNECT closes the connection", async () =>
    expect(await world.send(requestOf("CONNECT", "evil.example:443"))).toBe(""));
});

describe("HT-09: no parameter injects a header", () => {
  const withLineBreak = (name: string) =>
    `${authorizeUrl("app_one", { prompt: "none" })}&${name}=a%0d%0aX-Injected:%20yes%0d%0a%0d%0a`;
  test.each(["nonce", "login_hint", "scope", "prompt2"])("%s", async (name) => {
    const answer = await world.send(requestOf("GET", withLineBreak(name)));
    expect(answer).toMatch(/^HTTP\/1\.1 303 /);
    expect(answer.toLowerCase()).not.toContain("\nx-injected");
  });
  test("state, which is returned", async () => {
    const answer = await world.send(
      requestOf("GET", authorizeUrl("app_one", { prompt: "none", state: "a\r\nX-Injected: yes\r\n\r\n" })),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 303 /);
    expect(answer).toContain("state=a%0D%0AX-Injected%3A%20yes");
    expect(answer.toLowerCase()).not.toContain("\nx-injected");
  });
});

describe("HT-09, RFC 9112 §3.2: the host of a raw request", () => {
  const path = "/.well-known/oauth-authorization-server";

  test("answers 400 without a Host header", async () =>
    expect(await world.statusOf(`GET ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`)).toBe(400));
  test("the authority of an absolute target takes precedence over the header", async () => {
    expect(await world.statusOf(requestOf("GET", `http://localhost:8787${path}`))).toBe(200);
    expect(await world.statusOf(requestOf("GET", `http://evil.example${path}`))).toBe(421);
    expect(await world.statusOf(requestOf("GET", `http://localhost:8787@evil.example${path}`))).toBe(421);
  });
});
