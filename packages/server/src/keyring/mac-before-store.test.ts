import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { obtainCode, obtainTokens, post, tokenInfo } from "../../test/flows.ts";
import { watchedStore } from "../../test/watched-store.ts";
import { basic, makeWorld, redirectUri, verifier, type World } from "../../test/world.ts";
import { hmacKeyring } from "./hmac-keyring.ts";

type Tokens = { code: string; refresh: string; access: string };
type EntryPoint = {
  name: string;
  token: keyof Tokens;
  send: (world: World, token: string) => Promise<{ status: number; json: () => unknown }>;
  /** Calls of the store that authenticate the caller. */
  callerLookups: string[];
  /** What the caller of a forged token gets. */
  forged: object;
};

const resource = "https://api.example";
const asApplication = { authorization: basic("app") };
const asResourceServer = { authorization: basic("rs_api") };

/**
 * Every request that presents a token or a code; the two grants ask for a resource, which is looked up in the store.
 */
const entryPoints: EntryPoint[] = [
  {
    name: "the token endpoint, grant_type=refresh_token",
    token: "refresh",
    send: (world, token) =>
      post(world, "/oauth/token", { grant_type: "refresh_token", refresh_token: token, resource }, asApplication),
    callerLookups: ["applications.find"],
    forged: { error: "invalid_grant" },
  },
  {
    name: "the token endpoint, grant_type=authorization_code",
    token: "code",
    send: (world, code) =>
      post(
        world,
        "/oauth/token",
        { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri, resource },
        asApplication,
      ),
    callerLookups: ["applications.find"],
    forged: { error: "invalid_grant" },
  },
  {
    name: "introspection by a resource server",
    token: "access",
    send: (world, token) => post(world, "/oauth/introspect", { token }, asResourceServer),
    callerLookups: ["resourceServers.find"],
    forged: { active: false },
  },
  {
    name: "introspection in a batch",
    token: "access",
    send: (world, token) => post(world, "/oauth/introspect/batch", { tokens: `${token} ${token}` }, asResourceServer),
    callerLookups: ["resourceServers.find"],
    forged: { results: [{ active: false }, { active: false }] },
  },
  {
    name: "introspection by the bearer of a token",
    token: "access",
    send: (world, token) => post(world, "/oauth/introspect", { token }, { authorization: `Bearer ${token}` }),
    callerLookups: [],
    forged: { error: "invalid_token" },
  },
  {
    name: "token_info",
    token: "access",
    send: tokenInfo,
    callerLookups: [],
    forged: { error: "invalid_token" },
  },
  {
    name: "revocation of an access token",
    token: "access",
    send: revocation,
    callerLookups: ["applications.find"],
    forged: {},
  },
  {
    name: "revocation of a refresh token",
    token: "refresh",
    send: revocation,
    callerLookups: ["applications.find"],
    forged: {},
  },
];

async function revocation(world: World, token: string): Promise<{ status: number; json: () => unknown }> {
  const answer = await post(world, "/oauth/revoke", { token }, asApplication);
  return { status: answer.status, json: () => (answer.body === "" ? {} : answer.json()) };
}

const otherKeyring = hmacKeyring(() => ({
  format: 1,
  keys: [{ id: 1, secret: randomBytes(32).toString("base64url"), createdAt: 0, activeFrom: 0 }],
  pepper: randomBytes(32).toString("base64url"),
}));

describe.each(entryPoints)("A3: $name", ({ token, send, callerLookups, forged }) => {
  let watched: ReturnType<typeof watchedStore>;
  let world: World;
  let tokens: Tokens;
  beforeEach(async () => {
    watched = watchedStore();
    world = await makeWorld({ store: watched.store });
    await world.addApplication("app");
    await world.addResourceServer("rs_api", resource);
    await world.addAccount("ann@app.example");
    const pair = await obtainTokens(world, "app", "ann@app.example");
    const code = await obtainCode(world, "app", "ann@app.example", { prompt: "consent" });
    tokens = { code, refresh: pair.refresh_token, access: pair.access_token };
    watched.forget();
  });

  test("refuses a token with another MAC before any look-up except of the caller", async () => {
    const genuine = tokens[token];
    const answer = await send(world, `${genuine.slice(0, -1)}${genuine.endsWith("A") ? "B" : "A"}`);
    expect(answer.json()).toMatchObject(forged);
    expect(watched.calls).toEqual(callerLookups);
  });

  test("refuses the token of another server's keyring before any look-up except of the caller", async () => {
    const { keyId: _, ...pointer } = world.keyring.read(token, new Sealed(tokens[token]))!;
    const answer = await send(world, otherKeyring.mint(token, pointer, world.now()).reveal());
    expect(answer.json()).toMatchObject(forged);
    expect(watched.calls).toEqual(callerLookups);
  });

  test("looks up the grant of a genuine token", async () => {
    await send(world, tokens[token]);
    expect(watched.calls.filter((call) => call.startsWith("grants."))).not.toEqual([]);
  });
});
