import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { deadAddress, startProvider, type ScriptedProvider } from "../../test/provider.ts";
import { makeWorld } from "../../test/world.ts";
import type { Application } from "../application.ts";
import { generic } from "../profiles/generic.ts";
import { tokenInfo } from "../token-info/token-info.ts";
import { refresh } from "../token/refresh.ts";
import type { Retries } from "./retries.ts";
import { version } from "./send.ts";

let provider: ScriptedProvider;
beforeAll(async () => void (provider = await startProvider()));
afterAll(async () => await provider.stop());

const app = (more: Partial<Application> = {}, at = provider.url): Application => ({
  profile: generic,
  clientId: "cid",
  clientSecret: "sec",
  accessToken: "AT",
  endpoints: { tokenInfo: `${at}/info`, token: `${at}/token` },
  ...more,
});
const info = { scope: "a" };
const tokens = { access_token: "AT", token_type: "Bearer" };
const backoff: Retries = {
  strategy: "backoff",
  backoff: { initialInterval: 1, maxInterval: 50, exponent: 1.1, maxElapsedTime: 100 },
};
/** A world in which waiting takes no time has no use for a timeout. */
const inWorld = (more: Partial<Application> = {}) => {
  const world = makeWorld();
  return { world, app: app({ world, timeoutMs: 0, ...more }) };
};

describe("gusto 4.5: retries", () => {
  test("by default there are none", async () => {
    provider.reply({ status: 503 });
    expect(await failureOf(tokenInfo(app()))).toMatchObject({ code: "server_error" });
    expect(provider.received).toHaveLength(1);
  });
  test.each([429, 500, 502, 503, 504])("%i is tried again until it goes well", async (status) => {
    provider.reply({ status }, { status }, { body: info });
    expect(await tokenInfo(inWorld().app, { retries: backoff })).toMatchObject({ ok: true });
    expect(provider.received).toHaveLength(3);
  });
  test.each([400, 401, 403, 404, 406, 408, 409, 410, 422, 501])("%i is not", async (status) => {
    provider.reply({ status }, { body: info });
    expect(await failureOf(tokenInfo(inWorld().app, { retries: backoff }))).toMatchObject({ status });
    expect(provider.received).toHaveLength(1);
  });
  test("retryCodes say otherwise, ranges included", async () => {
    provider.reply({ status: 501 }, { status: 418 }, { body: info });
    expect(await tokenInfo(inWorld().app, { retries: backoff, retryCodes: ["5XX", 418] })).toMatchObject({ ok: true });
    provider.reply({ status: 503 });
    expect(await failureOf(tokenInfo(inWorld({ retryCodes: [500] }).app, { retries: backoff }))).toMatchObject({
      status: 503,
    });
    expect(provider.received).toHaveLength(1);
  });
  test("the waits grow geometrically, and none is longer than the longest", async () => {
    provider.reply({ status: 503 });
    const { world, app } = inWorld();
    await tokenInfo(app, {
      retries: {
        strategy: "backoff",
        backoff: { initialInterval: 100, exponent: 2, maxInterval: 1000, maxElapsedTime: 3000 },
      },
    });
    expect(world.slept).toEqual([100, 200, 400, 800, 1000, 1000]);
  });
  test("absent numbers take their defaults: 500, times 1.5, at most 60,000, for an hour", async () => {
    provider.reply({ status: 503 });
    const { world, app } = inWorld();
    await tokenInfo(app, { retries: { strategy: "backoff" } });
    expect(world.slept.slice(0, 3)).toEqual([500, 750, 1125]);
    expect(Math.max(...world.slept)).toBe(60_000);
    expect(world.monotonicMs()).toBeGreaterThan(3_600_000);
    expect(world.monotonicMs()).toBeLessThanOrEqual(3_660_000);
  });
  test("up to a second is added at random", async () => {
    provider.reply({ status: 503 }, { body: info });
    const { world, app } = inWorld();
    world.random = (length) => new Uint8Array(length).fill(255);
    await tokenInfo(app, { retries: { strategy: "backoff" } });
    expect(world.slept).toEqual([1500]);
  });
  test.each([
    ["retry-after", "7", 7000],
    ["retry-after", "0.25", 250],
    ["retry-after", "Wed, 25 Nov 2026 12:00:03 GMT", 3000],
    // Nothing to wait for is no leave to ask at once, for an hour.
    ["retry-after", "Wed, 25 Nov 2020 12:00:03 GMT", 500],
    ["retry-after", "0", 500],
    ["retry-after", "9".repeat(400), 500],
    ["retry-after", "86400", 60_000],
    ["retry-after", "soon", 500],
    ["retry-after-ms", "90", 90],
  ])("%s: %s means a wait of %i ms", async (name, value, wait) => {
    provider.reply({ status: 429, headers: { [name]: value } }, { body: info });
    const { world, app } = inWorld();
    await tokenInfo(app, { retries: { strategy: "backoff" } });
    expect(world.slept).toEqual([wait]);
  });
  test("a member of the strategy that there is not is named, rather than left out", async () => {
    const backoff = { maxElapsed: 5 } as { maxElapsedTime?: number };
    expect(await failureOf(tokenInfo(app(), { retries: { strategy: "backoff", backoff } }))).toMatchObject({
      code: "invalid_request",
      field: "retries.backoff.maxElapsed",
    });
  });
  test("having given up, the last answer is told", async () => {
    provider.reply({ status: 503, body: { error: "first" } }, { status: 502, body: { error: "last" } });
    const { app } = inWorld();
    expect(
      await failureOf(
        tokenInfo(app, { retries: { strategy: "backoff", backoff: { initialInterval: 10, maxElapsedTime: 5 } } }),
      ),
    ).toMatchObject({ status: 502, reason: { code: "last" } });
    expect(provider.received).toHaveLength(2);
  });
  test("a broken connection is tried again only where that is asked for", async () => {
    const breakOff = (response: { destroy(): void }) => void response.destroy();
    provider.reply(breakOff, { body: info });
    expect(await failureOf(tokenInfo(inWorld().app, { retries: backoff }))).toMatchObject({
      code: "connection",
      outcome: "unknown",
    });
    provider.reply(breakOff, { body: info });
    expect(
      await tokenInfo(inWorld().app, { retries: { ...backoff, retryConnectionErrors: true } as Retries }),
    ).toMatchObject({ ok: true });
  });
  test.each([
    ["timeoutMs", { timeoutMs: Number.POSITIVE_INFINITY }],
    ["timeoutMs", { timeoutMs: "5" as unknown as number }],
    ["retries.strategy", { retries: { strategy: "always" } as unknown as Retries }],
    ["retries.backoff.exponent", { retries: { strategy: "backoff", backoff: { exponent: -1 } } as Retries }],
    ["headers", { headers: { "x-y": "a\r\nb: c" } }],
    ["headers", { headers: { "bad name": "a" } }],
  ])("a bad %s is named, and nothing is sent", async (field, call) => {
    provider.reply({ body: info });
    expect(await failureOf(tokenInfo(app(), call))).toMatchObject({ code: "invalid_request", field });
    expect(provider.received).toHaveLength(0);
  });
});

