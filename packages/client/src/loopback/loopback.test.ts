import { request, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { startProvider, type ScriptedProvider } from "../../test/provider.ts";
import { makeWorld } from "../../test/world.ts";
import { symbolon } from "../profiles/symbolon.ts";
import { listenOnLoopback, type LoopbackListener } from "./listener-edge.ts";
import { openBrowser } from "./open-browser-edge.ts";
import { signInOnLoopback } from "./sign-in.ts";

type Heard = { status: number; headers: IncomingHttpHeaders; body: string };
function ask(
  listener: LoopbackListener,
  path: string,
  { method = "GET", host }: { method?: string; host?: string } = {},
): Promise<Heard> {
  const { port } = new URL(listener.redirectUri);
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, path, method, agent: false, headers: host === undefined ? {} : { host } },
      (response) => {
        let body = "";
        response
          .setEncoding("utf8")
          .on("data", (chunk: string) => void (body += chunk))
          .on("end", () => resolve({ status: response.statusCode!, headers: response.headers, body }));
      },
    );
    sent.once("error", reject).end();
  });
}
const isClosed = async (listener: LoopbackListener): Promise<boolean> =>
  await ask(listener, "/").then(
    () => false,
    ({ code }: { code: string }) => code === "ECONNREFUSED",
  );

describe("MX-10, RFC 8252 §7.3: a listener on this machine", () => {
  test("returns the redirect with the awaited state, then closes", async () => {
    const listener = await listenOnLoopback();
    expect(listener.redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    const arrived = listener.callback("s");
    const { status, body, headers } = await ask(listener, "/callback?code=c&state=s&iss=i");
    expect([status, body]).toEqual([200, expect.stringContaining("close this window")]);
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "content-security-policy": expect.stringContaining("default-src 'none'"),
    });
    expect(await arrived).toBe(`${listener.redirectUri}?code=c&state=s&iss=i`);
    expect(await isClosed(listener)).toBe(true);
  });
  test("keeps a redirect that arrives before callback() is called", async () => {
    const listener = await listenOnLoopback();
    await ask(listener, "/callback?error=access_denied&state=s");
    expect(await listener.callback("s")).toContain("error=access_denied");
  });
  test("limits how many other redirects it remembers, and still accepts the awaited one", async () => {
    const listener = await listenOnLoopback();
    for (let count = 0; count < 20; count++) await ask(listener, `/callback?code=evil&state=${count}`);
    const arrived = listener.callback("s");
    await ask(listener, "/callback?code=c&state=s");
    expect(await arrived).toContain("code=c&");
  });
  test("ignores redirects with another state and returns the first with the awaited one", async () => {
    const listener = await listenOnLoopback();
    const arrived = listener.callback("s");
    await ask(listener, "/callback?code=evil&state=guessed");
    await ask(listener, "/callback?code=c&state=s");
    expect(await arrived).toContain("code=c&");
  });
  test.each([
    ["another path", "/", {}, 404],
    ["a path that only begins with it", "/callback/x?code=c&state=s", {}, 404],
    ["no state", "/callback?code=c", {}, 400],
    ["neither code nor error", "/callback?state=s", {}, 400],
    ["a POST", "/callback?code=c&state=s", { method: "POST" }, 405],
    ["a preflight", "/callback?code=c&state=s", { method: "OPTIONS" }, 405],
    ["another host name (DNS rebinding)", "/callback?code=c&state=s", { host: "evil.example" }, 400],
    ["another host name with our port", "/callback?code=c&state=s", { host: "evil.example:PORT" }, 400],
    ["localhost instead of 127.0.0.1", "/callback?code=c&state=s", { host: "localhost:PORT" }, 400],
    ["our address without the port", "/callback?code=c&state=s", { host: "127.0.0.1" }, 400],
  ])("%s is refused and changes nothing", async (_, path, how: { method?: string; host?: string }, status) => {
    await using listener = await listenOnLoopback();
    const host = how.host?.replace("PORT", new URL(listener.redirectUri).port);
    expect((await ask(listener, path, { ...how, ...(host === undefined ? {} : { host }) })).status).toBe(status);
    const arrived = listener.callback("s");
    await ask(listener, "/callback?code=real&state=s");
    expect(await arrived).toContain("code=real");
  });
  test("listens on 127.0.0.1 only", async () => {
    await using listener = await listenOnLoopback();
    const { port } = new URL(listener.redirectUri);
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((one) => one !== undefined && one.address !== "127.0.0.1")
      .map((one) => one!.address.split("%")[0]!);
    for (const host of [...others, "127.0.0.2"]) {
      const refused = await new Promise((resolve) => {
        const socket = connect({ host, port: Number(port) }, () => resolve(`${host} answers`)).once("error", () =>
          resolve(undefined),
        );
        // Some systems let an address without an interface wait; silence is no answer either.
        socket.setTimeout(2000, () => resolve(void socket.destroy()));
      });
      expect(refused).toBeUndefined();
    }
  });
  test("waits five minutes by default", async () => {
    const world = makeWorld();
    const listener = await listenOnLoopback({ world });
    expect(await failureOf(listener.callback("s"))).toMatchObject({ code: "timeout", outcome: "not_processed" });
    expect(world.slept).toEqual([300_000]);
    expect(await isClosed(listener)).toBe(true);
  });
  test("stops when the caller's signal aborts", async () => {
    const listener = await listenOnLoopback();
    const stop = new AbortController();
    const waiting = failureOf(listener.callback("s", stop.signal));
    stop.abort();
    expect(await waiting).toMatchObject({ code: "aborted" });
    expect(await isClosed(listener)).toBe(true);
  });
  test("is closed when disposed; closing twice is allowed", async () => {
    let seen: LoopbackListener;
    {
      await using listener = await listenOnLoopback({ path: "/cb" });
      expect(listener.redirectUri).toMatch(/\/cb$/);
      seen = listener;
    }
    await seen.close();
    expect(await isClosed(seen)).toBe(true);
  });
});

