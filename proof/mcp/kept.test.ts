import { auth, UnauthorizedError, type OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectMcp } from "../../examples/keeper/mcp.ts";
import { openFixture } from "./place.ts";

type Fixture = Awaited<ReturnType<typeof openFixture>>;
type Process = ReturnType<Fixture["join"]>;
let fixture: Fixture;
beforeEach(async () => void (fixture = await openFixture()));
afterEach(() => fixture[Symbol.asyncDispose]());

const hello = [{ type: "text", text: "hello" }];
const ten = <T>(one: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 10 }, one));
const refreshes = () => fixture.provider.control.requests("refresh_token");
const expire = (whose: "provider" | "all" = "provider") => fixture.pass(7200, whose);

/** Signs in with the SDK, following the redirect as a browser does. */
async function signIn({ authProvider, fetch: kept, userProvider }: Process): Promise<void> {
  expect(await auth(authProvider, { serverUrl: fixture.server.url, fetchFn: kept })).toBe("REDIRECT");
  const { headers } = await fetch(userProvider.redirects.at(-1)!, { redirect: "manual" });
  const authorizationCode = new URL(headers.get("location")!).searchParams.get("code")!;
  expect(await auth(authProvider, { serverUrl: fixture.server.url, authorizationCode, fetchFn: kept })).toBe(
    "AUTHORIZED",
  );
}

describe("the keeper under the MCP SDK", () => {
  test("the tokens of a sign-in are stored sealed by the keeper, and not by the application's provider", async () => {
    const one = fixture.join();
    const tokenResponses: string[] = [];
    const recording: typeof one.fetch = async (input, init) => {
      const response = await one.fetch(input, init);
      if (String(input).endsWith("/token")) tokenResponses.push(await response.clone().text());
      return response;
    };
    await signIn({ ...one, fetch: recording });
    expect(await fixture.call(one)).toEqual(hello);
    expect(one.userProvider.saved).toBe(0);
    expect(await one.keeper.status("mcp")).toMatchObject({ state: "active", issuer: fixture.provider.url });
    const { access_token, refresh_token } = JSON.parse(tokenResponses[0]!) as Record<string, string>;
    expect((await one.keeper.token("mcp")).accessToken.reveal()).toBe(access_token);
    const stored = JSON.stringify([...fixture.store.entries.values()]);
    for (const token of [access_token, refresh_token]) {
      expect(token).toMatch(/^.{10,}$/);
      expect(stored).not.toContain(token);
    }
  });

  test("B12: ten calls of auth() with one expired token cause one refresh, no sign-in and no deleted tokens", async () => {
    const one = fixture.join();
    await signIn(one);
    expire();
    const authorization = `Bearer ${(await one.keeper.token("mcp")).accessToken.reveal()}`;
    expect((await one.fetch(fixture.server.url, { headers: { authorization } })).status).toBe(401);
    expect(await ten(() => auth(one.authProvider, { serverUrl: fixture.server.url, fetchFn: one.fetch }))).toEqual(
      Array(10).fill("AUTHORIZED"),
    );
    expect({
      refreshes: refreshes().length,
      signIns: one.userProvider.redirects.length,
      deletedCredentials: one.userProvider.deletedCredentials,
    }).toEqual({
      refreshes: 1,
      signIns: 1,
      deletedCredentials: [],
    });
    expect(await fixture.call(one)).toEqual(hello);
  });

  test("ten sessions of one process, and ten processes on one store, cause one refresh per expiry, with the MCP server as resource (RFC 8707)", async () => {
    const one = fixture.join();
    await signIn(one);
    expire();
    expect(await ten(() => fixture.call(one))).toEqual(Array.from({ length: 10 }, () => hello));
    expect(refreshes().map(({ parameters }) => parameters["resource"])).toEqual([fixture.server.url]);
    expire("all");
    const others = Array.from({ length: 10 }, () => fixture.join());
    expect(await Promise.all(others.map((other) => fixture.call(other)))).toEqual(
      Array.from({ length: 10 }, () => hello),
    );
    expect(refreshes().length).toBe(2);
    expect(
      [one, ...others]
        .flatMap(({ userProvider }) => [
          userProvider.redirects.length - (userProvider === one.userProvider ? 1 : 0),
          userProvider.deletedCredentials.length,
        ])
        .every((count) => count === 0),
    ).toBe(true);
  });

  test("the example of docs/keeper.md works", async () => {
    const one = fixture.join();
    await signIn(one);
    const client = await connectMcp(one.keeper, one.userProvider, {
      server: fixture.server.url,
      issuer: fixture.provider.url,
    });
    expect(await fixture.hello(client)).toEqual(hello);
  });

  test("after the provider ended the grant, the user is asked again, and the new tokens replace the old ones", async () => {
    const one = fixture.join();
    await signIn(one);
    fixture.provider.control.revoke();
    await expect(fixture.call(one)).rejects.toBeInstanceOf(UnauthorizedError);
    expect(one.userProvider.redirects.length).toBe(2);
    expect(await one.keeper.status("mcp")).toMatchObject({ state: "suspect" });
    const { headers } = await fetch(one.userProvider.redirects.at(-1)!, { redirect: "manual" });
    const transport = new StreamableHTTPClientTransport(new URL(fixture.server.url), {
      authProvider: one.authProvider,
      fetch: one.fetch,
    });
    await transport.finishAuth(new URL(headers.get("location")!).searchParams.get("code")!);
    expect(await fixture.call(one)).toEqual(hello);
    expect(await one.keeper.status("mcp")).toMatchObject({ state: "active" });
  });

  test("an unavailable provider is an error of the call and does not cause a sign-in", async () => {
    const one = fixture.join();
    await signIn(one);
    expire();
    fixture.provider.control.fault({ what: "status", status: 503, operation: "refresh_token" });
    await expect(fixture.call(one)).rejects.toThrow(/unavailable|does not answer/i);
    expect(one.userProvider.redirects.length).toBe(1);
    fixture.provider.control.clearFaults();
  });

  test("tokens of another issuer are not adopted", async () => {
    const one = fixture.join();
    await expect(
      (one.authProvider as OAuthClientProvider).saveTokens({
        access_token: "a",
        token_type: "Bearer",
        issuer: "https://elsewhere.example",
      }),
    ).rejects.toThrow(/^issuer: /);
    expect(await one.keeper.tryToken("mcp")).toMatchObject({ ok: false, error: { code: "unknown_grant" } });
  });

  test("without the keeper's fetch the SDK gets no refresh token and does not refresh", async () => {
    const one = fixture.join();
    await signIn(one);
    const bare = fixture.join();
    expect(await auth(bare.authProvider, { serverUrl: fixture.server.url })).toBe("REDIRECT");
    expect(refreshes()).toEqual([]);
    expect(await bare.authProvider.tokens()).not.toHaveProperty("refresh_token");
    expect(await bare.authProvider.tokens()).toMatchObject({
      access_token: (await one.keeper.token("mcp")).accessToken.reveal(),
    });
  });
});