describe("refresh-tokens B7: a request that spends a token is not repeated blindly", () => {
  const spend = (application: Application, call: object = {}) => refresh(application, { refreshToken: "RT", ...call });
  const cautious = { retries: { ...backoff, retryConnectionErrors: true } as Retries };

  test.each([500, 502, 503, 504])(
    "a client's retries do not repeat it after %i, for it may have been processed",
    async (status) => {
      provider.reply({ status }, { body: tokens });
      expect(await failureOf(spend(inWorld(cautious).app))).toMatchObject({ code: "server_error", outcome: "unknown" });
      expect(provider.received).toHaveLength(1);
    },
  );
  test("nor after a broken connection or a timeout", async () => {
    provider.reply((response) => void response.destroy(), { body: tokens });
    expect(await failureOf(spend(inWorld(cautious).app))).toMatchObject({ code: "connection", outcome: "unknown" });
    provider.reply(() => {}, { body: tokens });
    expect(await failureOf(spend(inWorld({ ...cautious, timeoutMs: 5 }).app))).toMatchObject({
      code: "timeout",
      outcome: "unknown",
    });
    expect(provider.received.length).toBeLessThanOrEqual(1);
  });
  test("but after 429, which is certainly not processed", async () => {
    provider.reply({ status: 429 }, { body: tokens });
    expect(await spend(inWorld(cautious).app)).toMatchObject({ ok: true });
  });
  test("and where no connection came about", async () => {
    const { world, app: application } = inWorld({ ...cautious, endpoints: { token: `${await deadAddress()}/token` } });
    expect(await failureOf(spend(application))).toMatchObject({
      code: "connection",
      outcome: "not_processed",
      cause: { message: expect.stringContaining("ECONNREFUSED") },
    });
    expect(world.slept.length).toBeGreaterThan(1);
  });
  test.each([429, 500, 503])(
    "retries of the call itself are the seed's: it is repeated after %i too",
    async (status) => {
      provider.reply({ status }, { status }, { body: tokens });
      expect(await spend(inWorld().app, { retries: backoff })).toMatchObject({ ok: true });
      expect(provider.received.map(({ body }) => body)).toEqual(
        Array.from({ length: 3 }, () => "grant_type=refresh_token&refresh_token=RT"),
      );
    },
  );
});