describe("MX-07: the browser is started without a shell", () => {
  const opened = async (url: string, platform: NodeJS.Platform) => {
    const calls: (readonly [string, readonly string[]])[] = [];
    const shown = await openBrowser(url, { platform, run: async (command, args) => calls.push([command, args]) > 0 });
    return { shown, calls };
  };
  const url = "https://id.example/authorize?scope=a%20b&state=(touch%20x);&x='id'*";
  test.each([
    ["linux", "xdg-open", [url]],
    ["darwin", "open", [url]],
    ["win32", "rundll32", ["url.dll,FileProtocolHandler", url]],
  ] as const)("on %s the address is one argument of %s", async (platform, command, args) =>
    expect(await opened(url, platform)).toEqual({ shown: true, calls: [[command, args]] }),
  );
  test.each([
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://id.example/",
    "-a",
    "calc.exe",
    "https://id.example/a b",
    "https://id.example/$(id)",
    "https://id.example/`id`",
    "https://id.example/#x",
    "ms-settings:",
  ])("%s is not opened", async (hostile) =>
    expect(await opened(hostile, "linux")).toEqual({ shown: false, calls: [] }),
  );
  test("passes the URL unchanged to the program; a missing program is not an exception", async () => {
    const folder = mkdtempSync(join(tmpdir(), "symbolon-browser-"));
    const path = process.env["PATH"];
    onTestFinished(() => {
      process.env["PATH"] = path;
      rmSync(folder, { recursive: true });
    });
    process.env["PATH"] = folder;
    expect(await openBrowser(url, { platform: "linux" })).toBe(false);
    const output = join(folder, "output");
    writeFileSync(
      join(folder, "xdg-open"),
      `#!${process.execPath}\nrequire("node:fs").writeFileSync(${JSON.stringify(`${output}.part`)}, JSON.stringify(process.argv.slice(2))); require("node:fs").renameSync(${JSON.stringify(`${output}.part`)}, ${JSON.stringify(output)});\n`,
      { mode: 0o755 },
    );
    expect(await openBrowser(url, { platform: "linux" })).toBe(true);
    await expect.poll(() => existsSync(output), { timeout: 10_000 }).toBe(true);
    expect(JSON.parse(readFileSync(output, "utf8"))).toEqual([url]);
  });
});

