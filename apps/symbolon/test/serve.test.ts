import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runSymbolon, startServer, symbolonPath, temporaryDirectory, type RunningServer } from "./start-server.ts";
import { clientOf, obtainTokens, refreshRequest, tokenRequest, useToken } from "./token-life.ts";

type Reply = { status: number; body: string };

/** A request with headers that fetch would not send. */
const ask = (port: number, path: string, headers: Record<string, string>, method = "POST"): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      void response
        .toArray()
        .then((chunks) => resolve({ status: response.statusCode!, body: chunks.join("") }), reject);
    });
    sent.once("error", reject).end();
  });

describe("serve --dev", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => void (await server.stop()));

  test("answers under localhost and 127.0.0.1 once it reports ready", async () => {
    for (const url of [server.url, `http://127.0.0.1:${server.port}`]) {
      const response = await fetch(`${url}/ready`);
      expect({ url, status: response.status, body: await response.json() }).toEqual({
        url,
        status: 200,
        body: { status: "ready" },
      });
    }
    const metadata = (await (await fetch(`${server.url}/.well-known/oauth-authorization-server`)).json()) as {
      issuer: string;
    };
    expect(metadata.issuer).toBe(server.url);
  });

  test("prints a demo application and account that work", async () => {
    expect(server.demo).toEqual({
      client_id: expect.stringMatching(/^app_/),
      client_secret: expect.stringMatching(/^sym_cs_/),
      redirect_uri: "http://127.0.0.1/callback",
      email: "demo@example.com",
      password: expect.stringMatching(/^[A-Za-z0-9_-]{20}$/),
    });
    const tokens = await obtainTokens(server, server.demo!);
    expect(await useToken(server, tokens.access_token)).toBe(200);
  });

  test("names another port if the port is in use", async () => {
    const { code, stderr } = await runSymbolon(["serve", "--dev", "--port", String(server.port)], {
      data: join(temporaryDirectory(), "data"),
    });
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${server.port} is in use.`);
    expect(stderr).toContain(`--port ${server.port + 1}`);
  });

  describe("POST /development/demo", () => {
    const here = { "symbolon-demo": "1" };

    test("makes an application and an account for a program on this computer", async () => {
      const [one, other] = await Promise.all([1, 2].map(() => ask(server.port, "/development/demo", here)));
      expect(one!.status).toBe(201);
      const [first, second] = [one!, other!].map(
        ({ body }) => JSON.parse(body) as { client_id: string; email: string },
      );
      expect(first!.client_id).not.toBe(second!.client_id);
      expect(first!.email).not.toBe(second!.email);
    });

    const rejected: [string, Record<string, string>][] = [
      ["without its header", {}],
      ["with another value in it", { "symbolon-demo": "yes" }],
      ["from a web page", { ...here, origin: "https://evil.example" }],
      ["from a web page of its own", { ...here, origin: "http://localhost" }],
      ["from an opaque origin", { ...here, origin: "null" }],
      ["that a browser calls cross-site", { ...here, "sec-fetch-site": "cross-site" }],
      ["that a browser calls same-site", { ...here, "sec-fetch-site": "same-site" }],
      ["through a tunnel", { ...here, "x-forwarded-for": "192.0.2.1" }],
      ["through a proxy", { ...here, forwarded: "for=192.0.2.1" }],
    ];
    test.for(rejected)("refuses a request %s", async ([, headers]) => {
      const { status, body } = await ask(server.port, "/development/demo", headers);
      expect(status).toBe(403);
      expect(body).not.toContain("sym_cs_");
    });

    test("refuses another host name (DNS rebinding)", async () => {
      expect((await ask(server.port, "/development/demo", { ...here, host: "evil.example" })).status).toBe(421);
    });

    test("answers no preflight", async () => {
      const { status } = await ask(
        server.port,
        "/development/demo",
        { origin: "https://evil.example", "access-control-request-method": "POST" },
        "OPTIONS",
      );
      expect(status).toBe(404);
    });
  });
});

describe("serve without --dev", () => {
  test("refuses a missing issuer and names where to set it", async () => {
    const { code, stderr } = await runSymbolon(["serve"], { data: join(temporaryDirectory(), "data") });
    expect(code).toBe(2);
    expect(stderr).toContain("The issuer is not configured.");
    expect(stderr).toContain("SYMBOLON_ISSUER");
  });

  test("makes no demo accounts and has no way to ask for one", async () => {
    const server = await startServer({ dev: false, env: { SYMBOLON_ISSUER: "https://id.example.com" } });
    const host = { host: "id.example.com" };
    expect(server.demo).toBeNull();
    expect((await ask(server.port, "/.well-known/oauth-authorization-server", host, "GET")).status).toBe(200);
    expect((await ask(server.port, "/development/demo", { ...host, "symbolon-demo": "1" })).status).toBe(404);
    expect(
      (await ask(server.port, "/.well-known/oauth-authorization-server", { host: `localhost:${server.port}` }, "GET"))
        .status,
    ).toBe(421);
    await server.stop();
    const { stdout } = await runSymbolon(["app", "list", "--json"], { data: server.data });
    expect(JSON.parse(stdout)).toEqual({ applications: [] });
  });
});

describe("a second start", () => {
  test("keeps data and tokens and prints no secret, after a stop and after a kill", async () => {
    const first = await startServer();
    const demo = first.demo!;
    const tokens = await obtainTokens(first, demo);
    expect(await first.kill()).toMatchObject({ signal: "SIGKILL" });

    const second = await startServer({ data: first.data, port: first.port });
    expect(second.demo).toBeNull();
    expect(await useToken(second, tokens.access_token)).toBe(200);
    const refreshed = await refreshRequest(second, demo, tokens.refresh_token);
    expect(refreshed.status).toBe(200);
    const ended = await second.stop();
    expect(ended.code).toBe(0);
    expect(ended.stdout + ended.stderr).not.toMatch(/sym_cs_|password/);

    const third = await startServer({ data: first.data, port: first.port });
    expect(await useToken(third, String(refreshed.body["access_token"]))).toBe(200);
    await third.stop();
  });

  test("two concurrent first starts make one keyring and one demo, and serve the same grants", async () => {
    const data = join(temporaryDirectory(), "data");
    const servers = await Promise.all([1, 2].map(() => startServer({ data })));
    const demos = servers.flatMap(({ demo }) => (demo === null ? [] : [demo]));
    expect(demos).toHaveLength(1);
    const tokens = await obtainTokens(servers[0]!, demos[0]!);
    expect(await useToken(servers[1]!, tokens.access_token)).toBe(200);
    expect((await tokenRequest(servers[1]!, clientOf(demos[0]!), { grant_type: "client_credentials" })).status).toBe(
      200,
    );
    expect((await Promise.all(servers.map((server) => server.stop()))).map(({ code }) => code)).toEqual([0, 0]);
  });
});

describe("stopping", () => {
  const half = "grant_type=client_";
  const rest = "credentials";

  /** A token request whose body has not come in full. */
  async function beginRequest(server: RunningServer): Promise<() => Promise<string>> {
    const socket = connect(server.port, "127.0.0.1");
    const basic = btoa(`${server.demo!.client_id}:${server.demo!.client_secret}`);
    const head = [
      "POST /oauth/token HTTP/1.1",
      `Host: localhost:${server.port}`,
      `Authorization: Basic ${basic}`,
      "Content-Type: application/x-www-form-urlencoded",
      `Content-Length: ${half.length + rest.length}`,
      "Expect: 100-continue",
      "",
      "",
    ];
    socket.write(head.join("\r\n"));
    // The server says 100 Continue once the request is under way.
    await new Promise((resolve) => socket.once("data", resolve));
    socket.write(half);
    return async () => {
      socket.write(rest);
      return (await socket.toArray()).join("");
    };
  }

  test.for(["SIGTERM", "SIGINT"] as const)(
    "%s lets the request under way end, takes no new one, and exits 0",
    async (signal) => {
      const server = await startServer();
      const finish = await beginRequest(server);
      const stopped = signal === "SIGTERM" ? server.stop() : server.interrupt();
      await vi.waitFor(() => expect(server.log()).toContain('"server.stopping"'), 10_000);
      await vi.waitFor(() => expect(fetch(`${server.url}/health`)).rejects.toThrow("fetch failed"), 10_000);
      const answer = await finish();
      expect(answer).toContain("HTTP/1.1 200 OK");
      expect(answer).toContain("sym_at_");
      expect(await stopped).toMatchObject({ code: 0, signal: null });
    },
  );

  test("a second signal ends the server at once, also one of the other kind", async () => {
    for (const second of ["stop", "interrupt"] as const) {
      const server = await startServer({ env: { SYMBOLON_STOP_DELAY_SECONDS: "300" } });
      const stopped = server.stop();
      await vi.waitFor(() => expect(server.log()).toContain('"server.stopping"'), 10_000);
      expect((await fetch(`${server.url}/ready`)).status).toBe(503);
      await server[second]();
      expect(await stopped).toMatchObject({ signal: second === "stop" ? "SIGTERM" : "SIGINT" });
    }
  });

  test("refuses to start with more than one inherited socket", async () => {
    const script = 'LISTEN_PID=$$ LISTEN_FDS=2 exec "$@"';
    const { status, stderr } = spawnSync("sh", ["-c", script, "sh", process.execPath, symbolonPath, "serve", "--dev"], {
      encoding: "utf8",
      cwd: temporaryDirectory(),
    });
    expect([status, stderr]).toEqual([2, expect.stringContaining("started with 2 sockets")]);
  });

  test("refuses to start with an inherited socket that is no TCP port", async () => {
    const directory = temporaryDirectory();
    const listening = createServer().listen(join(directory, "socket"));
    await once(listening, "listening");
    const { fd } = Reflect.get(listening, "_handle") as { fd: number };
    const script = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"';
    const { status, stderr } = spawnSync("sh", ["-c", script, "sh", process.execPath, symbolonPath, "serve", "--dev"], {
      encoding: "utf8",
      cwd: directory,
      stdio: ["ignore", "pipe", "pipe", fd],
      timeout: 30_000,
    });
    listening.close();
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^The inherited socket is no TCP port\.\n.*ListenStream/),
    ]);
  });
});