describe("gusto 4.5: timeouts, of each attempt", () => {
  const stalled = {
    headers: () => {},
    body: (response: import("node:http").ServerResponse) =>
      void response.writeHead(200, { "content-type": "application/json" }).write("{"),
  };
  test.each([
    ["no answer", stalled.headers],
    ["half a body", stalled.body],
  ])("%s in time", async (_, reply) => {
    provider.reply(reply);
    expect(await failureOf(tokenInfo(app({ timeoutMs: 30 })))).toMatchObject({ code: "timeout", outcome: "unknown" });
  });
  test("a fraction of a millisecond is a timeout like any other", async () => {
    provider.reply(stalled.headers);
    expect(await failureOf(tokenInfo(app({ timeoutMs: 0.5 })))).toMatchObject({ code: "timeout" });
  });
  test("0 at the call lifts that of the client", async () => {
    provider.reply({ body: info });
    const world = makeWorld();
    expect(await tokenInfo(app({ world, timeoutMs: 1 }), { timeoutMs: 0 })).toMatchObject({ ok: true });
    expect(world.slept).toEqual([]);
  });
  test("without a word of the caller it is 30 seconds", async () => {
    provider.reply({ body: info });
    const world = makeWorld();
    world.sleep = (ms) => {
      world.slept.push(ms);
      return new Promise(() => {});
    };
    await tokenInfo(app({ world }));
    expect(world.slept).toEqual([30_000]);
  });
  test("a signal of the caller's does not switch it off", async () => {
    provider.reply(stalled.headers);
    expect(await failureOf(tokenInfo(app({ timeoutMs: 30 }), { signal: new AbortController().signal }))).toMatchObject({
      code: "timeout",
    });
  });
  test("each attempt has its own", async () => {
    // The first attempt is late at once, the wait takes no time, and the second attempt's timeout never comes.
    const world = makeWorld();
    const { sleep } = world;
    let attempts = 0;
    const answerAtLast: typeof fetch = async () =>
      ++attempts > 1 ? Response.json(info) : await new Promise<never>(() => {});
    world.sleep = async (ms, signal) =>
      await (world.slept.includes(300) && ms === 300 ? new Promise<void>(() => {}) : sleep(ms, signal));
    const retries: Retries = { strategy: "backoff", backoff: { maxInterval: 1 }, retryConnectionErrors: true };
    expect(await tokenInfo(app({ world, timeoutMs: 300, fetch: answerAtLast }), { retries })).toMatchObject({
      ok: true,
    });
    expect([world.slept, attempts]).toEqual([[300, 1], 2]);
  });
  test("a fetch that listens to no signal is left behind", async () => {
    expect(await failureOf(tokenInfo(app({ timeoutMs: 10, fetch: () => new Promise(() => {}) })))).toMatchObject({
      code: "timeout",
    });
  });
});

