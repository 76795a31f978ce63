import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields } from "../../test/flows.ts";
import { basic, issuer, makeWorld, secret, type World } from "../../test/world.ts";
import { routes } from "../http/routes.ts";

/** V8 hashes a text of more than 16,383 characters by its length alone. Nothing near it may become a key. */
const longestKey = 2_100;
const long = (): string => randomBytes(10_000).toString("hex");

/** Every parameter that any endpoint reads, and one that none does. */
const parameters = [
  "client_id",
  "client_secret",
  "client_assertion",
  "client_assertion_type",
  "grant_type",
  "code",
  "code_verifier",
  "code_challenge",
  "code_challenge_method",
  "redirect_uri",
  "refresh_token",
  "refresh_intent",
  "token",
  "token_type_hint",
  "tokens",
  "scope",
  "resource",
  "expires_in",
  "state",
  "response_type",
  "response_mode",
  "prompt",
  "max_age",
  "login_hint",
  "request",
  "request_uri",
  "transaction",
  "csrf",
  "email",
  "password",
  "decision",
  "unknown_parameter",
] as const;

const headers = [
  "authorization",
  "cookie",
  "host",
  "x-forwarded-for",
  "x-request-id",
  "origin",
  "accept",
  "user-agent",
] as const;

let world: World;
let keys: unknown[];
const methods = [
  [Map.prototype, ["get", "set", "has", "delete"]],
  [Set.prototype, ["add", "has", "delete"]],
] as const;
const originals = methods.flatMap(([prototype, names]) =>
  names.map((name) => [prototype, name, Reflect.get(prototype, name)] as const),
);

beforeEach(async () => {
  world = await makeWorld({ config: { trustedProxies: ["127.0.0.1"] } });
  await world.addApplication("app");
  await world.addResourceServer("rs_api", "https://api.example");
  await world.addAccount("ann@example.com");
  keys = [];
  for (const [prototype, name, original] of originals)
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value(this: unknown, key: unknown, ...rest: unknown[]) {
        if (typeof key === "string" && key.length > longestKey) keys.push(`${name}: ${key.slice(0, 20)}`);
        return Reflect.apply(original, this, [key, ...rest]);
      },
    });
});
afterEach(() => {
  for (const [prototype, name, value] of originals)
    Object.defineProperty(prototype, name, { configurable: true, writable: true, value });
});

/** The fields that lead a request past the first checks. */
const goodFields = (path: string): Record<string, string> =>
  path.endsWith("/authorize")
    ? Object.fromEntries(new URL(authorizeUrl("app"), issuer).searchParams)
    : { grant_type: "refresh_token", refresh_token: "x", token: "x", tokens: "x" };

const formPaths = Object.values(routes).flatMap((route) => ("POST" in route ? [route.path.replace("{base}", "")] : []));

describe("HT-15: no Map and no Set receives a long key", () => {
  test.each(formPaths.flatMap((path) => parameters.map((name) => [path, name] as const)))(
    "at %s, from the parameter %s",
    async (path, name) => {
      const send = (authorization: Record<string, string>) =>
        world.app.inject({
          method: "POST",
          url: path,
          headers: {
            host: "localhost:8787",
            "content-type": "application/x-www-form-urlencoded",
            ...authorization,
          },
          payload: new URLSearchParams({ ...goodFields(path), [name]: long() }).toString(),
        });
      await send({});
      await send({ authorization: basic(path.includes("introspect") ? "rs_api" : "app") });
      await send({ authorization: basic("unknown") });
      expect(keys).toEqual([]);
    },
  );

  test.each(formPaths)(
    "at %s, from the name of a parameter, of a cookie, or of an id of a resource server",
    async (path) => {
      const url = { method: "POST", url: path } as const;
      const type = { host: "localhost:8787", "content-type": "application/x-www-form-urlencoded" };
      await world.app.inject({ ...url, headers: type, payload: `${long()}=1&token=x` });
      await world.app.inject({ ...url, headers: { ...type, cookie: `${long()}=1` }, payload: "token=x" });
      await world.app.inject({
        ...url,
        headers: type,
        payload: `client_id=rs_${long()}&client_secret=${secret}&token=x`,
      });
      expect(keys).toEqual([]);
    },
  );

  test.each(headers)("from the header %s", async (name) => {
    for (const value of [long(), `Bearer ${long()}`, `Basic ${Buffer.from(`${long()}:x`).toString("base64")}`])
      for (const route of Object.values(routes))
        await world.app.inject({
          method: "POST" in route ? "POST" : "GET",
          url: route.path.replace("{base}", "").replace(":name", "x") || "/",
          headers: {
            host: "localhost:8787",
            ...("POST" in route ? { "content-type": "application/x-www-form-urlencoded" } : {}),
            [name]: value,
          },
          ...("POST" in route ? { payload: "token=x" } : {}),
        });
    expect(keys).toEqual([]);
  });

  test("from the path", async () => {
    for (const url of ["/", "/errors/", "/assets/", "/oauth/token/"])
      await world.app.inject({ method: "GET", url: url + long(), headers: { host: "localhost:8787" } });
    expect(keys).toEqual([]);
  });

  test("from the fields of the sign-in form, a session or the cookie of a browser", async () => {
    const browser = browserOf(world);
    const fields = hiddenFields((await browser.get(authorizeUrl("app"))).body);
    for (const name of ["email", "password", "transaction", "csrf"])
      await browser.post("/oauth/sign-in", { ...fields, email: "ann@example.com", password: "wrong", [name]: long() });
    for (const name of ["symbolon-session", "symbolon-browser", "symbolon-device"])
      await browser.get(authorizeUrl("app"), { cookie: `${name}=${long()}` });
    expect(keys).toEqual([]);
  });
});
