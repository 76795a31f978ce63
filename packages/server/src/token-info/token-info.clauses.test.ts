import { beforeAll, describe, expect, test } from "vitest";
import { obtainTokens } from "../../test/flows.ts";
import { makeWorld, type World } from "../../test/world.ts";

let world: World;
let accessToken: string;
beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addAccount("ann@example.com", ["Company/acme"]);
  accessToken = (await obtainTokens(world, "app_one", "ann@example.com")).access_token;
});

const ask = (
  authorization: string | undefined,
  url = "/oauth/token_info",
  method: "GET" | "POST" = "GET",
  payload?: string,
) =>
  world.app.inject({
    method,
    url,
    ...(payload === undefined ? {} : { payload }),
    headers: {
      host: "localhost:8787",
      ...(authorization === undefined ? {} : { authorization }),
      ...(payload === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
    },
  });

describe("CA-03, RFC 6750 §2, §2.3: the token is accepted only in the header", () => {
  test("refuses a token in the query, with or without a header", async () => {
    for (const authorization of [undefined, `Bearer ${accessToken}`]) {
      const answer = await ask(authorization, `/oauth/token_info?access_token=${accessToken}`);
      expect(answer.statusCode).toBe(400);
      expect(answer.body).not.toContain(accessToken);
    }
  });
  test("refuses a token in a body", async () =>
    expect((await ask(undefined, "/oauth/token_info", "POST", `access_token=${accessToken}`)).statusCode).toBe(405));
  test("accepts any case of the scheme", async () => {
    for (const scheme of ["Bearer", "bearer", "BEARER"])
      expect((await ask(`${scheme} ${accessToken}`)).statusCode).toBe(200);
  });
});

describe("RG-13, RFC 6750 §3: the challenge", () => {
  test("names no error without credentials", async () => {
    const answer = await ask(undefined);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe('Bearer realm="symbolon"');
  });
  test("names the error, and not the token, for an inactive token", async () => {
    const answer = await ask(`Bearer ${accessToken.slice(0, -1)}`);
    expect(answer.headers["www-authenticate"]).toBe('Bearer realm="symbolon", error="invalid_token"');
    expect(answer.body).not.toContain(accessToken.slice(0, 20));
  });
});

describe("RFC 6750 §3.1: the codes", () => {
  test.each(["Basic YTpi", "Bearer", "Bearer a b", `Bearer a, Bearer b`])(
    "RG-09: %s is 400 invalid_request",
    async (authorization) => {
      const answer = await ask(authorization);
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ error: "invalid_request" });
      expect(answer.headers["www-authenticate"]).toBe('Bearer realm="symbolon", error="invalid_request"');
    },
  );
  test("an inactive token is 401 invalid_token", async () => {
    const answer = await ask("Bearer sym_at_dead");
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ error: "invalid_token" });
  });
  test("an active token gets scope, resource, owner and the seconds left", async () => {
    expect((await ask(`Bearer ${accessToken}`)).json()).toEqual({
      scope: "read write",
      resource: { type: "Company", uuid: "acme" },
      resource_owner: { type: "Account", uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      expires_in: 600,
    });
  });
});
