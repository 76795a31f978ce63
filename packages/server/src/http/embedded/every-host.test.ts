import type { AccountId } from "@symbolon/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hiddenFields } from "../../../test/flows.ts";
import { everyHost, restartRandom, type Host, type Received, type Sent } from "../../../test/hosts.ts";
import { basic, challenge, redirectUri, verifier } from "../../../test/world.ts";

let hosts: Host[];
let sent = 0;
beforeAll(async () => {
  hosts = await everyHost();
  for (const { world } of hosts) {
    await world.addApplication("app_one");
    await world.addResourceServer("rs_one");
    await world.addAccount("ann@example.com", [], { id: "01a00000-0000-7000-8000-000000000001" as AccountId });
  }
});
afterAll(async () => void (await Promise.all(hosts.map((host) => host.close()))));

/** What the connection adds, which is the host's. Header names in the answer of a host are in lower case. */
function comparable({ status, headers, body }: Received): Received {
  const { date: _date, connection: _connection, "keep-alive": _keepAlive, ...rest } = headers;
  return { status, headers: rest, body };
}

/** Sends the request to every host, and returns the answer of the server's own listener after comparing the others. */
async function sendToAll(request: Sent, except: readonly string[] = []): Promise<Received> {
  const answers: Received[] = [];
  sent++;
  for (const host of hosts) {
    if (except.includes(host.name)) continue;
    restartRandom(host.world, `request ${sent}`);
    answers.push(comparable(await host.send(request)));
  }
  const [own, ...others] = answers;
  for (const other of others) expect(other).toEqual(own);
  return own!;
}

const direct = "fetch, without a connection";
/** Node answers by itself there. */
const onNodesServers = ["Fastify", "Express", "Express, mounted below the prefix", "Hono"];
const formType = ["Content-Type", "application/x-www-form-urlencoded"] as const;
const asClient = ["Authorization", basic("app_one")] as const;
const html = ["Accept", "text/html"] as const;
const form = (target: string, fields: Record<string, string> | string, ...headers: Sent["headers"] & {}): Sent => ({
  method: "POST",
  target: `/auth${target}`,
  headers: [formType, ...headers],
  body: typeof fields === "string" ? fields : new URLSearchParams(fields).toString(),
});
const get = (target: string, ...headers: Sent["headers"] & {}): Sent => ({ method: "GET", target, headers });
const authorize = `/auth/oauth/authorize?${new URLSearchParams({
  response_type: "code",
  client_id: "app_one",
  redirect_uri: redirectUri,
  code_challenge: challenge,
  code_challenge_method: "S256",
  state: "s t&ate",
})}`;
const authorizationPath = "/auth/oauth/authorize";

