import { auth, UnauthorizedError, type OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectMcp } from "../../examples/keeper/mcp.ts";
import { openStage } from "./place.ts";

type Stage = Awaited<ReturnType<typeof openStage>>;
type Process = ReturnType<Stage["join"]>;
let stage: Stage;
beforeEach(async () => void (stage = await openStage()));
afterEach(() => stage[Symbol.asyncDispose]());

const hello = [{ type: "text", text: "hello" }];
const ten = <T>(one: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 10 }, one));
const refreshes = () => stage.provider.control.requests("refresh_token");
const expire = (whom: "provider" | "everybody" = "provider") => stage.pass(7200, whom);

/** The SDK's own sign-in, with a browser that follows the redirect. */
async function signIn({ authProvider, fetch: kept, person }: Process): Promise<void> {
  expect(await auth(authProvider, { serverUrl: stage.server.url, fetchFn: kept })).toBe("REDIRECT");
  const { headers } = await fetch(person.sentTo.at(-1)!, { redirect: "manual" });
  const authorizationCode = new URL(headers.get("location")!).searchParams.get("code")!;
  expect(await auth(authProvider, { serverUrl: stage.server.url, authorizationCode, fetchFn: kept })).toBe(
    "AUTHORIZED",
  );
}

describe("the keeper under the MCP SDK", () => {
  test("a sign-in of the SDK's ends in the keeper, sealed; the person's own store sees no token", async () => {
    const one = stage.join();
    await signIn(one);
    expect(await stage.call(one)).toEqual(hello);
    expect(one.person.saved).toBe(0);
    expect(await one.keeper.status("mcp")).toMatchObject({ state: "active", issuer: stage.provider.url });
    const [{ pairs }] = stage.provider.control.grants() as unknown as [
      { pairs: { accessToken: string; refreshToken: string }[] },
    ];
    expect(pairs.length).toBeGreaterThan(0);
    const stored = JSON.stringify([...stage.store.entries.values()]);
    for (const { accessToken, refreshToken } of pairs)
      for (const secret of [accessToken, refreshToken]) expect(stored).not.toContain(secret);
  });

  test("B12: ten callers of auth() at one expired token: one refresh, all authorized, nobody is sent to sign in, nothing is wiped", async () => {
    const one = stage.join();
    await signIn(one);
    expire();
    const authorization = `Bearer ${(await one.keeper.token("mcp")).accessToken.reveal()}`;
    expect((await one.fetch(stage.server.url, { headers: { authorization } })).status).toBe(401);
    expect(await ten(() => auth(one.authProvider, { serverUrl: stage.server.url, fetchFn: one.fetch }))).toEqual(
      Array(10).fill("AUTHORIZED"),
    );
    expect({ refreshes: refreshes().length, signIns: one.person.sentTo.length, wiped: one.person.wiped }).toEqual({
      refreshes: 1,
      signIns: 1,
      wiped: [],
    });
    expect(await stage.call(one)).toEqual(hello);
  });

  test("ten sessions of one process, and ten processes on one store, whose token has expired: one refresh each time, and it names the MCP server (RFC 8707)", async () => {
    const one = stage.join();
    await signIn(one);
    expire();
    expect(await ten(() => stage.call(one))).toEqual(Array.from({ length: 10 }, () => hello));
    expect(refreshes().map(({ parameters }) => parameters["resource"])).toEqual([stage.server.url]);
    expire("everybody");
    const others = Array.from({ length: 10 }, () => stage.join());
    expect(await Promise.all(others.map((other) => stage.call(other)))).toEqual(
      Array.from({ length: 10 }, () => hello),
    );
    expect(refreshes().length).toBe(2);
    expect(
      [one, ...others]
        .flatMap(({ person }) => [person.sentTo.length - (person === one.person ? 1 : 0), person.wiped.length])
        .every((count) => count === 0),
    ).toBe(true);
  });

  test("the example of docs/keeper.md", async () => {
    const one = stage.join();
    await signIn(one);
    const client = await connectMcp(one.keeper, one.person, { server: stage.server.url, issuer: stage.provider.url });
    expect(await stage.hello(client)).toEqual(hello);
  });

  test("where the provider ends the grant, the person is asked again, and the new consent takes the old one's place", async () => {
    const one = stage.join();
    await signIn(one);
    stage.provider.control.revoke();
    await expect(stage.call(one)).rejects.toBeInstanceOf(UnauthorizedError);
    expect(one.person.sentTo.length).toBe(2);
    expect(await one.keeper.status("mcp")).toMatchObject({ state: "suspect" });
    const { headers } = await fetch(one.person.sentTo.at(-1)!, { redirect: "manual" });
    const transport = new StreamableHTTPClientTransport(new URL(stage.server.url), {
      authProvider: one.authProvider,
      fetch: one.fetch,
    });
    await transport.finishAuth(new URL(headers.get("location")!).searchParams.get("code")!);
    expect(await stage.call(one)).toEqual(hello);
    expect(await one.keeper.status("mcp")).toMatchObject({ state: "active" });
  });

  test("a provider that does not answer is an error of the call, not a reason to sign in", async () => {
    const one = stage.join();
    await signIn(one);
    expire();
    stage.provider.control.fault({ what: "status", status: 503, operation: "refresh_token" });
    await expect(stage.call(one)).rejects.toThrow(/unavailable|does not answer/i);
    expect(one.person.sentTo.length).toBe(1);
    stage.provider.control.clearFaults();
  });

  test("tokens of another authorization server are not adopted", async () => {
    const one = stage.join();
    await expect(
      (one.authProvider as OAuthClientProvider).saveTokens({
        access_token: "a",
        token_type: "Bearer",
        issuer: "https://elsewhere.example",
      }),
    ).rejects.toThrow(/^issuer: /);
    expect(await one.keeper.tryToken("mcp")).toMatchObject({ ok: false, error: { code: "unknown_grant" } });
  });

  test("without the keeper's fetch the SDK is offered no refresh: it never spends the token behind the keeper's back", async () => {
    const one = stage.join();
    await signIn(one);
    const bare = stage.join();
    expect(await auth(bare.authProvider, { serverUrl: stage.server.url })).toBe("REDIRECT");
    expect(refreshes()).toEqual([]);
    expect(await bare.authProvider.tokens()).not.toHaveProperty("refresh_token");
    expect(await bare.authProvider.tokens()).toMatchObject({
      access_token: (await one.keeper.token("mcp")).accessToken.reveal(),
    });
  });
});
