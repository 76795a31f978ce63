import { beforeAll, describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { browserOf, introspect, obtainCode, obtainTokens, post, redeem, refresh } from "../../test/flows.ts";
import { basic, issuer, makeWorld, type World } from "../../test/world.ts";
import { watchedStore } from "../../test/watched-store.ts";

const [api, other] = ["https://api.example", "https://other.example"];
let world: World;
let watched: ReturnType<typeof watchedStore>;
let ann: string;
beforeAll(async () => {
  watched = watchedStore();
  world = await makeWorld({ store: watched.store });
  await world.addApplication("app_one");
  await world.addResourceServer("rs_any");
  await world.addResourceServer("rs_api", api);
  await world.addResourceServer("rs_other", other);
  ann = (await world.addAccount("ann@example.com", ["Company/0d0f6a52"])).id;
  await world.addAccount("bea@example.com");
});

const fresh = (parameters: Record<string, string> = {}, email = "ann@example.com") =>
  obtainTokens(world, "app_one", email, { prompt: "consent", ...parameters });
const about = async (token: string, caller = "app_one") => (await introspect(world, caller, token)).json();
const clientCredentials = async (form: Record<string, string> = {}): Promise<string> =>
  (
    await post(
      world,
      "/oauth/token",
      { grant_type: "client_credentials", ...form },
      { authorization: basic("app_one") },
    )
  ).json().access_token;

describe("RFC 7662 §2.2: the members of an active answer", () => {
  test("for the token of an account", async () => {
    const issuedAt = world.now();
    const { access_token } = await fresh();
    world.advance(5);
    expect(await about(access_token)).toEqual({
      active: true,
      scope: "read write",
      client_id: "app_one",
      username: "ann@example.com",
      token_type: "Bearer",
      exp: issuedAt + 600,
      iat: issuedAt,
      sub: ann,
      aud: issuer,
      iss: issuer,
      jti: expect.stringMatching(/^[\w-]{22}$/),
      resource: { type: "Company", uuid: "0d0f6a52" },
      resource_owner: { type: "Account", uuid: ann },
    });
  });
  test("for client credentials: the client is its own subject, without name or resource", async () => {
    const answer = await about(await clientCredentials({ scope: "read" }));
    expect(answer).toMatchObject({
      active: true,
      scope: "read",
      client_id: "app_one",
      sub: "app_one",
      exp: world.now() + 600,
      resource: null,
      resource_owner: null,
    });
    expect(answer).not.toHaveProperty("username");
  });
  test("an account without resources has an owner and no resource", async () => {
    expect(await about((await fresh({}, "bea@example.com")).access_token)).toMatchObject({
      username: "bea@example.com",
      resource: null,
      resource_owner: { type: "Account" },
    });
  });
  test("a narrowed token has its own scope", async () => {
    const { access_token } = (
      await refresh(world, "app_one", (await fresh()).refresh_token, { scope: "write" })
    ).json();
    expect(await about(access_token)).toMatchObject({ scope: "write" });
  });
});

describe("RFC 7662 §2.2, RFC 8707 §2: aud", () => {
  test("is the one requested resource", async () =>
    expect(await about((await fresh({ resource: api })).access_token, "rs_api")).toMatchObject({ aud: api }));
  test("is a list of several resources, or those of a narrowing", async () => {
    const code = await obtainCode(world, "app_one", "ann@example.com", { prompt: "consent", resource: api });
    await world.store.grants.change(world.keyring.read("code", new Sealed(code))!.grantId, (grant) => ({
      answer: null,
      write: { ...grant!, audiences: [api, other] },
    }));
    const first = (await redeem(world, "app_one", code)).json();
    expect(await about(first.access_token, "rs_other")).toMatchObject({ aud: [api, other] });
    expect(await about(first.access_token, "rs_any")).toEqual({ active: false });
    const second = (await refresh(world, "app_one", first.refresh_token, { resource: other })).json();
    expect(await about(second.access_token, "rs_other")).toMatchObject({ aud: other });
    expect(await about(second.access_token, "rs_api")).toEqual({ active: false });
  });
});

describe("RFC 7662 §2.2: jti", () => {
  test("is the same every time, different for each token, and part of none", async () => {
    const [one, two] = [await fresh(), await fresh()];
    const first = await about(one.access_token);
    expect((await about(one.access_token)).jti).toBe(first.jti);
    expect((await about(two.access_token)).jti).not.toBe(first.jti);
    expect(one.access_token).not.toContain(first.jti);
  });
  test("cannot be presented as a token", async () => {
    const { jti } = await about((await fresh()).access_token);
    expect(await about(jti)).toEqual({ active: false });
    expect((await redeem(world, "app_one", jti)).json()).toMatchObject({ error: "invalid_grant" });
    expect((await refresh(world, "app_one", jti)).json()).toMatchObject({ error: "invalid_grant" });
    expect((await browserOf(world).get("/oauth/token_info", { authorization: `Bearer ${jti}` })).status).toBe(401);
  });
});

describe("RFC 7662 §2.2: the answer is JSON that must not be stored", () => {
  test("IN-10: headers", async () => {
    const { headers } = await introspect(world, "app_one", (await fresh()).access_token);
    expect(headers).toMatchObject({
      "content-type": "application/json;charset=utf-8",
      "cache-control": "no-store",
      pragma: "no-cache",
      "x-content-type-options": "nosniff",
    });
  });
  test("it contains neither the token nor the id of its grant", async () => {
    const { access_token, refresh_token } = await fresh();
    const { body } = await introspect(world, "app_one", access_token);
    for (const secret of [
      access_token.slice(7, 40),
      refresh_token.slice(7, 40),
      world.keyring.read("access", new Sealed(access_token))!.grantId,
    ])
      expect(body).not.toContain(secret);
  });
});

describe("RFC 7662 §2: introspection writes nothing, except for the first use of a generation", () => {
  const writes = () => watched.calls.filter((call) => call === "grants.change").length;
  test("one write for the first of five introspections", async () => {
    const { access_token } = await fresh();
    watched.forget();
    for (let at = 0; at < 5; at++) await about(access_token, "rs_any");
    expect(writes()).toBe(1);
  });
  test("one more after a refresh", async () => {
    const { access_token, refresh_token } = await fresh();
    await about(access_token);
    const second = (await refresh(world, "app_one", refresh_token)).json();
    watched.forget();
    for (let at = 0; at < 5; at++) await about(second.access_token);
    expect(writes()).toBe(1);
  });
  test("fifty introspections at once change the row once, and all are answered", async () => {
    const { access_token } = await fresh();
    const { grantId } = world.keyring.read("access", new Sealed(access_token))!;
    const before = (await world.store.grants.find(grantId))!.version;
    const answers = await Promise.all(Array.from({ length: 50 }, () => about(access_token)));
    expect(answers.every(({ active }) => active === true)).toBe(true);
    expect((await world.store.grants.find(grantId))!.version).toBe(before + 1);
  });
  test("looks for a revoked token only in grants that have one", async () => {
    const { access_token } = await fresh();
    watched.forget();
    expect(await about(access_token)).toMatchObject({ active: true });
    expect(watched.calls).not.toContain("grants.isTokenRevoked");
    await post(world, "/oauth/revoke", { token: access_token }, { authorization: basic("app_one") });
    watched.forget();
    expect(await about(access_token)).toEqual({ active: false });
    expect(watched.calls).toContain("grants.isTokenRevoked");
  });
  test("none for client credentials", async () => {
    const token = await clientCredentials();
    watched.forget();
    await about(token);
    expect(writes()).toBe(0);
  });
});

describe("IN-06, RFC 7662 §2.1: token_type_hint is only a hint", () => {
  test.each(["access_token", "refresh_token", "", "nonsense", "x".repeat(4000)])("%s", async (token_type_hint) => {
    const { access_token } = await fresh();
    expect(
      (
        await post(
          world,
          "/oauth/introspect",
          { token: access_token, token_type_hint },
          { authorization: basic("app_one") },
        )
      ).json(),
    ).toMatchObject({ active: true });
  });
  test("as an array it is an unknown parameter", async () => {
    const { access_token } = await fresh();
    const form = `token=${access_token}&token_type_hint[]=a&token_type_hint[]=b`;
    expect((await post(world, "/oauth/introspect", form, { authorization: basic("app_one") })).json()).toMatchObject({
      active: true,
    });
  });
  test.each<[string, string, number]>([
    ["twice", "token_type_hint=a&token_type_hint=b", 400],
    ["of 1 MB", `token_type_hint=${"x".repeat(1_000_000)}`, 413],
  ])("%s is refused", async (_, hint, status) =>
    expect(
      (await post(world, "/oauth/introspect", `token=x&${hint}`, { authorization: basic("app_one") })).status,
    ).toBe(status),
  );
});

describe("IN-08: malformed tokens", () => {
  test.each<[string, string, number]>([
    ["missing", "a=b", 400],
    ["empty", "token=", 400],
    ["twice", "token=a&token=b", 400],
    ["of 1 MB", `token=${"x".repeat(1_000_000)}`, 413],
  ])("%s", async (_, form, status) => {
    const answer = await post(world, "/oauth/introspect", form, { authorization: basic("app_one") });
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ error: "invalid_request" });
  });
  test("in a JSON body", async () =>
    expect(
      (
        await post(world, "/oauth/introspect", '{"token":"x"}', {
          authorization: basic("app_one"),
          "content-type": "application/json",
        })
      ).status,
    ).toBe(415));
});
