import { Sealed, type ClientId } from "@symbolon/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { editRow } from "@symbolon/testing";
import { post } from "../../test/flows.ts";
import { basic, makeWorld, secret, type World } from "../../test/world.ts";
import { secretSlot } from "./secret-slot.ts";

/** What the log says about each client authentication that fails, and how long its caller waits (RFC 6749 §5.2). */
let world: World;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app");
  await world.addApplication("posted", { authMethod: "client_secret_post" });
  await world.addApplication("suspended", { suspendedAt: 1 });
  await world.addResourceServer("rs_api");
});

const paths = { token: "/oauth/token", introspect: "/oauth/introspect" };
type Sent = { path: keyof typeof paths; authorization?: string; form?: Record<string, string> };
const send = ({ path, authorization, form }: Sent) =>
  post(
    world,
    paths[path],
    { grant_type: "client_credentials", token: "x", ...form },
    authorization === undefined ? {} : { authorization },
  );
const failure = () => world.events.find(({ name }) => name === "client.auth_failed");

describe("a failed client authentication is in the log with its reason, endpoint, network and client", () => {
  test.for<[string, Sent, string, string | undefined]>([
    ["no credentials", { path: "token" }, "client_authentication_missing", undefined],
    [
      "an id that no client can have",
      { path: "token", authorization: basic("a".repeat(256)) },
      "client_unknown",
      undefined,
    ],
    ["an unknown client", { path: "token", authorization: basic("none") }, "client_unknown", "none"],
    ["a wrong secret", { path: "token", authorization: basic("app", "wrong") }, "client_secret_wrong", "app"],
    ["no secret", { path: "token", form: { client_id: "app" } }, "client_secret_missing", "app"],
    ["the other method", { path: "token", authorization: basic("posted") }, "client_registered_for_post", "posted"],
    ["a suspended client", { path: "token", authorization: basic("suspended") }, "client_suspended", "suspended"],
    [
      "an unknown resource server",
      { path: "introspect", authorization: basic("rs_none") },
      "client_unknown",
      "rs_none",
    ],
    [
      "a resource server's wrong secret",
      { path: "introspect", authorization: basic("rs_api", "wrong") },
      "client_secret_wrong",
      "rs_api",
    ],
    [
      "a resource server without its secret",
      { path: "introspect", form: { client_id: "rs_api" } },
      "client_secret_wrong",
      "rs_api",
    ],
  ])("%s", async ([, sent, reason, client]) => {
    await send(sent);
    expect(failure()).toEqual({
      name: "client.auth_failed",
      reason,
      endpoint: paths[sent.path],
      network: "127.0.0.1",
      ...(client === undefined ? {} : { client }),
    });
  });

  test("with the first 64 characters of a long client_id", async () => {
    await send({ path: "token", authorization: basic(`${"a".repeat(64)}b`) });
    expect(failure()).toMatchObject({ client: "a".repeat(64) });
  });
});

describe("OP-03, OP-13: which failures are counted", () => {
  /** What is counted as a failure while the requests are sent. */
  async function counted(...requests: Sent[]): Promise<string[]> {
    const keys: string[] = [];
    const { limiter } = world.deps;
    world.deps.limiter = {
      ...limiter,
      take: (name, key) => {
        if (name === "client_failures") keys.push(key);
        return limiter.take(name, key);
      },
    };
    for (const sent of requests) await send(sent);
    world.deps.limiter = limiter;
    return keys;
  }

  test("a failure is counted for its client and network", async () =>
    expect(await counted({ path: "token", authorization: basic("app", "wrong") })).toEqual(["app\u0000127.0.0.1"]));

  test("a request without an id, or with one that no client can have, is not", async () =>
    expect(await counted({ path: "token" }, { path: "token", authorization: basic("a".repeat(256)) })).toEqual([]));

  test("neither is the right secret, also by the other method", async () =>
    expect(
      await counted(
        { path: "token", authorization: basic("app") },
        { path: "token", authorization: basic("posted") },
        { path: "introspect", authorization: basic("rs_api") },
      ),
    ).toEqual([]));
});

test("CA-04: a client that is registered for the body passes with its secret there", async () => {
  const form = { client_id: "posted", client_secret: secret };
  expect((await send({ path: "token", form })).status).toBe(200);
  expect(failure()).toBeUndefined();
});

describe("CA-13: each slot of a client is compared", () => {
  test.for([0, 1, 2])("the right secret in slot %i is found", async (at) => {
    const id = "app" as ClientId;
    const texts = ["one", "two", "three"].map((text, index) => (index === at ? secret : text));
    const slots = texts.map((text) => secretSlot(world.keyring, id, new Sealed(text), 0));
    await editRow(world.store.applications, id, { secrets: slots, authMethod: null });
    expect((await send({ path: "token", authorization: basic("app") })).status).toBe(200);
    expect((await send({ path: "token", authorization: basic("app", "four") })).status).toBe(401);
  });

  test("a digest is bound to its client: copied to another row it opens nothing", async () => {
    const slots = [secretSlot(world.keyring, "app" as ClientId, new Sealed(secret), 0)];
    await editRow(world.store.applications, "posted" as ClientId, { secrets: slots, authMethod: null });
    expect((await send({ path: "token", authorization: basic("posted") })).status).toBe(401);
  });
});
