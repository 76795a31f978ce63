import { describe, expect, test } from "vitest";
import { obtainCode, obtainTokens, post, redeem, tokenInfo } from "../../test/flows.ts";
import { basic, makeWorld, redirectUri, secret, verifier, type World } from "../../test/world.ts";

type Call = { path: string; form: Record<string, string> };

/** Every request that authenticates a client, valid except for the credentials. */
const calls: Record<string, (world: World) => Promise<Call>> = {
  authorization_code: async (world) => ({
    path: "/oauth/token",
    form: {
      grant_type: "authorization_code",
      code: await obtainCode(world, "app", "ann@app.example"),
      code_verifier: verifier,
      redirect_uri: redirectUri,
    },
  }),
  refresh_token: async (world) => ({
    path: "/oauth/token",
    form: {
      grant_type: "refresh_token",
      refresh_token: (await obtainTokens(world, "app", "ann@app.example")).refresh_token,
    },
  }),
  client_credentials: async () => ({ path: "/oauth/token", form: { grant_type: "client_credentials" } }),
  revoke: async (world) => ({
    path: "/oauth/revoke",
    form: { token: (await obtainTokens(world, "app", "ann@app.example")).refresh_token },
  }),
  introspect: async (world) => ({
    path: "/oauth/introspect",
    form: { token: (await obtainTokens(world, "app", "ann@app.example")).access_token },
  }),
  "introspect/batch": async (world) => ({
    path: "/oauth/introspect/batch",
    form: { tokens: (await obtainTokens(world, "app", "ann@app.example")).access_token },
  }),
};

/** Every way to fail client authentication. */
const impostors: [string, Record<string, string>, Record<string, string>, number, string][] = [
  ["CA-05: nothing", {}, {}, 401, "invalid_client"],
  ["CA-05: the client_id alone", { client_id: "app" }, {}, 401, "invalid_client"],
  ["CA-05: an empty secret in the body", { client_id: "app", client_secret: "" }, {}, 401, "invalid_client"],
  ["CA-05: an empty secret in the header", {}, { authorization: basic("app", "") }, 401, "invalid_client"],
  ["CA-05: a wrong secret in the header", {}, { authorization: basic("app", "wrong") }, 401, "invalid_client"],
  ["CA-05: the secret of an unknown client", {}, { authorization: basic("app_unknown") }, 401, "invalid_client"],
  [
    "CA-04: the right secret in the body, though the header is registered",
    { client_id: "app", client_secret: secret },
    {},
    401,
    "invalid_client",
  ],
  [
    "CA-01: two methods at once, with different secrets",
    { client_id: "app", client_secret: "another" },
    { authorization: basic("app") },
    400,
    "invalid_request",
  ],
  [
    "CA-02: another client_id in the body",
    { client_id: "other" },
    { authorization: basic("app") },
    400,
    "invalid_request",
  ],
  ["CA-06: base64 that needs mending", {}, { authorization: `${basic("app")}!!` }, 401, "invalid_client"],
];

describe.each(Object.keys(calls))("CA-01, CA-02, CA-04, CA-05, CA-06: failed client authentication, at %s", (name) => {
  test("accepts the request of the application itself", async () => {
    const { world, call } = await prepared(name);
    expect((await post(world, call.path, call.form, { authorization: basic("app") })).status).toBe(200);
  });

  test.each(impostors)("%s: refused, and nothing changed", async (_what, more, headers, status, error) => {
    const { world, call } = await prepared(name);
    const before = await world.store.grants.list({ limit: 10 });
    const from = world.events.length;
    const answer = await post(world, call.path, { ...call.form, ...more }, headers);
    expect([answer.status, answer.json().error]).toEqual([status, error]);
    expect(answer.body).not.toContain("active");
    expect(world.events.slice(from).map((event) => event.name)).toContain("client.auth_failed");
    expect(await world.store.grants.list({ limit: 10 })).toEqual(before);
  });

  test("CA-03: credentials in the query are refused unread", async () => {
    const { world, call } = await prepared(name);
    const answer = await post(world, `${call.path}?client_id=app&client_secret=${secret}`, call.form);
    expect([answer.status, answer.json().error]).toEqual([400, "invalid_request"]);
    expect(JSON.stringify([answer.body, world.events])).not.toContain(secret);
  });
});

async function prepared(name: string): Promise<{ world: World; call: Call }> {
  const world = await makeWorld();
  await world.addApplication("app");
  await world.addApplication("other");
  await world.addAccount("ann@app.example");
  return { world, call: await calls[name]!(world) };
}

describe("AP-09, WB-17: a suspended application", () => {
  test.each(Object.keys(calls))("is refused at %s, and its tokens are inactive", async (name) => {
    const { world, call } = await prepared(name);
    const { access_token } = (
      await redeem(world, "app", await obtainCode(world, "app", "ann@app.example", { prompt: "consent" }))
    ).json();
    expect((await tokenInfo(world, access_token)).status).toBe(200);
    suspend(world);
    const answer = await post(world, call.path, call.form, { authorization: basic("app") });
    expect([answer.status, answer.json().error]).toEqual([401, "invalid_client"]);
    expect(world.events.find((event) => event.name === "client.auth_failed")).toMatchObject({
      reason: "client_suspended",
    });
    expect((await tokenInfo(world, access_token)).status).toBe(401);
  });

  test("is not revealed to a caller without its secret", async () => {
    const { world, call } = await prepared("client_credentials");
    suspend(world);
    await post(world, call.path, call.form, { authorization: basic("app", "wrong") });
    expect(world.events.at(-1)).toMatchObject({ reason: "client_secret_wrong" });
  });
});

function suspend(world: World): void {
  const { applications } = world.store;
  const find = applications.find.bind(applications);
  applications.find = async (id) => {
    const application = await find(id);
    return application === undefined ? undefined : { ...application, suspendedAt: world.now() };
  };
}
