import { beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, obtainTokens } from "../../test/flows.ts";
import { basic, makeWorld, secret, type World } from "../../test/world.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";

let world: World;
let accessToken: string;
beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app");
  await world.addApplication("app_post", { authMethod: "client_secret_post" });
  await world.addApplication("app_public", { type: "public", authMethod: "none", secrets: [] });
  await world.addApplication("app_suspended", { suspendedAt: 1 });
  await world.addAccount("ann@example.com");
  accessToken = (await obtainTokens(world, "app", "ann@example.com")).access_token;
});

const rows = Object.entries<Route>(routes);
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] as const;
const urlOf = ({ path }: Route): string => path.replace("{base}", "").replace(":name", "invalid_grant") || "/";

/** Ways to present credentials, good and bad. */
const credentials: Record<string, { authorization?: string; form?: Record<string, string> }> = {
  "without credentials": {},
  "with an empty Authorization": { authorization: "" },
  "with a wrong secret in the header": { authorization: basic("app", "wrong") },
  "with a wrong secret in the body": { form: { client_id: "app", client_secret: "wrong" } },
  "with the client_id alone": { form: { client_id: "app" } },
  "as a public client": { form: { client_id: "app_public" } },
  "as an unknown client": { form: { client_id: "app_unknown", client_secret: secret } },
  "with another method than the registered one": { authorization: basic("app_post") },
  "as a suspended client": { authorization: basic("app_suspended") },
  "with a client assertion": { form: { client_assertion: "x", client_id: "app" } },
  "with a broken Basic": { authorization: "Basic !" },
  "with another scheme": { authorization: "Digest x", form: { client_id: "app", client_secret: secret } },
  "with an unknown bearer": { authorization: "Bearer sym_at_x" },
  "with a malformed bearer": { authorization: "Bearer a b" },
  "as a client": { authorization: basic("app") },
  "as a resource server that does not exist": { authorization: basic("rs_none") },
};

const known = /^(Basic|Bearer) realm="symbolon"/;

async function send(method: string, route: Route, { authorization, form = {} }: (typeof credentials)[string]) {
  const answer = await world.app.inject({
    method: method as "GET",
    url: urlOf(route),
    headers: {
      host: "localhost:8787",
      ...(authorization === undefined ? {} : { authorization }),
      ...(method === "POST" ? { "content-type": "application/x-www-form-urlencoded" } : {}),
    },
    ...(method === "POST"
      ? { payload: new URLSearchParams({ token: accessToken, tokens: accessToken, ...form }).toString() }
      : {}),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}

describe.each(Object.entries(credentials))("every endpoint, asked %s", (_, presented) => {
  test("RFC 9110 §15.5.2: a 401 has WWW-Authenticate", async () => {
    for (const [name, route] of rows)
      for (const method of methods) {
        const { status, headers } = await send(method, route, presented);
        const challenge = String(headers["www-authenticate"]);
        if (status === 401) expect([name, method, challenge]).toEqual([name, method, expect.stringMatching(known)]);
      }
  });

  test("RFC 9110 §8.3: an answer without a body names no media type, and one with a body names it", async () => {
    for (const [name, route] of rows)
      for (const method of methods.filter((one) => one !== "HEAD")) {
        const { headers, body } = await send(method, route, presented);
        expect([name, method, headers["content-type"] === undefined]).toEqual([name, method, body === ""]);
      }
  });
});

test("RFC 9110 §8.3: a redirect without a body names no media type", async () => {
  const answer = await world.app.inject({
    method: "GET",
    url: authorizeUrl("app", { prompt: "none" }),
    headers: { host: "localhost:8787" },
  });
  expect([answer.statusCode, answer.body, answer.headers["content-type"]]).toEqual([303, "", undefined]);
});

test("401 is answered at every endpoint that authenticates its caller", async () => {
  const without = await Promise.all(
    rows.map(async ([name, route]) => {
      const { status } = await send("POST" in route ? "POST" : "GET", route, {});
      return status === 401 ? name : undefined;
    }),
  );
  expect(without.filter((name) => name !== undefined)).toEqual([
    "token",
    "introspect",
    "introspectBatch",
    "revoke",
    "tokenInfo",
  ]);
});
