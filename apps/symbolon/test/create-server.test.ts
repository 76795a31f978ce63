import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import type { ExternalSubject } from "@symbolon/protocol";
import type { Session } from "@symbolon/server";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createServer, type LoggedEvent, type ServerOptions, type SymbolonServer } from "../src/server/index.ts";
import { freePort, runJson, runSymbolon, temporaryDirectory } from "./start-server.ts";

const issuer = "http://localhost:3000/auth";
const opened: SymbolonServer[] = [];
afterEach(async () => void (await Promise.all(opened.splice(0).map((server) => server.close()))));

async function open(options: Partial<ServerOptions> = {}, data = temporaryDirectory()) {
  const events: LoggedEvent[] = [];
  const config = { issuer, data, ...options.config };
  const server = await createServer({ onEvent: (event) => events.push(event), ...options, config });
  opened.push(server);
  return { server, events, data };
}

const peer = { remoteAddress: "203.0.113.9" };
const ask = (server: SymbolonServer, path: string, init?: RequestInit): Promise<Response> =>
  server.fetch(new Request(issuer + path, init), peer);

type Registered = { client_id: string; client_secret: string };
const register = (data: string): Promise<Registered> =>
  runJson<Registered>(["app", "create", "--name", "Planner", "--scope", "payroll:read"], { data });
const tokenOf = async (server: SymbolonServer, { client_id, client_secret }: Registered): Promise<string> => {
  const answer = await ask(server, "/oauth/token", {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials", client_id, client_secret }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
};

describe("createServer", () => {
  test("makes the data directory that its configuration names, and answers", async () => {
    const { server, data } = await open();
    expect(server.issuer).toBe(issuer);
    expect(server.paths).toEqual(["/auth", "/auth/*", "/.well-known/oauth-authorization-server/auth"]);
    expect(existsSync(join(data, "keyring.json"))).toBe(true);
    const metadata = await (await ask(server, "/.well-known/oauth-authorization-server")).json();
    expect(metadata).toMatchObject({ issuer, token_endpoint: `${issuer}/oauth/token` });
    expect(await (await ask(server, "")).text()).toContain("/auth/assets/");
    expect(await server.ready()).toEqual({ warnings: [] });
  });
  test("issues tokens to an application that the command registers while it runs", async () => {
    const { server, data } = await open();
    expect(await tokenOf(server, await register(data))).toMatch(/^sym_at_/);
  });
  test("takes a keyring as text", async () => {
    const { data, server } = await open();
    const text = (await runSymbolon(["keys", "list", "--json"], { data })).stdout;
    expect(text).toContain('"id":1');
    await server.close();
    await expect(open({ keyring: "{}" }, data)).rejects.toThrow("SYMBOLON_KEYRING");
  });
  test("follows the keyring in the data directory: a new key soon signs tokens", async () => {
    const { server, data } = await open();
    const application = await register(data);
    const keyOf = (token: string): number => Buffer.from(token.slice(7), "base64url")[0]!;
    expect(keyOf(await tokenOf(server, application))).toBe(1);
    const path = join(data, "keyring.json");
    const keyring = JSON.parse(readFileSync(path, "utf8")) as { keys: { id: number }[]; nextId: number };
    const more = { ...keyring, nextId: 3, keys: [...keyring.keys, { ...keyring.keys[0], id: 2 }] };
    writeFileSync(path, JSON.stringify(more));
    await vi.waitFor(async () => expect(keyOf(await tokenOf(server, application))).toBe(2), 5_000);
  }, 15_000);
  test("removes expired rows", async () => {
    const { data } = await open();
    const store = openSqliteStore({ path: join(data, "symbolon.sqlite") });
    const digest = Buffer.alloc(32, 1);
    const expired: Session = {
      digest,
      owner: "ext_gone" as ExternalSubject,
      authenticatedAt: 1,
      idleExpiresAt: 2,
      expiresAt: 2,
      person: { name: "Ann", resources: [], acr: null },
    };
    await store.sessions.insert(expired);
    await vi.waitFor(async () => expect(await store.sessions.find(digest)).toBeUndefined(), 5_000);
    await store.close();
  });
});

describe("the configuration of createServer", () => {
  test.each<[string, object, string]>([
    ["no issuer", { issuer: undefined }, "config.issuer is missing"],
    ["plain http away from this computer", { issuer: "http://id.example.com/auth" }, "The issuer must be https"],
    ["an unknown key", { issuers: [] }, "config.issuers is not a known key (did you mean issuer?)"],
    ["a wrong value", { lifetimes: { code: 1 } }, "config.lifetimes.code must be"],
  ])("%s is refused by name", async (_title, config, message) => {
    await expect(open({ config: config as ServerOptions["config"] })).rejects.toThrow(message);
  });
  test("may be left out by a program without types, which is told so", async () => {
    await expect(createServer({} as ServerOptions)).rejects.toThrow("config must be an object");
  });
});

test("signIn of the configuration holds: people go to the provider's own login page", async () => {
  const { server, data } = await open({ config: { signIn: { handOff: { url: "https://your.example/login" } } } });
  const asked = ["--name", "Planner", "--redirect-uri", "https://app.example/cb", "--scope", "payroll:read"];
  const { client_id } = await runJson<Registered>(["app", "create", ...asked], { data });
  const query = new URLSearchParams({
    response_type: "code",
    client_id,
    redirect_uri: "https://app.example/cb",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
  });
  const answer = await ask(server, `/oauth/authorize?${query}`);
  expect(answer.headers.get("location")).toMatch(/^https:\/\/your\.example\/login\?sign_in=/);
});

describe("the management API of createServer", () => {
  const document = "/admin/v1/openapi.json";
  const statusOf = async (server: SymbolonServer): Promise<number> => (await ask(server, document)).status;
  test("is below the issuer, unless the configuration says off", async () => {
    expect(await statusOf((await open()).server)).toBe(200);
    expect(await statusOf((await open({ config: { admin: "off" } })).server)).toBe(404);
  });
  test("has an address of its own where the configuration names one, until the server is closed", async () => {
    const port = await freePort();
    const { server } = await open({ config: { admin: { host: "127.0.0.1", port }, stopDelaySeconds: 0 } });
    const url = `http://127.0.0.1:${port}/auth${document}`;
    expect(await statusOf(server)).toBe(404);
    expect((await fetch(url)).status).toBe(200);
    await server.close();
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });
  test("an address that is taken leaves the data directory free", async () => {
    const port = await freePort();
    const config = { admin: { host: "127.0.0.1", port } };
    const { data } = await open({ config });
    const second = temporaryDirectory();
    await expect(open({ config }, second)).rejects.toThrow(`Port ${port} is in use`);
    expect((await runSymbolon(["restore", "--keep-grants"], { data: second })).stderr).not.toContain("Stop every");
    expect(data).not.toBe(second);
  });
});

describe("the events of createServer", () => {
  const wrongSecret = async (server: SymbolonServer): Promise<Response> =>
    await ask(server, "/oauth/token", {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: "sym_at_0123456789",
        client_secret: "x",
      }),
    });
  test("have a time, a level and the id of the request, and no token (OP-01)", async () => {
    const { server, events } = await open();
    const answer = await wrongSecret(server);
    expect(events).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        level: "warn",
        name: "client.auth_failed",
        reason: "client_unknown",
        client: "sym_at_…",
        endpoint: "/auth/oauth/token",
        network: "203.0.113.9",
        requestId: answer.headers.get("request-id"),
      },
    ]);
  });
  test("come from the configured level on", async () => {
    const { server, events } = await open({ config: { logLevel: "error" } });
    await wrongSecret(server);
    expect(events).toEqual([]);
  });
  test.each([
    [
      "throws",
      () => {
        throw new Error("full");
      },
    ],
    ["rejects", () => Promise.reject(new Error("full"))],
  ])("a callback that %s changes no answer (R-31)", async (_title, onEvent) => {
    const { server } = await open({ onEvent });
    expect((await wrongSecret(server)).status).toBe(401);
  });
});

