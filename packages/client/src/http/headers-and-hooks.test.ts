import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { tokenInfo } from "../token-info/token-info.ts";
import type { Retries } from "./retries.ts";
import { version } from "./send.ts";
import { provider, useProvider, app, info, backoff, inWorld } from "../../test/send-fixture.ts";

useProvider();

describe("gusto 4.1: headers, fetch and hooks", () => {
  test.each([
    [undefined, "symbolon-client/0.1.0"],
    ["payroll-sync/2", "payroll-sync/2"],
  ])("the user agent %s", async (userAgent, sent) => {
    provider.reply({ body: info });
    await tokenInfo(app(userAgent === undefined ? {} : { userAgent }));
    expect(provider.received[0]!.headers["user-agent"]).toBe(sent);
  });
  test("User-Agent has the version of the package", () =>
    expect(JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))).toMatchObject({
      version,
    }));
  test("userAgent: null leaves the header to the platform", async () => {
    provider.reply({ body: info });
    await tokenInfo(app({ userAgent: null }));
    expect(provider.received[0]!.headers["user-agent"]).not.toMatch(/symbolon/);
  });
  test.each([
    ["page", "document"],
    ["worker", "importScripts"],
  ])("sets no User-Agent in a browser's %s: the header would need a CORS preflight that allows it", async (_, name) => {
    vi.stubGlobal(name, {});
    provider.reply({ body: info });
    await tokenInfo(app({ userAgent: "payroll-sync/2" })).finally(() => vi.unstubAllGlobals());
    expect(provider.received[0]!.headers["user-agent"]).not.toMatch(/symbolon|payroll/);
  });
  test("sends the headers of client and call; those of the operation win", async () => {
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
  test("uses the caller's fetch", async () => {
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
  test("calls hooks for each attempt, with responses and errors; they may add headers", async () => {
    provider.reply({ status: 503 }, (response) => void response.destroy(), { body: info });
    const calls: string[] = [];
    await tokenInfo(
      inWorld({
        hooks: {
          beforeRequest: (request, { operation, attempt }) => {
            request.headers.set("x-trace", String(attempt));
            calls.push(`${operation} ${attempt} ${request.method} ${new URL(request.url).pathname}`);
          },
          afterResponse: ({ status, body }, { attempt }) => void calls.push(`${attempt} answered ${status} ${body}`),
          afterError: (error, { attempt }) => void calls.push(`${attempt} failed ${error.name}`),
        },
      }).app,
      { retries: { ...backoff, retryConnectionErrors: true } as Retries },
    );
    expect(calls).toEqual([
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
