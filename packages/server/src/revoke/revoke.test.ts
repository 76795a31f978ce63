import { beforeEach, describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { StoreUnavailable } from "../index.ts";
import { introspect, obtainCode, obtainTokens, post, redeem, refresh, revoke } from "../../test/flows.ts";
import { basic, makeWorld, secret, type World } from "../../test/world.ts";
import { watchedStore } from "../../test/watched-store.ts";

let world: World;
let watched: ReturnType<typeof watchedStore>;
let tokens: { access_token: string; refresh_token: string };
beforeEach(async () => {
  watched = watchedStore();
  world = await makeWorld({ store: watched.store });
  await world.addApplication("app_one");
  await world.addApplication("app_two");
  await world.addApplication("app_public", { type: "public", authMethod: "none", secrets: [] });
  await world.addAccount("ann@example.com");
  tokens = await obtainTokens(world, "app_one", "ann@example.com");
});

const isLive = async (token: string, client = "app_one") =>
  (await introspect(world, client, token)).json().active as boolean;
const isRefreshable = async (token: string) => (await refresh(world, "app_one", token)).status === 200;
const grantOf = async () =>
  (await world.store.grants.find(world.keyring.read("access", new Sealed(tokens.access_token))!.grantId))!;

describe("RV-01, RFC 7009 §2.1, §2.2: a token of the client", () => {
  test("a refresh token ends the grant and its access tokens, in one write", async () => {
    const second = (await refresh(world, "app_one", tokens.refresh_token)).json();
    watched.forget();
    const answer = await revoke(world, "app_one", second.refresh_token);
    expect(answer).toMatchObject({ status: 200, body: "{}" });
    expect(watched.calls.filter((call) => call.startsWith("grants."))).toEqual(["grants.change"]);
    for (const { access_token } of [tokens, second]) expect(await isLive(access_token)).toBe(false);
    for (const { refresh_token } of [tokens, second]) expect(await isRefreshable(refresh_token)).toBe(false);
    expect(await grantOf()).toMatchObject({ state: "revoked", revokedBecause: "revoked_by_client" });
  });
  test("a spent refresh token ends the grant as well", async () => {
    const second = (await refresh(world, "app_one", tokens.refresh_token)).json();
    await revoke(world, "app_one", tokens.refresh_token);
    expect(await isLive(second.access_token)).toBe(false);
  });
  test("an access token ends, and its refresh token stays usable", async () => {
    expect((await revoke(world, "app_one", tokens.access_token)).status).toBe(200);
    expect(await isLive(tokens.access_token)).toBe(false);
    const second = (await refresh(world, "app_one", tokens.refresh_token)).json();
    expect(await isLive(second.access_token)).toBe(true);
  });
  test("the revocation is in the feed, as a hash that names neither token nor grant", async () => {
    await revoke(world, "app_one", tokens.access_token);
    await revoke(world, "app_one", tokens.refresh_token);
    const entries = await world.store.grants.revocations(0, 10);
    expect(entries.map(({ kind }) => kind)).toEqual(["token", "grant"]);
    for (const { hash, until } of entries) {
      expect(hash).toHaveLength(32);
      expect(until).toBe(world.now() + 600);
    }
  });
  test("the events name grant and client", async () => {
    await revoke(world, "app_one", tokens.access_token);
    await revoke(world, "app_one", tokens.refresh_token);
    const { id } = await grantOf();
    expect(world.events).toContainEqual({ name: "token.revoked", client: "app_one", grant: id });
    expect(world.events).toContainEqual({ name: "grant.revoked", grant: id, because: "revoked_by_client" });
  });
  test.each(["access_token", "refresh_token", "nonsense", ""])(
    "the hint %j changes nothing",
    async (token_type_hint) => {
      await post(
        world,
        "/oauth/revoke",
        { token: tokens.refresh_token, token_type_hint },
        { authorization: basic("app_one") },
      );
      expect(await isLive(tokens.access_token)).toBe(false);
    },
  );
  test("client credentials can be revoked one by one", async () => {
    const take = async () =>
      (
        await post(world, "/oauth/token", { grant_type: "client_credentials" }, { authorization: basic("app_one") })
      ).json().access_token as string;
    const [one, two] = [await take(), await take()];
    await revoke(world, "app_one", one);
    expect([await isLive(one), await isLive(two)]).toEqual([false, true]);
  });
  test("revoking twice is a success and emits one event", async () => {
    for (let at = 0; at < 2; at++) expect((await revoke(world, "app_one", tokens.refresh_token)).status).toBe(200);
    expect(world.eventNames().filter((name) => name === "grant.revoked")).toHaveLength(1);
  });
});

describe("RV-02, RFC 7009 §2.1: a token of another client stays active", () => {
  test.each(["access_token", "refresh_token"] as const)("its %s", async (kind) => {
    expect((await revoke(world, "app_two", tokens[kind])).status).toBe(200);
    expect((await post(world, "/oauth/revoke", { token: tokens[kind], client_id: "app_public" })).status).toBe(200);
    expect(await isLive(tokens.access_token)).toBe(true);
    expect(await isRefreshable(tokens.refresh_token)).toBe(true);
  });
});

describe("RV-03, RFC 7009 §2.1: a public client revokes its own with its client_id alone", () => {
  test.each(["access_token", "refresh_token"] as const)("its %s", async (kind) => {
    const code = await obtainCode(world, "app_public", "ann@example.com");
    const form = {
      grant_type: "authorization_code",
      code,
      client_id: "app_public",
      redirect_uri: "https://app.example/cb",
      code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    };
    const own = (await post(world, "/oauth/token", form)).json();
    await world.addResourceServer("rs_any");
    expect(await isLive(own.access_token, "rs_any")).toBe(true);
    expect((await post(world, "/oauth/revoke", { token: own[kind], client_id: "app_public" })).status).toBe(200);
    expect(await isLive(own.access_token, "rs_any")).toBe(false);
  });
});

describe("RV-04, RFC 7009 §2.2: an unknown token is a success", () => {
  test.each<[string, () => string | Promise<string>]>([
    ["garbage", () => "garbage"],
    ["forged", () => `sym_rt_${"A".repeat(64)}`],
    ["NUL", () => "\0"],
    ["expired", () => (world.advance(600), tokens.access_token)],
    ["a code", () => obtainCode(world, "app_one", "ann@example.com")],
    [
      "of a grant that is gone",
      () =>
        world.keyring
          .mint(
            "refresh",
            { grantId: "01900000-0000-7000-8000-000000000000" as never, generation: 1, issuedAt: 0, variant: 0 },
            world.now(),
          )
          .reveal(),
    ],
  ])("%s: 200", async (_, make) => {
    const token = await make();
    expect(await revoke(world, "app_one", token)).toMatchObject({ status: 200, body: "{}" });
    expect(await isRefreshable(tokens.refresh_token)).toBe(true);
  });
  test("a code is not revoked and can still be redeemed", async () => {
    const code = await obtainCode(world, "app_one", "ann@example.com");
    await revoke(world, "app_one", code);
    expect((await redeem(world, "app_one", code)).status).toBe(200);
  });
});

describe("RV-04, RFC 7009 §2.2.1: a store that fails is 503 with Retry-After, never 200", () => {
  test.each([
    ["access_token", "grants.change"],
    ["refresh_token", "grants.change"],
    ["access_token", "applications.find"],
  ] as const)("%s, when %s fails", async (kind, broken) => {
    watched.faults.next = (call) => (call === broken ? new StoreUnavailable("disk full") : undefined);
    const answer = await revoke(world, "app_one", tokens[kind]);
    expect(answer.status).toBe(503);
    expect(answer.headers["retry-after"]).toBe("1");
    expect(answer.json()).toMatchObject({ error: "temporarily_unavailable" });
    delete watched.faults.next;
    expect(await isLive(tokens.access_token)).toBe(true);
    expect((await revoke(world, "app_one", tokens[kind])).status).toBe(200);
    expect(await isLive(tokens.access_token)).toBe(false);
  });
});

describe("RV-05, RFC 7009 §2.1: nothing is revoked without the right authentication", () => {
  test.each<[string, Record<string, string>, Record<string, string>, number]>([
    ["no authentication", {}, {}, 401],
    ["a wrong secret", { authorization: basic("app_one", "wrong") }, {}, 401],
    ["an unknown client", { authorization: basic("app_none") }, {}, 401],
    ["a confidential client by its id alone", {}, { client_id: "app_one" }, 401],
    ["the other method", {}, { client_id: "app_one", client_secret: secret }, 401],
    ["two secrets", { authorization: basic("app_one") }, { client_id: "app_one", client_secret: "another" }, 400],
    ["its own access token as a bearer", { authorization: "Bearer" }, {}, 401],
  ])("%s", async (_, headers, form, status) => {
    const sent = headers["authorization"] === "Bearer" ? { authorization: `Bearer ${tokens.access_token}` } : headers;
    expect((await post(world, "/oauth/revoke", { token: tokens.refresh_token, ...form }, sent)).status).toBe(status);
    expect(await isLive(tokens.access_token)).toBe(true);
  });
  test.each(["token=x&callback=f", "callback=f"])("GET and JSONP (?%s) are refused", async (query) => {
    const answer = await world.app.inject({
      method: "GET",
      url: `/oauth/revoke?${query}`,
      headers: { host: "localhost:8787", authorization: basic("app_one") },
    });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers["content-type"]).toMatch(/^application\/json/);
  });
  test("a posted callback is ignored", async () => {
    const answer = await post(
      world,
      "/oauth/revoke",
      { token: tokens.refresh_token, callback: "f" },
      { authorization: basic("app_one") },
    );
    expect(answer).toMatchObject({ status: 200, body: "{}" });
  });
  test.each<[string, string]>([
    ["missing", "a=b"],
    ["empty", "token="],
    ["twice", "token=a&token=b"],
  ])("a token %s is invalid_request", async (_, form) =>
    expect((await post(world, "/oauth/revoke", form, { authorization: basic("app_one") })).json()).toMatchObject({
      error: "invalid_request",
    }),
  );
});

describe("RV-06: a grant with any number of generations ends in one write", () => {
  test("after two hundred refreshes", async () => {
    let { refresh_token } = tokens;
    const seen: string[] = [];
    for (let at = 0; at < 200; at++) {
      const next = (await refresh(world, "app_one", refresh_token)).json();
      seen.push(next.access_token);
      refresh_token = next.refresh_token;
    }
    watched.forget();
    await revoke(world, "app_one", refresh_token);
    expect(watched.calls.filter((call) => call.startsWith("grants."))).toEqual(["grants.change"]);
    for (const token of [seen[0]!, seen[100]!, seen[199]!]) expect(await isLive(token)).toBe(false);
  });
});
