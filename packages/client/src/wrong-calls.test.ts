import { describe, expect, test } from "vitest";
import { wrongType } from "../test/wrong-type.ts";
import * as client from "./index.ts";
import { createKeeper, memoryStore, wrappingKey } from "./keeper/index.ts";
import { signInOnLoopback } from "./loopback/index.ts";
import { keepMcpTokens } from "./mcp/index.ts";

/** What a call from JavaScript says, thrown or returned. */
async function said(call: () => unknown): Promise<string> {
  try {
    const result = await call();
    const { ok, error } = (result ?? {}) as { ok?: boolean; error?: Error };
    return ok === false ? error!.message : "nothing";
  } catch (error) {
    return (error as Error).message;
  }
}

type AnyCall = (...values: unknown[]) => unknown;
const functions = { ...client } as unknown as Readonly<Record<string, AnyCall>>;
const withoutApplication = [
  "authorizationUrl",
  "beginAuthorization",
  "finishAuthorization",
  "exchangeCode",
  "refresh",
  "clientCredentials",
  "startDevice",
  "awaitDevice",
  "introspect",
  "revoke",
  "tokenInfo",
  "gustoExchangeCode",
  "gustoFinishAuthorization",
  "gustoGetInfo",
  "gustoRefreshToken",
  "gustoSystemAccess",
  "fitbitIntrospect",
  "fitbitOauthToken",
  "keeperProvider",
] as const;

describe("a call without an application says so", () => {
  test.each(withoutApplication)("%s", async (name) => {
    for (const first of [undefined, null, {}, "id", { profile: {} }])
      expect(await said(() => functions[name]!(first, {}))).toMatch(/the first argument must be an application/);
  });
  test("signInOnLoopback", async () =>
    expect(await said(() => signInOnLoopback(wrongType(undefined), wrongType<never>({ show: () => {} })))).toMatch(
      /signInOnLoopback.*the first argument must be an application/,
    ));
});

describe("creating something with a wrong argument says which", () => {
  const { createClient, createGusto, createFitbit, symbolon, discover } = client;
  const store = memoryStore();
  const keys = { current: wrappingKey("k", new Uint8Array(32)) };
  const providers = client.keeperProvider({ profile: symbolon, baseUrl: "https://id.example", clientId: "cid" });
  const keeper = { providers, store, keys };
  test.each<[string, string, () => unknown]>([
    ["createClient()", "profile must be a profile", () => createClient(wrongType<never>(undefined))],
    ["createClient({})", "profile must be a profile", () => createClient(wrongType<never>({}))],
    ["createClient('gusto')", "profile must be a profile", () => createClient(wrongType<never>("gusto"))],
    ["createClient(profile, 'id')", "options must be an object", () => createClient(symbolon, wrongType("id"))],
    [
      "createClient, clientID",
      "clientID is not an option (did you mean clientId?)",
      () => createClient(symbolon, wrongType({ clientID: "x" })),
    ],
    ["createClient, secret", "secret is not an option", () => createClient(symbolon, wrongType({ secret: "x" }))],
    [
      "createGusto, sever",
      "sever is not an option (did you mean server?)",
      () => createGusto(wrongType({ sever: "prod" })),
    ],
    [
      "createFitbit, baseURL",
      "baseURL is not an option (did you mean baseUrl?)",
      () => createFitbit(wrongType({ baseURL: "x" })),
    ],
    [
      "keeperProvider, reconnectURL",
      "reconnectURL is not an option (did you mean reconnectUrl?)",
      () => client.keeperProvider({ profile: symbolon, clientId: "cid" }, wrongType({ reconnectURL: "x" })),
    ],
    [
      "discover, internalHost",
      "internalHost",
      () => discover("https://id.example", wrongType({ internalHost: ["x"] })),
    ],
    ["createKeeper()", "providers: missing", () => createKeeper(wrongType(undefined))],
    ["createKeeper({})", "providers: missing", () => createKeeper(wrongType({}))],
    ["createKeeper, store", "store: missing", () => createKeeper(wrongType({ providers, keys }))],
    ["createKeeper, keys", "keys: missing", () => createKeeper(wrongType({ providers, store }))],
    ["createKeeper, providers", "providers: missing", () => createKeeper({ ...keeper, providers: wrongType([{}]) })],
    ["createKeeper, keys", "keys: missing", () => createKeeper({ ...keeper, keys: wrongType("secret") })],
    ["createKeeper, outbox", "outbox: missing", () => createKeeper({ ...keeper, outbox: wrongType("/tmp") })],
    ["createKeeper, onEvents", "onEvents", () => createKeeper(wrongType({ ...keeper, onEvents: () => {} }))],
    ["keepMcpTokens", "keeper", () => keepMcpTokens(wrongType<never>({}), wrongType(undefined))],
  ])("%s: %s", async (_, sentence, call) => {
    expect(await said(call)).toContain(sentence);
  });
  test("undefined options count as absent", () => {
    expect(
      createClient(symbolon, wrongType({ clientId: undefined, secret: undefined })).application.clientId,
    ).toBeUndefined();
  });
});

describe("a misspelt argument of an operation is told", () => {
  const app = client.createClient(client.symbolon, {
    baseUrl: "https://id.example",
    clientId: "cid",
    fetch: () => Promise.reject(new Error("sent")),
  }).application;
  test.each<[string, string, object]>([
    ["refresh", "refreshtoken is not an argument (did you mean refreshToken?)", { refreshtoken: "RT" }],
    ["refresh", "scopes is not an argument (did you mean scope?)", { refreshToken: "RT", scopes: ["a"] }],
    ["clientCredentials", "resourse is not an argument (did you mean resource?)", { resourse: "https://api.example" }],
    ["exchangeCode", "codeVerifer is not an argument (did you mean codeVerifier?)", { code: "c", codeVerifer: "v" }],
    [
      "introspect",
      "tokenTypehint is not an argument (did you mean tokenTypeHint?)",
      { token: "t", tokenTypehint: "x" },
    ],
    ["revoke", "signl is not an argument (did you mean signal?)", { token: "t", signl: 1 }],
  ])("%s: %s", async (name, sentence, request) => {
    expect(await said(() => functions[name]!(app, request))).toContain(sentence);
  });
  test("arguments that resemble none are left alone, such as the other members of tokens", async () => {
    const tokens = {
      accessToken: "AT",
      tokenType: "Bearer",
      expiresIn: 1,
      refreshToken: "RT",
      scope: "a",
      scopes: ["a"],
      raw: "{}",
    };
    expect(await said(() => client.refresh(app, tokens))).toContain("connection");
  });
});
