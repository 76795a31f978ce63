import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runSymbolon, startServer, freePort, type RunningServer } from "./start-server.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => void (await server.stop()));

const demo = (url: string, ...flags: string[]) => runSymbolon(["demo", "--url", url, ...flags]);

describe("symbolon demo", () => {
  test("runs every step of a token's life", async () => {
    const { code, stdout, stderr } = await demo(server.url, "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const story = JSON.parse(stdout) as { ok: boolean; steps: { name: string; shown: Record<string, unknown> }[] };
    expect(story.ok).toBe(true);
    expect(story.steps.map(({ name }) => name)).toEqual([
      "prepare",
      "sign in",
      "consent",
      "redeem",
      "introspect",
      "token info",
      "refresh",
      "refresh again",
      "use",
      "refresh once more",
      "reuse caught",
      "introspect revoked",
      "authorize again",
      "redeem again",
      "revoke",
      "inactive",
    ]);
    const shown = Object.fromEntries(story.steps.map((step) => [step.name, step.shown]));
    expect(shown["refresh again"]).toEqual({ refresh_token: shown["refresh"]!["refresh_token"], same: true });
    expect(shown["inactive"]).toEqual({ active: false });
    expect(stdout).not.toMatch(/sym_[a-z]{2}_[A-Za-z0-9_-]{20}/);
  });

  test("prints plain text with shortened tokens to a pipe", async () => {
    const { code, stdout } = await demo(server.url);
    expect(code).toBe(0);
    expect(stdout).toContain("8. Refresh again with the OLD token");
    expect(stdout).toContain("All 16 steps passed.");
    expect(stdout).not.toContain("\u001b[");
    expect(stdout).not.toMatch(/sym_[a-z]{2}_[A-Za-z0-9_-]{20}/);
  });

  test("honours FORCE_COLOR and NO_COLOR", async () => {
    const coloured = await runSymbolon(["demo", "--url", server.url], { env: { FORCE_COLOR: "1" } });
    expect(coloured.stdout).toContain("\u001b[32m✓");
    const plain = await runSymbolon(["demo", "--url", server.url], { env: { NO_COLOR: "1" } });
    expect(plain.stdout).not.toContain("\u001b[");
  });

  test("works with 127.0.0.1 instead of localhost", async () => {
    expect((await demo(`http://127.0.0.1:${server.port}`)).code).toBe(0);
  });

  test("names the command that starts a server if none answers", async () => {
    const { code, stderr } = await demo(`http://localhost:${await freePort()}`);
    expect(code).toBe(1);
    expect(stderr).toContain("No server answers at http://localhost:");
    expect(stderr).toContain("npm start");
  });

  test("refuses a --url that is no URL and shows an example", async () => {
    const { code, stderr } = await demo("localhost");
    expect(code).toBe(2);
    expect(stderr).toContain("--url must be a URL such as http://localhost:8787");
  });
});

type Change = (request: IncomingMessage, body: string, answer: string) => string | undefined;

/** Stands between the application and the server, and passes everything on but for what `change` makes of an answer. */
async function startProxy(change: Change): Promise<{ url: string; proxy: Server }> {
  const proxy = createServer((request, response) => void passOn(request, response));
  const passOn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = (await request.toArray()).join("");
    const {
      connection: _connection,
      host: _host,
      "content-length": _length,
      "transfer-encoding": _encoding,
      ...headers
    } = request.headers;
    const answer = await fetch(server.url + request.url!, {
      method: request.method!,
      headers: headers as Record<string, string>,
      ...(body === "" ? {} : { body }),
    });
    const text = (await answer.text()).replaceAll(
      /(token|introspection)_endpoint":"http:\/\/localhost:\d+/g,
      `$1_endpoint":"http://${request.headers.host}`,
    );
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    response.end(change(request, body, text) ?? text);
  };
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return { url: `http://localhost:${(proxy.address() as AddressInfo).port}`, proxy };
}

/** Alters the answer to the second refresh, the one with the old token. */
function anotherSuccessor(): Change {
  let refreshes = 0;
  return (_request, body, answer) =>
    body.includes("grant_type=refresh_token") && ++refreshes === 2
      ? answer.replace(/("refresh_token":"[^"]*)[^"]"/, '$1_"')
      : undefined;
}

describe("the demo ends with exit code 1 if the server", () => {
  const faults: [string, Change, string][] = [
    [
      "says active of a revoked token",
      ({ url }, _body, answer) =>
        url === "/oauth/introspect" ? answer.replace('{"active":false}', '{"active":true}') : undefined,
      "must be inactive, but is not",
    ],
    [
      "says more than inactive",
      ({ url }, _body, answer) =>
        url === "/oauth/introspect"
          ? answer.replace('{"active":false}', '{"active":false,"why":"revoked"}')
          : undefined,
      "says more than",
    ],
    [
      "gives no refresh token",
      (_request, body, answer) =>
        body.includes("grant_type=refresh_token") ? answer.replace(/"refresh_token":"[^"]*",/, "") : undefined,
      "does not have both tokens",
    ],
    ["gives the old refresh token another successor", anotherSuccessor(), "returned another successor"],
    ["has no metadata", ({ url }) => (url!.startsWith("/.well-known/") ? "{}" : undefined), "is not a Symbolon server"],
  ];
  test.for(faults)("%s", async ([, change, says]) => {
    const { url, proxy } = await startProxy(change);
    try {
      const { code, stdout, stderr } = await demo(url);
      expect(code).toBe(1);
      expect(stdout).not.toContain("steps passed");
      expect(stderr).toContain(says);
    } finally {
      proxy.close();
    }
  });

  test("--json prints the steps that passed and the problem", async () => {
    const { url, proxy } = await startProxy(({ url: path }, _body, answer) =>
      path === "/oauth/introspect" ? answer.replace('{"active":false}', '{"active":true}') : undefined,
    );
    try {
      const { code, stdout } = await demo(url, "--json");
      expect(code).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({ ok: false, problem: expect.stringContaining("must be inactive") });
      expect((JSON.parse(stdout) as { steps: object[] }).steps).toHaveLength(11);
    } finally {
      proxy.close();
    }
  });
});
