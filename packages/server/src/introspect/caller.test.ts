import { beforeAll, describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { introspect, obtainTokens, post } from "../../test/flows.ts";
import { basic, makeWorld, secret, type World } from "../../test/world.ts";

const api = "https://api.example";
let world: World;
let token: string;
let ofTwo: string;
let bound: string;
beforeAll(async () => {
  world = await makeWorld();
  const isPublic = { type: "public", authMethod: "none", secrets: [] } as const;
  await world.addApplication("app_one");
  await world.addApplication("app_two");
  await world.addApplication("app_suspended", { suspendedAt: 1 });
  await world.addApplication("app_post", { authMethod: "client_secret_post" });
  await world.addApplication("app_public", isPublic);
  await world.addResourceServer("rs_any");
  await world.addResourceServer("rs_api", api);
  await world.addResourceServer("rs_other", "https://other.example");
  await world.addAccount("ann@example.com");
  token = (await obtainTokens(world, "app_one", "ann@example.com")).access_token;
  ofTwo = (await obtainTokens(world, "app_two", "ann@example.com")).access_token;
  bound = (await obtainTokens(world, "app_one", "ann@example.com", { resource: api, prompt: "consent" })).access_token;
});

const ask = (headers: Record<string, string>, form: Record<string, string> = {}, path = "/oauth/introspect") =>
  post(world, path, { token, tokens: token, ...form }, headers);
const unsure = { active: false };

describe("RFC 7662 §2.1: three kinds of callers", () => {
  test.each<[string, Record<string, string>, Record<string, string>]>([
    ["a resource server by header", { authorization: basic("rs_any") }, {}],
    ["a resource server in the body", {}, { client_id: "rs_any", client_secret: secret }],
    ["the application itself by header", { authorization: basic("app_one") }, {}],
  ])("%s", async (_, headers, form) =>
    expect((await ask(headers, form)).json()).toMatchObject({ active: true, client_id: "app_one" }),
  );

  test("the bearer of a token of the same application, as Fitbit allows", async () => {
    const other = (await obtainTokens(world, "app_one", "ann@example.com")).access_token;
    expect((await ask({ authorization: `Bearer ${other}` })).json()).toMatchObject({ active: true });
    expect((await ask({ authorization: `bearer ${token}` })).json()).toMatchObject({ active: true });
    expect((await ask({ authorization: `Bearer  ${token}` })).json()).toMatchObject({ active: true });
  });
  test("an application that authenticates in the body", async () => {
    const grant = await post(world, "/oauth/token", {
      grant_type: "client_credentials",
      client_id: "app_post",
      client_secret: secret,
    });
    expect(
      (await ask({}, { client_id: "app_post", client_secret: secret, token: grant.json().access_token })).json(),
    ).toMatchObject({ active: true });
  });
});

describe.each(["/oauth/introspect", "/oauth/introspect/batch"])(
  "IN-01, RFC 7662 §2.1, §2.3, §4: other callers are refused at %s",
  (path) => {
    test.each<[string, Record<string, string>, Record<string, string>, string]>([
      ["no credentials", {}, {}, "invalid_client"],
      ["a public application with its id alone", {}, { client_id: "app_public" }, "invalid_client"],
      ["a confidential application with its id alone", {}, { client_id: "app_one" }, "invalid_client"],
      ["a resource server with its id alone", {}, { client_id: "rs_any" }, "invalid_client"],
      ["an application with a wrong secret", { authorization: basic("app_one", "wrong") }, {}, "invalid_client"],
      ["a resource server with a wrong secret", { authorization: basic("rs_any", "wrong") }, {}, "invalid_client"],
      ["a resource server that is unknown", { authorization: basic("rs_none") }, {}, "invalid_client"],
      ["an application that is unknown", { authorization: basic("app_none") }, {}, "invalid_client"],
      ["an application that is suspended", { authorization: basic("app_suspended") }, {}, "invalid_client"],
      [
        "an application by a method that is not its own",
        {},
        { client_id: "app_one", client_secret: secret },
        "invalid_client",
      ],
      ["a bearer whose token is forged", { authorization: `Bearer sym_at_${"A".repeat(64)}` }, {}, "invalid_token"],
      ["a scheme that is not ours", { authorization: "Digest x" }, {}, "invalid_client"],
    ])("%s: 401", async (_, headers, form, error) => {
      const answer = await ask(headers, form, path);
      expect(answer.status).toBe(401);
      expect(answer.json()).toMatchObject({ error });
      expect(Object.keys(answer.json())).toEqual(["error", "error_description", "error_uri"]);
      expect(answer.headers["cache-control"]).toBe("no-store");
    });

    test("CA-14: an unknown client, a wrong secret and a suspended application get the same bytes", async () => {
      const answers = [
        basic("app_one", "wrong"),
        basic("app_none"),
        basic("app_suspended"),
        basic("rs_any", "wrong"),
        basic("rs_none"),
      ].map((authorization) => ask({ authorization }, {}, path));
      const bodies = new Set(
        (await Promise.all(answers)).map(({ body, headers }) => `${body} ${headers["www-authenticate"]}`),
      );
      expect([...bodies]).toEqual([expect.stringContaining('Basic realm="symbolon"')]);
    });

    test.each<[string, () => Record<string, string>, Record<string, string>]>([
      [
        "Basic and another secret in the body",
        () => ({ authorization: basic("app_one") }),
        { client_id: "app_one", client_secret: "another" },
      ],
      [
        "a bearer and a secret in the body",
        () => ({ authorization: `Bearer ${token}` }),
        { client_id: "app_one", client_secret: secret },
      ],
      [
        "Basic of a resource server and the id of another",
        () => ({ authorization: basic("rs_any") }),
        { client_id: "rs_api" },
      ],
    ])("CA-01: %s are two methods at once", async (_, headers, form) => {
      const answer = await ask(headers(), form, path);
      expect(answer.status).toBe(400);
      expect(answer.json()).toMatchObject({ error: "invalid_request" });
    });
  },
);

describe("RFC 7662 §2.1: a refused bearer gets a Bearer challenge", () => {
  test.each<[string, string, number, string]>([
    ["dead", `Bearer sym_at_${"A".repeat(64)}`, 401, 'Bearer realm="symbolon", error="invalid_token"'],
    ["malformed", "Bearer a b", 400, 'Bearer realm="symbolon", error="invalid_request"'],
  ])("%s", async (_, authorization, status, challenge) => {
    const answer = await ask({ authorization });
    expect(answer.status).toBe(status);
    expect(answer.headers["www-authenticate"]).toBe(challenge);
  });
  test("a refresh token is not accepted as bearer", async () => {
    const { refresh_token } = await obtainTokens(world, "app_one", "ann@example.com");
    expect((await ask({ authorization: `Bearer ${refresh_token}` })).status).toBe(401);
  });
});

describe("IN-02, IN-03, RFC 7662 §2.2, §4: each caller gets answers about its own tokens", () => {
  test.each<[string, string, () => string, boolean]>([
    ["an application, about another's token", "app_two", () => token, false],
    ["an application, about its own", "app_two", () => ofTwo, true],
    ["an application, about its own that is bound to an API", "app_one", () => bound, true],
    ["the resource server that a token is for", "rs_api", () => bound, true],
    ["a resource server that it is not for", "rs_other", () => bound, false],
    ["a resource server without an address, about a bound token", "rs_any", () => bound, false],
    ["any resource server, about a token that names no audience", "rs_other", () => token, true],
  ])("%s", async (_, caller, of, isSeen) => {
    const answer = await introspect(world, caller, of());
    expect(answer.status).toBe(200);
    if (isSeen) expect(answer.json()).toMatchObject({ active: true });
    else expect(answer.json()).toEqual(unsure);
  });
  test("a bearer of another application", async () =>
    expect((await ask({ authorization: `Bearer ${ofTwo}` })).json()).toEqual(unsure));
  test("a caller that may not see a token does not count as its first use", async () => {
    const fresh = (await obtainTokens(world, "app_one", "ann@example.com")).access_token;
    const id = world.keyring.read("access", new Sealed(fresh))!.grantId;
    await introspect(world, "app_two", fresh);
    expect((await world.store.grants.find(id))!.confirmedAt).toBeNull();
    await introspect(world, "app_one", fresh);
    expect((await world.store.grants.find(id))!.confirmedAt).toBe(world.now());
  });
});