describe("refresh-tokens B3.2: certainly not sent is told from maybe processed", () => {
  const failing = (error: Error) =>
    app(
      {
        fetch: async () => {
          throw error;
        },
      },
      "https://certificates.econnrefused.example",
    );
  const node = (message: string, code?: string) =>
    new TypeError("fetch failed", { cause: Object.assign(new Error(message), code === undefined ? {} : { code }) });
  test.each([
    ["Node: refused", node("connect ECONNREFUSED 127.0.0.1:1", "ECONNREFUSED")],
    ["Node: refused at each address", node("", "ECONNREFUSED")],
    ["Node: no such host", node("getaddrinfo ENOTFOUND id.example", "ENOTFOUND")],
    ["Node: no answer of the name server", node("getaddrinfo EAI_AGAIN id.example", "EAI_AGAIN")],
    ["Node: unreachable", node("connect EHOSTUNREACH 192.0.2.1:443", "EHOSTUNREACH")],
    ["Node: no connection in time", node("Connect Timeout Error", "UND_ERR_CONNECT_TIMEOUT")],
    ["Node: a certificate of its own", node("self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT")],
    ["Node: an expired certificate", node("certificate has expired", "CERT_HAS_EXPIRED")],
    ["Node: somebody else's certificate", node("Hostname/IP does not match", "ERR_TLS_CERT_ALTNAME_INVALID")],
    [
      "Bun: refused",
      Object.assign(new Error("Unable to connect. Is the computer able to access the url?"), {
        code: "ConnectionRefused",
      }),
    ],
    [
      "Bun: no such host",
      Object.assign(new Error("Was there a typo in the url or port?"), { code: "FailedToOpenSocket" }),
    ],
    [
      "Deno: refused",
      new TypeError(
        "error sending request for url (https://id.example/): client error (Connect): tcp connect error: Connection refused (os error 111)",
      ),
    ],
    [
      "Deno: no such host",
      new TypeError(
        "error sending request for url (https://id.example/): client error (Connect): dns error: failed to lookup address information",
      ),
    ],
  ])("%s: not processed", async (_, error) =>
    expect(await failureOf(refresh(failing(error), { refreshToken: "RT" }))).toMatchObject({
      code: "connection",
      outcome: "not_processed",
    }),
  );
  test.each([
    ["Node: reset", node("read ECONNRESET", "ECONNRESET")],
    ["Node: closed", node("other side closed", "UND_ERR_SOCKET")],
    ["Node: unreachable in the middle", node("read EHOSTUNREACH", "EHOSTUNREACH")],
    ["Node: timed out in the middle", node("read ETIMEDOUT", "ETIMEDOUT")],
    [
      "Bun: closed",
      Object.assign(new Error("The socket connection was closed unexpectedly."), { code: "ConnectionClosed" }),
    ],
    [
      "Deno: closed, at a host whose name misleads",
      new TypeError(
        "error sending request for url (https://certificates.econnrefused.example/token): client error (SendRequest): connection closed before message completed",
      ),
    ],
    ["a page in a browser", new TypeError("Failed to fetch")],
    ["another browser", new TypeError("NetworkError when attempting to fetch resource.")],
    ["what nobody has seen yet", new Error("boom")],
    ["not even an error", "boom" as unknown as Error],
  ])("%s: unknown", async (_, error) =>
    expect(await failureOf(refresh(failing(error), { refreshToken: "RT" }))).toMatchObject({
      code: "connection",
      outcome: "unknown",
    }),
  );
});

describe("a signal of the caller's", () => {
  test("before: nothing is sent", async () => {
    provider.reply({ body: info });
    expect(await failureOf(tokenInfo(app(), { signal: AbortSignal.abort() }))).toMatchObject({
      code: "aborted",
      outcome: "not_processed",
    });
    expect(provider.received).toHaveLength(0);
  });
  test("meanwhile: whether it was processed is unknown", async () => {
    const stop = new AbortController();
    provider.reply(() => stop.abort());
    expect(await failureOf(tokenInfo(app(), { signal: stop.signal }))).toMatchObject({
      code: "aborted",
      outcome: "unknown",
    });
  });
  test("while waiting for the next attempt, however long that is", async () => {
    const stop = new AbortController();
    provider.reply({ status: 503 });
    const world = makeWorld();
    world.sleep = (_, signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
        stop.abort();
      });
    expect(
      await failureOf(
        tokenInfo(app({ world, timeoutMs: 0 }), { signal: stop.signal, retries: { strategy: "backoff" } }),
      ),
    ).toMatchObject({ code: "aborted" });
    expect(provider.received).toHaveLength(1);
  });
});

