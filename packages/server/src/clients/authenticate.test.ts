import { Sealed, type ClientId } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { editRow } from "@symbolon/testing";
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
    const { date: _, "request-id": _id, ...expected } = headers;
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
      const { date: __, "request-id": __id, ...theirs } = other.headers;
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
      { reason: "client_registered_for_basic" },
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
    await editRow(world.store.applications, app, { secrets: [slot(world, text)], authMethod: null });
    expect((await byHeader(world, sent)).status).toBe(200);
  });

  test("100 kB are refused", async () =>
    expect((await byHeader(await worldWithApp(), "a".repeat(100_000))).status).toBe(401));
});

describe("CA-13: two secrets during a rotation", () => {
  test("both work; a removed secret stops working at once", async () => {
    const world = await worldWithApp();
    await editRow(world.store.applications, app, {
      secrets: [slot(world, "new-secret"), slot(world, secret)],
      authMethod: "client_secret_basic",
    });
    expect([(await byHeader(world, "new-secret")).status, (await byHeader(world)).status]).toEqual([200, 200]);
    await editRow(world.store.applications, app, {
      secrets: [slot(world, "new-secret")],
      authMethod: "client_secret_basic",
    });
    expect([(await byHeader(world, "new-secret")).status, (await byHeader(world)).status]).toEqual([200, 401]);
  });

  test("without a secret nothing works, not even an empty secret", async () => {
    const world = await worldWithApp();
    await editRow(world.store.applications, app, { secrets: [], authMethod: "client_secret_basic" });
    expect([(await byHeader(world)).status, (await byHeader(world, "")).status]).toEqual([401, 401]);
  });
});

describe("CA-04, RFC 6749 §2.3.1: an application without a registered method may use either", () => {
  test("header and body, in any order, again and again", async () => {
    const world = await worldWithApp({ authMethod: null });
    for (const ask of [byHeader, byBody, byBody, byHeader]) expect((await ask(world)).status).toBe(200);
    expect((await Promise.all([byHeader(world), byBody(world)])).map(({ status }) => status)).toEqual([200, 200]);
  });

  test("a client that tries the header with a wrong secret first is let in with the right one in the body", async () => {
    const world = await worldWithApp({ authMethod: null });
    expect([(await byHeader(world, "wrong")).status, (await byBody(world)).status]).toEqual([401, 200]);
  });

  test("a client_id alone is refused: a confidential application never becomes public", async () => {
    const world = await worldWithApp({ authMethod: null });
    expect((await post(world, "/oauth/token", { ...credentials, client_id: "app" })).status).toBe(401);
    expect((await byHeader(world, "")).status).toBe(401);
    expect(world.events).toMatchObject([{ reason: "client_secret_missing" }, { reason: "client_secret_missing" }]);
  });
});

describe("CA-04, RFC 7591 §2: an application with a registered method uses that one", () => {
  test.each([
    ["client_secret_basic", byBody, "client_registered_for_basic"],
    ["client_secret_post", byHeader, "client_registered_for_post"],
  ] as const)("with the right secret by another way it is told: %s", async (method, ask, reason) => {
    const world = await worldWithApp({ authMethod: method });
    const answer = await ask(world);
    expect([answer.status, answer.json().error]).toEqual([401, "invalid_client"]);
    expect(answer.json().error_description).toContain(method);
    expect(world.events).toMatchObject([{ name: "client.auth_failed", reason }]);
  });

  test.each([
    ["client_secret_basic", byBody],
    ["client_secret_post", byHeader],
  ] as const)("with a wrong secret it is told nothing: %s", async (method, ask) => {
    const world = await worldWithApp({ authMethod: method });
    expect((await ask(world, "wrong")).body).toBe((await ask(world, secret, "app_unknown")).body);
    expect((await ask(world, "wrong")).json().error_uri).toMatch(/\/errors\/invalid_client$/);
  });

  test.each(["client_secret_basic", "client_secret_post"] as const)(
    "the same credentials in header and body are accepted: %s",
    async (authMethod) => {
      const world = await worldWithApp({ authMethod });
      const body = { ...credentials, client_id: "app", client_secret: secret };
      expect((await post(world, "/oauth/token", body, { authorization: basic("app") })).status).toBe(200);
    },
  );

  test("a public client that sends a secret is refused", async () => {
    const world = await worldWithApp({ type: "public", authMethod: "none", secrets: [] });
    expect([(await byHeader(world)).status, (await byBody(world)).status]).toEqual([401, 401]);
  });

  test("RFC 7617 §2: a public client may send its id in the header, with an empty password", async () => {
    const world = await worldWithApp({ type: "public", authMethod: "none", secrets: [] });
    const asked = { grant_type: "refresh_token", refresh_token: "x" };
    for (const body of [asked, { ...asked, client_id: "app" }])
      expect((await post(world, "/oauth/token", body, { authorization: basic("app", "") })).json().error).toBe(
        "invalid_grant",
      );
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
