import { beforeEach, describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { obtainTokens, post, refresh, revoke, tokenInfo } from "../../test/flows.ts";
import { basic, makeWorld, type World } from "../../test/world.ts";

let world: World;
let tokens: { access_token: string; refresh_token: string };
let ann: string;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  ann = (await world.addAccount("ann@example.com", ["Company/0d0f6a52"])).id;
  tokens = await obtainTokens(world, "app_one", "ann@example.com");
});

const ask = async (headers: Record<string, string>, url = "/oauth/token_info") => {
  const answer = await world.app.inject({ method: "GET", url, headers: { host: "localhost:8787", ...headers } });
  return {
    status: answer.statusCode,
    challenge: answer.headers["www-authenticate"],
    headers: answer.headers,
    body: answer.body,
  };
};

describe("RFC 6750 §2.1: describes the token of the bearer", () => {
  test("has the members that Gusto answers, and the seconds left", async () => {
    world.advance(10);
    const answer = await tokenInfo(world, tokens.access_token);
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      scope: "read write",
      resource: { type: "Company", uuid: "0d0f6a52" },
      resource_owner: { type: "Account", uuid: ann },
      expires_in: 590,
    });
    expect(answer.headers["cache-control"]).toBe("no-store");
  });
  test("client credentials have neither owner nor resource", async () => {
    const { access_token } = (
      await post(world, "/oauth/token", { grant_type: "client_credentials" }, { authorization: basic("app_one") })
    ).json();
    expect((await tokenInfo(world, access_token)).json()).toEqual({
      scope: "read write",
      resource: null,
      resource_owner: null,
      expires_in: 600,
    });
  });
  test("a narrowed token has its own scope", async () => {
    const { access_token } = (await refresh(world, "app_one", tokens.refresh_token, { scope: "read" })).json();
    expect((await tokenInfo(world, access_token)).json()).toMatchObject({ scope: "read" });
  });
  test.each(["Bearer", "bearer", "BEARER", "bEaReR"])("the scheme may be spelt %s", async (scheme) =>
    expect((await ask({ authorization: `${scheme} ${tokens.access_token}` })).status).toBe(200),
  );
  test("counts as the first use of the generation", async () => {
    await tokenInfo(world, tokens.access_token);
    expect(
      (await world.store.grants.find(world.keyring.read("access", new Sealed(tokens.access_token))!.grantId))!
        .confirmedAt,
    ).toBe(world.now());
  });
});

describe("RFC 6750 §3, §3.1: challenges", () => {
  test("no token: 401, and a challenge that names no error", async () => {
    expect(await ask({})).toMatchObject({ status: 401, challenge: 'Bearer realm="symbolon"' });
  });
  test.each<[string, () => string]>([
    ["forged", () => `sym_at_${"A".repeat(64)}`],
    ["cut short", () => tokens.access_token.slice(0, -1)],
    ["padded", () => `${tokens.access_token}==`],
    ["a refresh token", () => tokens.refresh_token],
    ["a JWT of another issuer", () => "eyJhbGciOiJub25lIn0.e30."],
  ])("a token that is %s: 401 invalid_token", async (_, token) => {
    expect(await ask({ authorization: `Bearer ${token()}` })).toMatchObject({
      status: 401,
      challenge: 'Bearer realm="symbolon", error="invalid_token"',
    });
  });
  test("revoked and expired tokens get the same answer", async () => {
    const other = await obtainTokens(world, "app_one", "ann@example.com");
    await revoke(world, "app_one", tokens.access_token);
    const revoked = await ask({ authorization: `Bearer ${tokens.access_token}` });
    world.advance(600);
    const expired = await ask({ authorization: `Bearer ${other.access_token}` });
    expect(revoked).toMatchObject({ status: 401, challenge: 'Bearer realm="symbolon", error="invalid_token"' });
    const own = { date: "", "request-id": "" };
    expect({ ...expired, headers: { ...expired.headers, ...own } }).toEqual({
      ...revoked,
      headers: { ...revoked.headers, ...own },
    });
  });
  test.each<[string, (token: string) => string]>([
    ["nothing after the scheme", () => "Bearer"],
    ["only a space after it", () => "Bearer "],
    ["two tokens", (token) => `Bearer ${token} ${token}`],
    ["a list", (token) => `Bearer ${token}, Bearer ${token}`],
    ["another scheme", (token) => `Basic ${token}`],
    ["no scheme", (token) => token],
    ["quotation marks", (token) => `Bearer "${token}"`],
    ["a token of 9 kB", () => `Bearer ${"a".repeat(9000)}`],
  ])("%s: 400 invalid_request", async (_, header) => {
    expect(await ask({ authorization: header(tokens.access_token) })).toMatchObject({
      status: 400,
      challenge: 'Bearer realm="symbolon", error="invalid_request"',
    });
  });
  test("RFC 9110 §11.4: several spaces after the scheme are one", async () =>
    expect(await ask({ authorization: `Bearer   ${tokens.access_token}` })).toMatchObject({ status: 200 }));
  test("no challenge repeats input", async () => {
    for (const authorization of ["Bearer look-at-this", "Bearer look at-this", "look-at-this"]) {
      const { challenge, body } = await ask({ authorization });
      expect(`${challenge}${body}`).not.toContain("look");
    }
  });
});

describe("CA-03, RFC 6750 §2.3: a token in the query string", () => {
  test.each(["access_token", "token", "x"])("?%s= is refused unread, with or without a good header", async (name) => {
    for (const headers of [{ accept: "*/*" }, { authorization: `Bearer ${tokens.access_token}` }] as Record<
      string,
      string
    >[]) {
      const answer = await ask(headers, `/oauth/token_info?${name}=${tokens.access_token}`);
      expect(answer.status).toBe(400);
      expect(answer.body).toContain("bearer_endpoint_takes_no_parameters");
      expect(answer.body).not.toContain(tokens.access_token);
    }
    expect(JSON.stringify(world.events)).not.toContain(tokens.access_token);
  });
  test("RFC 6750 §2.2: a posted form is not offered", async () => {
    expect((await post(world, "/oauth/token_info", { access_token: tokens.access_token })).status).toBe(405);
  });
});