describe("gusto 4.1: what goes along", () => {
  test.each([
    [undefined, "symbolon-client/0.1.0"],
    ["payroll-sync/2", "payroll-sync/2"],
  ])("the user agent %s", async (userAgent, sent) => {
    provider.reply({ body: info });
    await tokenInfo(app(userAgent === undefined ? {} : { userAgent }));
    expect(provider.received[0]!.headers["user-agent"]).toBe(sent);
  });
  test("the version in it is that of the package", () =>
    expect(JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))).toMatchObject({
      version,
    }));
  test("null leaves the user agent to the platform", async () => {
    provider.reply({ body: info });
    await tokenInfo(app({ userAgent: null }));
    expect(provider.received[0]!.headers["user-agent"]).not.toMatch(/symbolon/);
  });
  test("headers of client and call; those of the operation win", async () => {
    provider.reply({ body: info });
    await tokenInfo(app({ headers: { "x-one": "client", "x-two": "client", Authorization: "Bearer other" } }), {
      headers: { "X-Two": "call" },
    });
    expect(provider.received[0]!.headers).toMatchObject({
      "x-one": "client",
      "x-two": "call",
      authorization: "Bearer AT",
    });
    expect(provider.received[0]!.headers).not.toHaveProperty("cookie");
  });
  test("a fetch of the caller's sends instead of the platform's", async () => {
    const seen: string[] = [];
    const own: typeof fetch = async (url, init) => {
      seen.push(String(url));
      return new Response(JSON.stringify(info), {
        headers: { "content-type": "application/json" },
        status: init?.redirect === "manual" ? 200 : 500,
      });
    };
    expect(await tokenInfo(app({ fetch: own }, "https://api.example"))).toMatchObject({ ok: true });
    expect(seen).toEqual(["https://api.example/info"]);
  });
  test("hooks see each attempt, may add a header, and hear of answers and errors", async () => {
    provider.reply({ status: 503 }, (response) => void response.destroy(), { body: info });
    const heard: string[] = [];
    await tokenInfo(
      inWorld({
        hooks: {
          beforeRequest: (request, { operation, attempt }) => {
            request.headers.set("x-trace", String(attempt));
            heard.push(`${operation} ${attempt} ${request.method} ${new URL(request.url).pathname}`);
          },
          afterResponse: ({ status, body }, { attempt }) => void heard.push(`${attempt} answered ${status} ${body}`),
          afterError: (error, { attempt }) => void heard.push(`${attempt} failed ${error.name}`),
        },
      }).app,
      { retries: { ...backoff, retryConnectionErrors: true } as Retries },
    );
    expect(heard).toEqual([
      "tokenInfo 1 GET /info",
      "1 answered 503 ",
      "tokenInfo 2 GET /info",
      "2 failed ClientError",
      "tokenInfo 3 GET /info",
      '3 answered 200 {"scope":"a"}',
    ]);
    expect(provider.received.map(({ headers }) => headers["x-trace"])).toEqual(["1", "2", "3"]);
  });
});

describe("MX-06: a redirect is never followed, so credentials go nowhere else", () => {
  let elsewhere: ScriptedProvider;
  beforeAll(async () => void (elsewhere = await startProvider()));
  afterAll(async () => await elsewhere.stop());

  test.each([301, 302, 303, 307, 308])("%i from the token endpoint", async (status) => {
    elsewhere.reply({ body: tokens });
    provider.reply({ status, headers: { location: `${elsewhere.url}/token` } });
    expect(await failureOf(refresh(app(), { refreshToken: "RT" }))).toMatchObject({
      code: "redirect_refused",
      status,
      outcome: "unknown",
    });
    expect(elsewhere.received).toHaveLength(0);
  });
  test.each(["//evil.example/token", "/token2", "javascript:alert(1)"])("to %s, with a bearer", async (location) => {
    provider.reply({ status: 302, headers: { location } });
    expect(await failureOf(tokenInfo(app()))).toMatchObject({ code: "redirect_refused" });
    expect(provider.received).toHaveLength(1);
  });
});