describe("RFC 8252 §4.1: signing in from a program", () => {
  let provider: ScriptedProvider;
  beforeAll(async () => void (provider = await startProvider()));
  afterAll(async () => await provider.stop());
  const app = () => ({ profile: symbolon, clientId: "cid", baseUrl: provider.url });
  /** A browser whose user consents; `more` replaces parameters of the redirect. */
  const browser =
    (more: Record<string, string> = {}) =>
    async (url: string) => {
      const { searchParams } = new URL(url);
      const back = new URLSearchParams({ code: "c", state: searchParams.get("state")!, iss: provider.url, ...more });
      await fetch(`${searchParams.get("redirect_uri")}?${back}`);
    };

  test("listens, shows the URL, waits and exchanges the code", async () => {
    provider.reply({ body: { access_token: "AT", token_type: "Bearer", refresh_token: "RT" } });
    const tokens = await signInOnLoopback(app(), { show: browser(), scope: ["a"] });
    expect(tokens).toMatchObject({ ok: true, value: { tokenType: "Bearer" } });
    expect(Object.fromEntries(provider.received[0]!.form)).toMatchObject({
      code: "c",
      client_id: "cid",
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
    });
  });
  test("refuses the redirect of another issuer, and times out without one", async () => {
    expect(await failureOf(signInOnLoopback(app(), { show: browser({ iss: "https://evil.example" }) }))).toMatchObject({
      code: "callback_refused",
      field: "iss",
    });
    expect(await failureOf(signInOnLoopback({ ...app(), world: makeWorld() }, { show: () => {} }))).toMatchObject({
      code: "timeout",
    });
  });
  test("does not wait for show() to return", async () => {
    provider.reply({ body: { access_token: "AT", token_type: "Bearer" } });
    const show = async (url: string) => {
      await browser()(url);
      await new Promise(() => {});
    };
    expect(await signInOnLoopback(app(), { show })).toMatchObject({ ok: true });
  });
  test("uses clientId and baseUrl of the call for the exchange too", async () => {
    provider.reply({ body: { access_token: "AT", token_type: "Bearer" } });
    expect(
      await signInOnLoopback({ profile: symbolon }, { clientId: "other", baseUrl: provider.url, show: browser() }),
    ).toMatchObject({ ok: true });
    expect(provider.received[0]!.form.get("client_id")).toBe("other");
  });
  test.each<[string, object]>([
    ["port", { port: 99_999 }],
    ["port", { port: -1 }],
    ["port", { port: 1.5 }],
    ["port", { port: "abc" }],
    ["path", { path: "callback" }],
    ["path", { path: "/callback?x=1" }],
    ["path", { path: "/a b" }],
    ["path", { path: 5 }],
    ["timeoutMs", { timeoutMs: Number.NaN }],
    ["show", { show: undefined }],
    [
      "show",
      {
        show: () => {
          throw new Error("no display");
        },
      },
    ],
    ["show", { show: async () => await Promise.reject(new Error("no display")) }],
    ["signal", { signal: "now" }],
  ])("a bad %s is named: %j", async (field, ask) => {
    expect(
      await failureOf(signInOnLoopback(app(), { show: () => {}, ...ask } as Parameters<typeof signInOnLoopback>[1])),
    ).toMatchObject({ name: "ClientError", code: "invalid_request", outcome: "not_processed", field });
  });
  test("names a port that is in use, and why", async () => {
    const port = Number(new URL(provider.url).port);
    const failure = await failureOf(signInOnLoopback(app(), { show: () => {}, port }));
    expect(failure).toMatchObject({
      code: "invalid_request",
      field: "port",
      message: expect.stringContaining("EADDRINUSE"),
    });
    expect(await failureOf(listenOnLoopback({ port }))).toMatchObject({ code: "invalid_request", field: "port" });
  });
  test("names an invalid argument and leaves no listener behind", async () =>
    expect(
      await failureOf(
        signInOnLoopback({ profile: symbolon, baseUrl: "http://id.example", clientId: "cid" }, { show: () => {} }),
      ),
    ).toMatchObject({ code: "invalid_request", field: "baseUrl" }));
});
