import { beforeEach, describe, expect, test } from "vitest";
import { introspect, obtainCode, obtainTokens, post, refresh } from "../../test/flows.ts";
import { basic, makeWorld, verifier, type World } from "../../test/world.ts";
import { StoreUnavailable } from "../store/contract.ts";
import { memoryStore } from "../store/memory.ts";

let world: World;
let tokens: { access_token: string; refresh_token: string };
let isDown = false;
beforeEach(async () => {
  isDown = false;
  world = await makeWorld({ store: failingStore() });
  await world.addApplication("app_one");
  await world.addApplication("app_two");
  await world.addAccount("ann@example.com");
  tokens = await obtainTokens(world, "app_one", "ann@example.com");
});

/** A store whose writes to grants fail while `isDown`. */
function failingStore() {
  const store = memoryStore();
  const change: typeof store.grants.change = (id, decide) =>
    isDown ? Promise.reject(new StoreUnavailable("disk")) : store.grants.change(id, decide);
  return { ...store, grants: Object.assign(Object.create(store.grants), { change }) };
}

const revoke = (form: Record<string, string>, client = "app_one") =>
  post(world, "/oauth/revoke", form, { authorization: basic(client) });
const isActive = async (token: string): Promise<boolean> => (await introspect(world, "app_one", token)).json().active;

describe("RFC 7009 §2.1: revoking", () => {
  test("RV-02: does not revoke a token of another client", async () => {
    for (const token of [tokens.refresh_token, tokens.access_token])
      expect(await revoke({ token }, "app_two")).toMatchObject({ status: 200 });
    expect(await isActive(tokens.access_token)).toBe(true);
  });
  test("RV-05: revokes nothing without the secret", async () => {
    expect(
      await post(world, "/oauth/revoke", { token: tokens.refresh_token }, { authorization: basic("app_one", "wrong") }),
    ).toMatchObject({ status: 401 });
    expect(await post(world, "/oauth/revoke", { token: tokens.refresh_token, client_id: "app_one" })).toMatchObject({
      status: 401,
    });
    expect(await isActive(tokens.access_token)).toBe(true);
  });
  test("RV-05: GET is 405", async () => {
    const answer = await world.app.inject({
      method: "GET",
      url: `/oauth/revoke?token=${tokens.refresh_token}&callback=f`,
      headers: { host: "localhost:8787", authorization: basic("app_one") },
    });
    expect(answer.statusCode).toBe(405);
  });
  test("requires a token", async () => expect(await revoke({})).toMatchObject({ status: 400 }));
  test("RV-01: a refresh token ends the access tokens of every generation", async () => {
    const next = (await refresh(world, "app_one", tokens.refresh_token)).json();
    expect(await revoke({ token: next.refresh_token })).toMatchObject({ status: 200 });
    for (const token of [tokens.access_token, next.access_token]) expect(await isActive(token)).toBe(false);
    expect(await refresh(world, "app_one", next.refresh_token)).toMatchObject({ status: 400 });
  });
  test("an access token ends alone", async () => {
    await revoke({ token: tokens.access_token });
    expect(await isActive(tokens.access_token)).toBe(false);
    const next = (await refresh(world, "app_one", tokens.refresh_token)).json();
    expect(await isActive(next.access_token)).toBe(true);
  });
  test("a replay does not return a revoked access token, not even in the same second", async () => {
    const next = (await refresh(world, "app_one", tokens.refresh_token)).json();
    await revoke({ token: next.access_token });
    const again = await refresh(world, "app_one", tokens.refresh_token);
    expect(again.json()).toMatchObject({ error: "invalid_grant" });
    expect(await isActive(next.access_token)).toBe(false);
    expect(await refresh(world, "app_one", next.refresh_token)).toMatchObject({ status: 200 });
  });
  test.each(["access_token", "refresh_token", "nonsense"])(
    "RV-01: the hint %s changes nothing",
    async (token_type_hint) => {
      expect(await revoke({ token: tokens.refresh_token, token_type_hint })).toMatchObject({ status: 200 });
      expect(await isActive(tokens.access_token)).toBe(false);
    },
  );
  test("RV-03: a public client revokes its own tokens by client_id alone, and none of another client", async () => {
    await world.addApplication("app_public", { type: "public", authMethod: "none", secrets: [] });
    const asPublic = (path: string, form: Record<string, string>) =>
      post(world, path, { client_id: "app_public", ...form });
    const code = await obtainCode(world, "app_public", "ann@example.com");
    const own = (
      await asPublic("/oauth/token", { grant_type: "authorization_code", code, code_verifier: verifier })
    ).json();
    for (const token of [tokens.refresh_token, own.refresh_token])
      expect(await asPublic("/oauth/revoke", { token })).toMatchObject({ status: 200 });
    expect(await isActive(tokens.access_token)).toBe(true);
    expect(
      (await asPublic("/oauth/token", { grant_type: "refresh_token", refresh_token: own.refresh_token })).json(),
    ).toMatchObject({ error: "invalid_grant" });
  });
});

describe("RV-04, RFC 7009 §2.2: an unknown token is a success", () => {
  test.each(["x", "sym_rt_", "sym_rt_".padEnd(71, "A"), "sym_at_".padEnd(71, "A")])("%s", async (token) =>
    expect(await revoke({ token })).toMatchObject({ status: 200, body: "{}" }),
  );
  test("an inactive token is a success too", async () => {
    for (let times = 0; times < 2; times++)
      expect(await revoke({ token: tokens.refresh_token })).toMatchObject({ status: 200 });
  });
});

describe("RV-04, RFC 7009 §2.2.1: if the storage fails", () => {
  test.each(["access_token", "refresh_token"] as const)(
    "revoking the %s is 503 with Retry-After, never 200, and works when repeated",
    async (kind) => {
      isDown = true;
      const answer = await revoke({ token: tokens[kind] });
      expect(answer).toMatchObject({ status: 503, body: expect.stringContaining('"temporarily_unavailable"') });
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
      isDown = false;
      expect(await revoke({ token: tokens[kind] })).toMatchObject({ status: 200 });
      expect(await isActive(tokens.access_token)).toBe(false);
    },
  );
});