describe("MX-08: what a provider may answer instead of an answer", () => {
  test("50 MB of JSON: reading ends after the first megabyte", async () => {
    let written = 0;
    let closed: Promise<unknown> = Promise.resolve();
    provider.reply((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const chunk = `"${"x".repeat(65_535)}`;
      closed = once(response, "close");
      const more = () => {
        while (written < 50e6 && !response.destroyed) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once("drain", more);
        }
        response.end();
      };
      more();
    });
    expect(await failureOf(refresh(app(), { refreshToken: "RT" }))).toMatchObject({
      code: "response_invalid",
      outcome: "unknown",
    });
    await closed;
    expect(written).toBeLessThan(25e6);
  });
  test("a gzip bomb counts by what comes out of it", async () => {
    const { gzipSync } = await import("node:zlib");
    const bomb = gzipSync(Buffer.alloc(100e6, 0x20));
    const before = process.memoryUsage().arrayBuffers;
    provider.reply(
      (response) =>
        void response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(bomb),
    );
    expect(await failureOf(refresh(app(), { refreshToken: "RT" }))).toMatchObject({ code: "response_invalid" });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50e6);
  });
  test.each<[string, object, object]>([
    ["an error with status 200", { body: { error: "invalid_grant" } }, { code: "refresh_token_dead", status: 200 }],
    [
      "an error of Fitbit's kind with status 200",
      { body: { errors: [{ errorType: "invalid_client" }] } },
      { code: "client_credentials_wrong" },
    ],
    ["a page", { body: "<html>", headers: { "content-type": "text/html" } }, { code: "response_invalid" }],
    [
      "tokens that claim to be a page",
      { body: tokens, headers: { "content-type": "text/html" } },
      { code: "response_invalid" },
    ],
    ["tokens of no media type", { body: tokens, headers: { "content-type": "" } }, { code: "response_invalid" }],
    ["half a body", { body: '{"access_token":"A' }, { code: "response_invalid" }],
    ["nothing", { body: "" }, { code: "response_invalid" }],
    ["null", { body: "null" }, { code: "response_invalid" }],
    ["a list", { body: [tokens] }, { code: "response_invalid" }],
    ["201", { status: 201, body: tokens }, { code: "response_invalid", status: 201 }],
    ["204", { status: 204 }, { code: "response_invalid" }],
    ["no access token", { body: { token_type: "Bearer" } }, { code: "response_invalid", field: "access_token" }],
    [
      "an access token that is no text",
      { body: { ...tokens, access_token: { a: 1 } } },
      { code: "response_invalid", field: "access_token" },
    ],
    [
      "an access token that no header can hold",
      { body: { ...tokens, access_token: "a\nb" } },
      { code: "response_invalid", field: "access_token" },
    ],
    ["no token type", { body: { access_token: "AT" } }, { code: "response_invalid", field: "token_type" }],
    ["a negative lifetime", { body: { ...tokens, expires_in: -1 } }, { code: "response_invalid", field: "expires_in" }],
    [
      "a lifetime beyond measure",
      { body: { ...tokens, expires_in: 1e30 } },
      { code: "response_invalid", field: "expires_in" },
    ],
    [
      "a lifetime in words",
      { body: { ...tokens, expires_in: "an hour" } },
      { code: "response_invalid", field: "expires_in" },
    ],
    [
      "a lifetime that is a list",
      { body: { ...tokens, expires_in: [60] } },
      { code: "response_invalid", field: "expires_in" },
    ],
    [
      "a refresh token that is no text",
      { body: { ...tokens, refresh_token: 5 } },
      { code: "response_invalid", field: "refresh_token" },
    ],
    [
      "members called like prototypes",
      { body: '{"error":"__proto__"}', status: 400 },
      { code: "refused", reason: { code: "__proto__" } },
    ],
    [
      "a code called like a method",
      { body: '{"error":"constructor"}', status: 400 },
      { code: "refused", reason: { code: "constructor" } },
    ],
  ])("%s", async (_, reply, failure) => {
    provider.reply(reply);
    const error = await failureOf(refresh(app(), { refreshToken: "RT" }));
    expect(error).toMatchObject(failure);
    expect(error.rawBody).toBeDefined();
  });
  test.each([
    ["a numeric text", "3600", 3600],
    ["a fraction", 3599.9, 3599],
    ["zero", 0, 0],
  ])("%s is a lifetime", async (_, expires_in, expiresIn) => {
    provider.reply({ body: { ...tokens, expires_in } });
    const world = makeWorld();
    expect(await refresh(app({ world, timeoutMs: 0 }), { refreshToken: "RT" })).toMatchObject({
      ok: true,
      value: { expiresIn, expiresAt: new Date(world.epochMs() + expiresIn * 1000) },
    });
  });
  test("unknown members, odd scopes and nulls cost nobody their tokens", async () => {
    provider.reply({ body: { ...tokens, scope: ["a"], expires_in: null, refresh_token: "", id_token: 7, later: {} } });
    const result = await refresh(app(), { refreshToken: "RT" });
    expect(result).toMatchObject({ ok: true, value: { tokenType: "Bearer" } });
    if (result.ok) expect(Object.keys(result.value).toSorted()).toEqual(["accessToken", "raw", "tokenType"]);
  });
});