describe("status, headers and body are the same for its own listener, Fastify, Express, Hono and fetch", () => {
  test.each<[string, number, Sent, (readonly string[])?]>([
    ["metadata at the root", 200, get("/.well-known/oauth-authorization-server/auth")],
    ["metadata below the prefix", 200, get("/auth/.well-known/oauth-authorization-server")],
    ["HEAD of the metadata", 200, { method: "HEAD", target: "/auth/.well-known/oauth-authorization-server" }],
    ["POST to the metadata", 405, { method: "POST", target: "/.well-known/oauth-authorization-server/auth" }],
    ["the home page", 200, get("/auth", html)],
    ["the home page with a slash", 404, get("/auth/", html)],
    ["a stylesheet", 200, get("/auth/assets/plain.css")],
    ["an unknown asset", 404, get("/auth/assets/none.css")],
    ["a reason as a page", 200, get("/auth/errors/invalid_grant", html)],
    ["a reason as JSON", 200, get("/auth/errors/invalid_grant")],
    ["an unknown path, as JSON", 404, get("/auth/none")],
    ["an unknown path, as a page", 404, get("/auth/none", html)],
    ["the document of the management API", 200, get("/auth/admin/v1/openapi.json")],
    ["the management API without a token", 401, get("/auth/admin/v1/applications")],
    ["a path with an escape", 404, get("/auth/oauth%2Ftoken"), ["Fastify"]],
    ["another case", 404, get("/auth/OAuth/token")],
    ["a doubled slash", 404, get("/auth//oauth/token")],
    ["GET of the token endpoint", 405, get("/auth/oauth/token")],
    ["PUT to the token endpoint", 405, { method: "PUT", target: "/auth/oauth/token" }],
    ["a preflight of the token endpoint", 204, { method: "OPTIONS", target: "/auth/oauth/token" }],
    ["OPTIONS of the authorization endpoint", 405, { method: "OPTIONS", target: authorizationPath }],
    ["DELETE of the authorization endpoint", 405, { method: "DELETE", target: authorizationPath, headers: [html] }],
    ["a token request without a client", 401, form("/oauth/token", { grant_type: "client_credentials" })],
    ["client credentials", 200, form("/oauth/token", { grant_type: "client_credentials" }, asClient)],
    ["a wrong secret", 401, form("/oauth/token", { grant_type: "x" }, ["Authorization", basic("app_one", "no")])],
    ["an unknown grant type", 400, form("/oauth/token", { grant_type: "password" }, asClient)],
    ["a forged code", 400, form("/oauth/token", { grant_type: "authorization_code", code: "x" }, asClient)],
    ["a repeated parameter", 400, form("/oauth/token", "grant_type=a&grant_type=a", asClient)],
    ["a bad escape", 400, form("/oauth/token", "grant_type=%zz", asClient)],
    ["a parameter in the URL", 400, form("/oauth/token?grant_type=a", { grant_type: "a" }, asClient)],
    ["no body", 400, { method: "POST", target: "/auth/oauth/token", headers: [formType, asClient] }],
    ["JSON", 415, { ...form("/oauth/token", "{}"), headers: [["Content-Type", "application/json"], asClient] }],
    ["a body without a type", 415, { ...form("/oauth/token", "a=b"), headers: [asClient] }, [direct]],
    ["a body at the limit", 200, form("/oauth/revoke", `token=x&a=${"a".repeat(8 * 1024 - 10)}`, asClient)],
    ["a body beyond the limit", 413, form("/oauth/revoke", `token=x&a=${"a".repeat(8 * 1024)}`, asClient)],
    ["a body beyond every limit", 413, form("/oauth/introspect/batch", "a".repeat(200_000), asClient)],
    ["a page's body beyond the limit", 413, form("/oauth/sign-in", `a=${"a".repeat(40_000)}`, html)],
    ["a chunked body", 400, chunked("/oauth/token", "grant_type=x", asClient), [direct]],
    ["a chunked body beyond the limit", 413, chunked("/oauth/revoke", `a=${"a".repeat(9_000)}`, asClient), [direct]],
    ["a compressed body", 415, form("/oauth/token", "a=b", asClient, ["Content-Encoding", "gzip"])],
    ["two Content-Type", 400, form("/oauth/token", "a=b", asClient, ["Content-Type", "text/plain"])],
    ["two Host", 400, get("/auth", ["Host", "localhost:8787"], ["Host", "localhost:8787"])],
    ["two Authorization", 401, form("/oauth/token", "grant_type=a", asClient, asClient)],
    ["a header called __proto__", 400, get("/auth/none", ["__proto__", "x"])],
    ["more than a hundred headers", 400, get("/auth/none", ...manyHeaders(110))],
    ["an unknown host, as JSON", 421, get("/auth/none", ["Host", "evil.example"])],
    ["an unknown host, as a page", 421, get("/auth", ["Host", "evil.example"], html)],
    ["an expectation", 417, get("/auth", ["Expect", "the-best"]), onNodesServers],
    ["introspection without a caller", 401, form("/oauth/introspect", { token: "x" })],
    ["introspection of a forged token", 200, form("/oauth/introspect", { token: "x" }, rsOne())],
    ["a batch", 200, form("/oauth/introspect/batch", { tokens: "x y" }, rsOne())],
    ["revocation of a forged token", 200, form("/oauth/revoke", { token: "x" }, asClient)],
    ["token info without a token", 401, get("/auth/oauth/token_info")],
    ["token info of a forged token", 401, get("/auth/oauth/token_info", ["Authorization", "Bearer x"])],
    ["an authorization request", 200, get(authorize, html)],
    ["an authorization request by HEAD", 200, { method: "HEAD", target: authorize, headers: [html] }],
    ["an authorization request without a client", 400, get(authorizationPath, html)],
    ["an authorization request with a repeated parameter", 303, get(`${authorize}&state=x`, html)],
    ["a refusal by redirect", 303, get(`${authorize.replace("code&", "token&")}`, html)],
    ["a sign-in form without a transaction", 403, form("/oauth/sign-in", { email: "a@b.example" }, html)],
    ["a form from another site", 403, form("/oauth/sign-out", { csrf: "x" }, html, ["Sec-Fetch-Site", "cross-site"])],
    ["the sign-out page", 200, get("/auth/oauth/sign-out", html)],
    ["the consent page without a session", 403, get("/auth/oauth/consent", html)],
  ])("%s: %d", async (_title, status, request, except = []) => {
    expect((await sendToAll(request, except)).status).toBe(status);
  });

  test("code, refresh, introspection and revocation, with the cookies of a browser", async () => {
    const cookies = new Map<string, string>();
    const visit = async (request: Sent): Promise<Received> => {
      const cookie = ["Cookie", [...cookies].map((pair) => pair.join("=")).join("; ")] as const;
      const answer = await sendToAll({ ...request, headers: [...(request.headers ?? []), html, cookie] });
      for (const line of [answer.headers["set-cookie"] ?? []].flat()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      return answer;
    };
    const page = await visit(get(authorize));
    const password = "correct horse battery";
    const signedIn = await visit(
      form("/oauth/sign-in", { ...hiddenFields(page.body), email: "ann@example.com", password }),
    );
    const consent = await visit(get(String(signedIn.headers["location"])));
    const allowed = await visit(form("/oauth/consent", { ...hiddenFields(consent.body), decision: "allow" }));
    const code = new URL(String(allowed.headers["location"])).searchParams.get("code")!;
    const redeemed = await sendToAll(
      form(
        "/oauth/token",
        { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri },
        asClient,
      ),
    );
    const { refresh_token } = JSON.parse(redeemed.body) as Record<string, string>;
    const refreshed = await sendToAll(
      form("/oauth/token", { grant_type: "refresh_token", refresh_token: refresh_token! }, asClient),
    );
    const token = (JSON.parse(refreshed.body) as Record<string, string>)["access_token"]!;
    expect(JSON.parse((await sendToAll(form("/oauth/introspect", { token }, rsOne()))).body)).toMatchObject({
      active: true,
      iss: "http://localhost:8787/auth",
    });
    expect((await sendToAll(form("/oauth/revoke", { token }, asClient))).status).toBe(200);
    expect((await sendToAll(form("/oauth/introspect", { token }, rsOne()))).body).toBe('{"active":false}');
    expect([...cookies.keys()].toSorted()).toEqual([
      "symbolon-browser-auth",
      "symbolon-device-auth",
      "symbolon-session-auth",
    ]);
  });
});

test("a host application keeps its own paths, and its health checks", async () => {
  const others = hosts.filter(({ name }) => name !== "its own listener" && name !== direct);
  for (const host of others) expect((await host.send(get("/ours"))).body).toBe("of the host");
  for (const host of others) expect((await host.send(get("/health"))).status).toBe(404);
});

test("an answer of fetch does not end a connection of the host application", async () => {
  const tooLarge = form("/oauth/revoke", `a=${"a".repeat(9_000)}`, asClient);
  expect((await hosts.at(-1)!.send(tooLarge)).headers).not.toHaveProperty("connection");
});

function chunked(target: string, body: string, ...headers: Sent["headers"] & {}): Sent {
  const chunks = body.match(/[^]{1,4000}/g)!.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  const request = form(target, "", ...headers, ["Transfer-Encoding", "chunked"]);
  return { ...request, body: `${chunks.join("")}0\r\n\r\n` };
}
function manyHeaders(count: number): (readonly [string, string])[] {
  return Array.from({ length: count }, (_, at) => [`x-${at}`, "x"] as const);
}
function rsOne(): readonly [string, string] {
  return ["Authorization", basic("rs_one")];
}
