import { beforeEach, describe, expect, test } from "vitest";
import type { MaybePromise } from "../store/contract.ts";
import { introspect, obtainTokens, post, refresh, revoke } from "../../test/flows.ts";
import { basic, makeWorld, secret, type World } from "../../test/world.ts";

let world: World;
let tokens: { access_token: string; refresh_token: string };
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addApplication("app_two");
  await world.addApplication("app_public", { type: "public", authMethod: "none", secrets: [] });
  await world.addAccount("ann@example.com");
  await world.addResourceServer("rs_api", "https://api.example/");
  await world.addResourceServer("rs_files", "https://files.example/");
  tokens = await obtainTokens(world, "app_one", "ann@example.com", { resource: "https://api.example/" });
});

const inactive = { status: 200, body: '{"active":false}' };
const asApi = { authorization: basic("rs_api") };
const ask = (form: Record<string, string>, headers: Record<string, string> = asApi) =>
  post(world, "/oauth/introspect", form, headers);

describe("RFC 7662 §2.1: the request", () => {
  test("IN-10: GET is 405, and a token in the query is ignored", async () => {
    const answer = await world.app.inject({
      method: "GET",
      url: `/oauth/introspect?token=${tokens.access_token}`,
      headers: { host: "localhost:8787", ...asApi },
    });
    expect(answer).toMatchObject({ statusCode: 405 });
    expect(await post(world, `/oauth/introspect?token=${tokens.access_token}`, "", asApi)).toMatchObject({
      status: 400,
    });
  });
  test("requires a token", async () =>
    expect(await ask({})).toMatchObject({ status: 400, body: expect.stringContaining('"invalid_request"') }));
  test.each(["access_token", "refresh_token", "nonsense", "[]"])(
    "IN-06: the hint %s changes nothing",
    async (token_type_hint) => {
      expect((await ask({ token: tokens.access_token, token_type_hint })).json()).toMatchObject({ active: true });
      expect(await ask({ token: "x", token_type_hint })).toMatchObject(inactive);
    },
  );
  test("may come from a resource server, the application itself or a bearer of its token", async () => {
    for (const headers of [
      asApi,
      { authorization: basic("app_one") },
      { authorization: `Bearer ${tokens.access_token}` },
    ])
      expect((await ask({ token: tokens.access_token }, headers)).json()).toMatchObject({
        active: true,
        client_id: "app_one",
        token_type: "Bearer",
      });
  });
});

describe("IN-01, RFC 7662 §2.3: bad credentials", () => {
  test.each([
    ["none", {}, {}],
    ["a wrong secret", {}, { authorization: basic("rs_api", "wrong") }],
    ["an unknown resource server", {}, { authorization: basic("rs_none") }],
    ["a public client", { client_id: "app_public" }, {}],
    ["a confidential client without its secret", { client_id: "app_one" }, {}],
    ["a dead bearer", {}, { authorization: "Bearer sym_at_x" }],
    ["a public client with a secret", { client_id: "app_public", client_secret: secret }, {}],
  ])("%s is 401, without a word about the token", async (_, form, headers) => {
    const answer = await ask({ token: tokens.access_token, ...form }, headers as Record<string, string>);
    expect(answer.status).toBe(401);
    expect(answer.json()).not.toHaveProperty("active");
  });
});

describe("IN-04, RFC 7662 §2.2: every inactive token gets the same answer", () => {
  test.each(["", "sym_at_", "abc", "sym_at_".padEnd(71, "A"), "%00", "é"].filter((text) => text !== ""))(
    "malformed: %s",
    async (token) => expect(await ask({ token })).toMatchObject(inactive),
  );
  test.each([
    ["cut short", (text: string) => text.slice(0, -1)],
    ["padded", (text: string) => `${text}=`],
    ["in spaces", (text: string) => ` ${text} `],
    ["in capitals", (text: string) => text.toUpperCase()],
    ["with another last character", (text: string) => text.slice(0, -1) + (text.endsWith("A") ? "B" : "A")],
  ])("TK-08: %s", async (_, spoil) => expect(await ask({ token: spoil(tokens.access_token) })).toMatchObject(inactive));
  test("IN-07: a refresh token, also with the prefix of an access token", async () => {
    expect(await ask({ token: tokens.refresh_token })).toMatchObject(inactive);
    expect(await ask({ token: tokens.refresh_token.replace("sym_rt_", "sym_at_") })).toMatchObject(inactive);
  });
  test("expired, in the second of its expiry", async () => {
    world.advance(599);
    expect((await ask({ token: tokens.access_token })).json()).toMatchObject({ active: true });
    world.advance(1);
    expect(await ask({ token: tokens.access_token })).toMatchObject(inactive);
  });
  test("revoked alone, and with its grant", async () => {
    const next = (await refresh(world, "app_one", tokens.refresh_token)).json();
    await revoke(world, "app_one", tokens.access_token);
    expect(await ask({ token: tokens.access_token })).toMatchObject(inactive);
    expect((await ask({ token: next.access_token })).json()).toMatchObject({ active: true });
    await revoke(world, "app_one", next.refresh_token);
    expect(await ask({ token: next.access_token })).toMatchObject(inactive);
  });
  test("the answer must not be stored", async () =>
    expect((await ask({ token: "x" })).headers["cache-control"]).toBe("no-store"));
});

describe("RFC 7662 §4: each caller sees only its own tokens", () => {
  test("IN-02: a resource server gets no answer about a token for another", async () =>
    expect(await introspect(world, "rs_files", tokens.access_token)).toMatchObject(inactive));
  test("IN-03: nor does an application about the token of another, nor a bearer", async () => {
    expect(await introspect(world, "app_two", tokens.access_token)).toMatchObject(inactive);
    const other = await obtainTokens(world, "app_two", "ann@example.com");
    expect(await ask({ token: tokens.access_token }, { authorization: `Bearer ${other.access_token}` })).toMatchObject(
      inactive,
    );
  });
  test.each<[source: string, cut: (world: World) => unknown]>([
    [
      "the application suspended",
      ({ store: { applications } }) => override(applications, (application) => ({ ...application, suspendedAt: 1 })),
    ],
    ["the application gone", ({ store: { applications } }) => override(applications, () => undefined)],
    [
      "the owner suspended",
      ({ store: { accounts } }) => override(accounts, (account) => ({ ...account, suspendedAt: 1 })),
    ],
    ["the owner gone", ({ store: { accounts } }) => override(accounts, () => undefined)],
    ["the grant gone", ({ store: { grants } }) => override(grants, () => undefined)],
    [
      "the grant revoked",
      ({ store: { grants } }) => override(grants, (grant) => ({ ...grant, state: "revoked" as const, revokedAt: 1 })),
    ],
    [
      "the grant expired",
      ({ store: { grants } }) => override(grants, (grant) => ({ ...grant, expiresAt: world.now() })),
    ],
  ])("IN-09: %s, that alone makes it inactive", async (_, cut) => {
    expect((await ask({ token: tokens.access_token })).json()).toMatchObject({ active: true });
    cut(world);
    expect(await ask({ token: tokens.access_token })).toMatchObject(inactive);
  });
});

/** From now on the store finds its rows changed. */
function override<Id, Row>(
  rows: { find: (id: Id) => MaybePromise<Row | undefined> },
  change: (row: Row) => Row | undefined,
): void {
  const find = rows.find.bind(rows);
  rows.find = async (id) => {
    const row = await find(id);
    return row === undefined ? undefined : change(row);
  };
}
