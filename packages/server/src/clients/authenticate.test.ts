import { Sealed, type ClientId } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { introspect, post } from "../../test/flows.ts";
import { basic, makeWorld, secret, type World } from "../../test/world.ts";
import type { Application } from "../applications/application.ts";
import { secretSlot } from "./secret-slot.ts";

const credentials = { grant_type: "client_credentials" };
const app = "app" as ClientId;

async function worldWithApp(overrides: Partial<Application> = {}): Promise<World> {
  const world = await makeWorld();
  await world.addApplication("app", overrides);
  return world;
}

const byHeader = (world: World, text = secret, id = "app") =>
  post(world, "/oauth/token", credentials, { authorization: basic(id, text) });
const byBody = (world: World, text = secret, id = "app") =>
  post(world, "/oauth/token", { ...credentials, client_id: id, client_secret: text });
const slot = (world: World, text: string) => secretSlot(world.keyring, app, new Sealed(text), 0);

describe("CA-12, RFC 6749 §5.2: a wrong secret and an unknown client get the same answer", () => {
  const first = `X${secret.slice(1)}`;
  const last = `${secret.slice(0, -1)}X`;
  test.each([
    ["header", byHeader],
    ["body", byBody],
  ] as const)("in the %s", async (_where, ask) => {
    const world = await worldWithApp({ authMethod: ask === byHeader ? "client_secret_basic" : "client_secret_post" });
    const { status, headers, body } = await ask(world, "wrong");
    const { date: _, ...expected } = headers;
    expect([status, JSON.parse(body).error]).toEqual([401, "invalid_client"]);
    for (const [text, id] of [
      [first, "app"],
      [last, "app"],
      [secret.slice(1), "app"],
      [`${secret}x`, "app"],
      [secret, "app_unknown"],
      ["wrong", "app_unknown"],
    ] as const) {
      const other = await ask(world, text, id);
      const { date: __, ...theirs } = other.headers;
      expect({ status: other.status, headers: theirs, body: other.body }).toEqual({ status, headers: expected, body });
    }
  });

  test("CA-14, RFC 9110 §15.5.2: a refused client is challenged, wherever its credentials were", async () => {
    const world = await worldWithApp();
    for (const { status, headers } of [
      await byHeader(world, "wrong"),
      await byBody(world, "wrong"),
      await post(world, "/oauth/token", credentials),
    ]) {
      expect(status).toBe(401);
      expect(headers["www-authenticate"]).toBe('Basic realm="symbolon", charset="UTF-8"');
    }
  });

  test("the event has the reason that the answer hides, and not the secret", async () => {
    const world = await worldWithApp();
    await byHeader(world, "a-wrong-secret");
    await byHeader(world, secret, "app_unknown");
    await byBody(world);
    expect(world.events).toMatchObject([
      { reason: "client_secret_wrong" },
      { reason: "client_unknown" },
      { reason: "client_method_mismatch" },
    ]);
    expect(JSON.stringify(world.events)).not.toMatch(/a-wrong-secret|test-secret/);
  });
});

describe("CA-06, RFC 6749 §2.3.1: the header is form-decoded after strict base64", () => {
  test.each([
    ["a:b", "a%3Ab"],
    ["50 %", "50+%25"],
    ["sécret", "s%C3%A9cret"],
    ["a+b", "a%2Bb"],
  ])("the secret %j is sent as %j", async (text, sent) => {
    const world = await worldWithApp();
    await world.store.applications.setSecrets(app, [slot(world, text)], null);
    expect((await byHeader(world, sent)).status).toBe(200);
  });

  test("100 kB are refused", async () =>
    expect((await byHeader(await worldWithApp(), "a".repeat(100_000))).status).toBe(401));
});

describe("CA-13: two secrets during a rotation", () => {
  test("both work; a removed secret stops working at once", async () => {
    const world = await worldWithApp();
    await world.store.applications.setSecrets(
      app,
      [slot(world, "new-secret"), slot(world, secret)],
      "client_secret_basic",
    );
    expect([(await byHeader(world, "new-secret")).status, (await byHeader(world)).status]).toEqual([200, 200]);
    await world.store.applications.setSecrets(app, [slot(world, "new-secret")], "client_secret_basic");
    expect([(await byHeader(world, "new-secret")).status, (await byHeader(world)).status]).toEqual([200, 401]);
  });

  test("without a secret nothing works, not even an empty secret", async () => {
    const world = await worldWithApp();
    await world.store.applications.setSecrets(app, [], "client_secret_basic");
    expect([(await byHeader(world)).status, (await byHeader(world, "")).status]).toEqual([401, 401]);
  });
});

describe("CA-04: the first method that succeeds is bound to the application", () => {
  test.each([
    ["client_secret_basic", byHeader, byBody],
    ["client_secret_post", byBody, byHeader],
  ] as const)("%s", async (method, first, other) => {
    const world = await worldWithApp({ authMethod: null });
    expect((await first(world)).status).toBe(200);
    expect(world.events).toContainEqual({ name: "client.auth_method_bound", client: "app", method });
    expect((await other(world)).status).toBe(401);
    expect((await first(world)).status).toBe(200);
    expect((await world.store.applications.find(app))?.authMethod).toBe(method);
    expect(world.eventNames().filter((name) => name === "client.auth_method_bound")).toHaveLength(1);
  });

  test("a wrong secret binds nothing", async () => {
    const world = await worldWithApp({ authMethod: null });
    await byBody(world, "wrong");
    expect((await world.store.applications.find(app))?.authMethod).toBeNull();
  });

  test("a client_id alone binds nothing: a confidential application never becomes public", async () => {
    const world = await worldWithApp({ authMethod: null });
    expect((await post(world, "/oauth/token", { ...credentials, client_id: "app" })).status).toBe(401);
    expect((await world.store.applications.find(app))?.authMethod).toBeNull();
  });

  test("of both at once one is bound, and the other is refused from then on", async () => {
    const world = await worldWithApp({ authMethod: null });
    const statuses = (await Promise.all([byHeader(world), byBody(world)])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 401]);
  });

  test("a public client that sends a secret is refused", async () => {
    const world = await worldWithApp({ type: "public", authMethod: "none", secrets: [] });
    expect([(await byHeader(world)).status, (await byBody(world)).status]).toEqual([401, 401]);
  });
});

describe("RFC 7662 §2.1: a resource server authenticates too", () => {
  test.each([
    ["by header", {}, { authorization: basic("rs_api") }, 200],
    ["in the body", { client_id: "rs_api", client_secret: secret }, {}, 200],
    ["with its id alone", { client_id: "rs_api" }, {}, 401],
    ["with a wrong secret", {}, { authorization: basic("rs_api", "wrong") }, 401],
    ["unknown", {}, { authorization: basic("rs_none") }, 401],
  ] as const)("%s", async (_how, form, headers, status) => {
    const world = await worldWithApp();
    await world.addResourceServer("rs_api");
    expect((await post(world, "/oauth/introspect", { token: "x", ...form }, headers)).status).toBe(status);
  });

  test("but it is not an application: it gets and revokes no token", async () => {
    const world = await worldWithApp();
    await world.addResourceServer("rs_api");
    expect((await introspect(world, "rs_api", "x")).body).toBe('{"active":false}');
    expect((await byHeader(world, secret, "rs_api")).status).toBe(401);
    expect((await post(world, "/oauth/revoke", { token: "x" }, { authorization: basic("rs_api") })).status).toBe(401);
  });
});
