import { beforeEach, describe, expect, test } from "vitest";
import { introspect, obtainCode, obtainTokens, post, refresh } from "../../test/flows.ts";
import { makeWorld, verifier, type World } from "../../test/world.ts";

const api = "https://api.example/";
const files = "https://files.example/";

let world: World;
let tokens: { access_token: string; refresh_token: string };
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addApplication("app_two");
  await world.addAccount("ann@example.com");
  await world.addResourceServer("rs_api", api);
  await world.addResourceServer("rs_files", files);
  tokens = await obtainTokens(world, "app_one", "ann@example.com", { resource: api });
});

const refused = { status: 400, body: expect.stringContaining('"invalid_grant"') };
const ask = async (token: string) => (await introspect(world, "app_one", token)).json();

describe("RFC 6749 §6: refreshing", () => {
  test("TK-05: a refresh token of another client is refused and stays usable", async () => {
    expect(await refresh(world, "app_two", tokens.refresh_token)).toMatchObject(refused);
    expect(await refresh(world, "app_one", tokens.refresh_token)).toMatchObject({ status: 200 });
  });
  test("TK-09: a wider scope is invalid_scope and consumes nothing", async () => {
    expect((await refresh(world, "app_one", tokens.refresh_token, { scope: "read write admin" })).json()).toMatchObject(
      { error: "invalid_scope" },
    );
    expect(await refresh(world, "app_one", tokens.refresh_token)).toMatchObject({ status: 200 });
  });
  test("TK-09: a narrower scope narrows the access token, not the refresh token", async () => {
    const narrow = (await refresh(world, "app_one", tokens.refresh_token, { scope: "read" })).json();
    expect((await ask(narrow.access_token)).scope).toBe("read");
    const wide = (await refresh(world, "app_one", narrow.refresh_token)).json();
    expect((await ask(wide.access_token)).scope).toBe("read write");
  });
});

describe("OAuth 2.1 §4.3.1, RFC 9700 §2.2.2: rotation", () => {
  test("each refresh returns a new refresh token", async () =>
    expect((await refresh(world, "app_one", tokens.refresh_token)).json().refresh_token).not.toBe(
      tokens.refresh_token,
    ));
  test("TK-15: an expired grant is refused", async () => {
    world.advance(30 * 86_400);
    expect(await refresh(world, "app_one", tokens.refresh_token)).toMatchObject(refused);
  });
  test("refresh tokens of public clients are rotated too", async () => {
    await world.addApplication("app_public", { type: "public", authMethod: "none", secrets: [] });
    const asPublic = (form: Record<string, string>) =>
      post(world, "/oauth/token", { client_id: "app_public", ...form });
    const code = await obtainCode(world, "app_public", "ann@example.com");
    const first = (await asPublic({ grant_type: "authorization_code", code, code_verifier: verifier })).json();
    const second = (await asPublic({ grant_type: "refresh_token", refresh_token: first.refresh_token })).json();
    expect(second.refresh_token).toMatch(/^sym_rt_/);
    expect(second.refresh_token).not.toBe(first.refresh_token);
  });
});

describe("RFC 9700 §4.14.2: a spent refresh token", () => {
  test("TK-11: gets the same successor until the successor is used", async () => {
    const [first, again] = [
      (await refresh(world, "app_one", tokens.refresh_token)).json(),
      (await refresh(world, "app_one", tokens.refresh_token)).json(),
    ];
    expect(again.refresh_token).toBe(first.refresh_token);
  });
  test("TK-10: is refused long after its successor was used, and the grant is revoked", async () => {
    const next = (await refresh(world, "app_one", tokens.refresh_token)).json();
    const last = (await refresh(world, "app_one", next.refresh_token)).json();
    expect(await ask(last.access_token)).toMatchObject({ active: true });
    world.advance(300);
    expect(await refresh(world, "app_one", tokens.refresh_token)).toMatchObject(refused);
    expect(await ask(last.access_token)).toEqual({ active: false });
    expect(await refresh(world, "app_one", last.refresh_token)).toMatchObject(refused);
  });
});

describe("AP-20, RFC 8707 §2.2: the audience of a token stays within the consent", () => {
  test("another registered resource is invalid_target and consumes nothing", async () => {
    expect((await refresh(world, "app_one", tokens.refresh_token, { resource: files })).json()).toMatchObject({
      error: "invalid_target",
    });
    expect(await refresh(world, "app_one", tokens.refresh_token)).toMatchObject({ status: 200 });
  });
  test("the consented resource stays the audience", async () => {
    const named = (await refresh(world, "app_one", tokens.refresh_token, { resource: api })).json();
    expect((await ask(named.access_token)).aud).toBe(api);
    const unnamed = (await refresh(world, "app_one", named.refresh_token)).json();
    expect((await ask(unnamed.access_token)).aud).toBe(api);
  });
});