describe("close", () => {
  test("answers later requests with 503, and ready() rejects", async () => {
    const { server, data, events } = await open();
    const application = await register(data);
    await tokenOf(server, application);
    await Promise.all([server.close(), server.close()]);
    for (const path of ["/oauth/token", "/oauth/revoke"])
      expect((await ask(server, path, { method: "POST", body: new URLSearchParams({ token: "x" }) })).status).toBe(503);
    await expect(server.ready()).rejects.toThrow("the store is closed");
    expect(events.filter(({ name }) => name === "server.fault")).toEqual([]);
  });
  test("waits for requests under way", async () => {
    const { server } = await open();
    let send = (): void => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        send = () => {
          controller.enqueue(Buffer.from("token=x&client_id=x"));
          controller.close();
        };
      },
    });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = ask(server, "/oauth/revoke", { method: "POST", body, headers, duplex: "half" } as RequestInit);
    const closed = server.close();
    expect((await ask(server, "")).status).toBe(503);
    send();
    expect((await answer).status).toBe(401);
    await closed;
  });
  test("frees the data directory, for restores and for the next server", async () => {
    const { server, data } = await open();
    const restore = () => runSymbolon(["restore", "--keep-grants"], { data });
    expect((await restore()).stderr).toContain("Stop every server");
    await server.close();
    expect((await restore()).code).toBe(0);
    expect((await open({}, data)).server.issuer).toBe(issuer);
  });
  test("of one of two servers in this process leaves the other, and its claim on the directory", async () => {
    const { server, data } = await open();
    const other = await open({}, data);
    const sandbox = await open({ config: { issuer: "http://localhost:3000/sandbox/auth" } });
    await server.close();
    const application = await register(data);
    expect(await tokenOf(other.server, application)).toMatch(/^sym_at_/);
    expect((await runSymbolon(["restore", "--keep-grants"], { data })).stderr).toContain("Stop every server");
    const answer = await sandbox.server.fetch(new Request("http://localhost:3000/sandbox/auth"), peer);
    expect(await answer.text()).toContain("/sandbox/auth/assets/");
  });
  test("a configuration that cannot be opened leaves the data directory free", async () => {
    const { server, data } = await open();
    await server.close();
    const path = join(data, "mark.json");
    writeFileSync(path, JSON.stringify({ format: 1, database: 999_999 }));
    await expect(open({}, data)).rejects.toThrow("is older than the one");
    expect((await runSymbolon(["restore", "--keep-grants"], { data })).code).toBe(0);
  });
});

test("listen serves alone, on an address of its own, with its health checks", async () => {
  const { server } = await open({ config: { stopDelaySeconds: 0 } });
  const port = await server.listen({ host: "127.0.0.1", port: 0 });
  const statusOf = (path: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: "127.0.0.1", port, path, headers: { host: "localhost:3000" } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode!);
      });
      sent.on("error", reject).end();
    });
  expect(await statusOf("/auth")).toBe(200);
  expect(await statusOf("/ready")).toBe(200);
  await server.close();
  await expect(statusOf("/auth")).rejects.toThrow("ECONNREFUSED");
});
