import { describe, expect, test } from "vitest";
import { obtainCode, post } from "../../test/flows.ts";
import { basic, makeWorld, redirectUri, secret, verifier, type World } from "../../test/world.ts";

const credentials = { grant_type: "client_credentials" };

async function worldWithApps(tokenRequestsPerMinute = 1_000_000): Promise<World> {
  const world = await makeWorld({ config: { tokenRequestsPerMinute } });
  await world.addApplication("app");
  await world.addApplication("other");
  await world.addResourceServer("rs_api");
  return world;
}

const ask = (world: World, id = "app", text = secret) =>
  post(world, "/oauth/token", credentials, { authorization: basic(id, text) });
const askFrom = async (world: World, remoteAddress: string, text = secret) => {
  const headers = {
    host: "localhost:8787",
    "content-type": "application/x-www-form-urlencoded",
    authorization: basic("app", text),
  };
  return (
    await world.app.inject({
      method: "POST",
      url: "/oauth/token",
      headers,
      payload: "grant_type=client_credentials",
      remoteAddress,
    })
  ).statusCode;
};

describe("RFC 6585 §4: requests of one client to the token endpoint", () => {
  test("a quarter of the limit per minute at once, then 429 with Retry-After, and success after that wait", async () => {
    const world = await worldWithApps(8);
    expect([(await ask(world)).status, (await ask(world)).status]).toEqual([200, 200]);
    const refused = await ask(world);
    expect([refused.status, refused.json().error, refused.headers["retry-after"]]).toEqual([
      429,
      "temporarily_unavailable",
      "8",
    ]);
    expect(world.events.at(-1)).toEqual({ name: "token.refused", reason: "client_too_fast", client: "app" });
    world.advance(7);
    expect((await ask(world)).status).toBe(429);
    world.advance(1);
    expect((await ask(world)).status).toBe(200);
  });

  test("one client does not slow another", async () => {
    const world = await worldWithApps(4);
    await ask(world);
    expect([(await ask(world)).status, (await ask(world, "other")).status]).toEqual([429, 200]);
  });

  test("requests that fail to authenticate do not count against the client", async () => {
    const world = await worldWithApps(4);
    for (let count = 0; count < 5; count++) await ask(world, "app", "wrong");
    expect((await ask(world)).status).toBe(200);
  });
});

describe("OP-03, RFC 6819 §4.3.5: guessing a client secret", () => {
  test.each([
    ["app", "/oauth/token"],
    ["app", "/oauth/revoke"],
    ["rs_api", "/oauth/introspect"],
    ["app_unknown", "/oauth/token"],
  ])("of %s at %s: 20 wrong ones, then 429 with Retry-After", async (id, path) => {
    const world = await worldWithApps();
    const guess = () => post(world, path, { ...credentials, token: "x" }, { authorization: basic(id, "wrong") });
    for (let count = 0; count < 20; count++) expect((await guess()).status).toBe(401);
    const refused = await guess();
    expect([refused.status, refused.headers["retry-after"]]).toEqual([429, "3"]);
    expect(world.events).toContainEqual(
      expect.objectContaining({
        name: "client.auth_failed",
        reason: "client_too_fast",
        endpoint: path,
        client: id,
      }),
    );
    world.advance(3);
    expect((await guess()).status).toBe(401);
  });

  test("refusals after too many do not make the wait longer", async () => {
    const world = await worldWithApps();
    for (let count = 0; count < 100; count++) await ask(world, "app", "wrong");
    world.advance(3);
    expect((await ask(world, "app", "wrong")).status).toBe(401);
  });

  test("slows guesses from one network only", async () => {
    const world = await worldWithApps();
    for (let count = 0; count < 20; count++) await askFrom(world, "192.0.2.1", "wrong");
    expect([await askFrom(world, "192.0.2.1", "wrong"), await askFrom(world, "192.0.2.2", "wrong")]).toEqual([
      429, 401,
    ]);
  });

  test("an IPv6 network is its first 64 bits", async () => {
    const world = await worldWithApps();
    for (let count = 0; count < 20; count++) await askFrom(world, `2001:db8:0:1::${count.toString(16)}`, "wrong");
    expect([
      await askFrom(world, "2001:db8:0:1:ffff::1", "wrong"),
      await askFrom(world, "2001:db8:0:2::1", "wrong"),
    ]).toEqual([429, 401]);
  });

  test("success of another client does not reset the count", async () => {
    const world = await worldWithApps();
    for (let count = 0; count < 20; count++) {
      await ask(world, "app", "wrong");
      await ask(world, "other");
    }
    expect((await ask(world, "app", "wrong")).status).toBe(429);
  });
});

describe("OP-13: wrong secrets for a public client_id do not keep out who has the right one", () => {
  const headersOf = (id: string): Record<string, string> => ({ authorization: basic(id) });

  test.each([
    ["an application", "/oauth/token", "app", credentials],
    ["an application that revokes", "/oauth/revoke", "app", { token: "x" }],
    ["a resource server", "/oauth/introspect", "rs_api", { token: "x" }],
    ["a resource server with a batch", "/oauth/introspect/batch", "rs_api", { tokens: "x" }],
    ["an application that introspects", "/oauth/introspect", "app", { token: "x" }],
  ])("%s at %s passes with it after any number of guesses from its own network", async (_, path, id, form) => {
    const world = await worldWithApps();
    const guesses = new Set<number>();
    for (let count = 0; count < 100; count++) {
      guesses.add((await post(world, path, form, { authorization: basic(id, `wrong ${count}`) })).status);
      guesses.add((await post(world, path, { ...form, client_id: id })).status);
    }
    expect(guesses).toEqual(new Set([401, 429]));
    expect((await post(world, path, form, headersOf(id))).status).toBe(200);
    expect((await post(world, path, form, { authorization: basic(id, "wrong") })).status).toBe(429);
  });

  test("a public application's token requests are counted per grant, so that requests without a token do not stop them", async () => {
    const world = await worldWithApps(4);
    const id = await world.addApplication("pub", { type: "public", authMethod: "none", secrets: [] });
    await world.addAccount("ann@example.com");
    const code = await obtainCode(world, id, "ann@example.com");
    const ask = (form: Record<string, string>) => post(world, "/oauth/token", { client_id: id, ...form });
    for (let count = 0; count < 20; count++)
      await ask({ grant_type: "refresh_token", refresh_token: `sym_rt_${count}` });
    expect((await ask({ grant_type: "refresh_token", refresh_token: "sym_rt_x" })).status).toBe(429);
    const redeemed = await ask({
      grant_type: "authorization_code",
      code,
      code_verifier: verifier,
      redirect_uri: redirectUri,
    });
    expect(redeemed.status).toBe(200);
    world.advance(60);
    const refresh = () => ask({ grant_type: "refresh_token", refresh_token: redeemed.json().refresh_token });
    expect([(await refresh()).status, (await refresh()).status]).toEqual([200, 429]);
  });
});
