import { beforeAll, describe, expect, test } from "vitest";
import { introspect, obtainTokens, post, refresh } from "../../test/flows.ts";
import { basic, makeWorld, type World } from "../../test/world.ts";

let world: World;
let tokens: { access_token: string; refresh_token: string };
beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app");
  await world.addApplication("other");
  await world.addAccount("ann@app.example");
  await world.addResourceServer("rs_api");
  tokens = await obtainTokens(world, "app", "ann@app.example", { scope: "read" });
});

const kinds = ["access_token", "refresh_token", "id_token", "jwt", "saml2"].map(
  (kind) => `urn:ietf:params:oauth:token-type:${kind}`,
);
const grantTypes = [
  "urn:ietf:params:oauth:grant-type:token-exchange",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "urn:ietf:params:oauth:grant-type:saml2-bearer",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:openid:params:grant-type:ciba",
  "urn:ietf:params:oauth:grant-type:uma-ticket",
];

describe("TK-18, RFC 8693 §5: no token is exchanged for another", () => {
  test.each(grantTypes)("%s is unsupported, for tokens of the client and of others", async (grant_type) => {
    for (const caller of ["app", "other"]) {
      for (const subject_token_type of kinds) {
        const form = {
          grant_type,
          subject_token: tokens.access_token,
          subject_token_type,
          actor_token: tokens.access_token,
          assertion: tokens.access_token,
          requested_token_type: kinds[1]!,
          scope: "read write",
          audience: "rs_api",
        };
        const answer = await post(world, "/oauth/token", form, { authorization: basic(caller) });
        expect([caller, answer.status, answer.json().error]).toEqual([caller, 400, "unsupported_grant_type"]);
        expect(answer.body).not.toContain("sym_");
      }
    }
  });

  test("its parameters have no effect on other grant types", async () => {
    const exchange = {
      subject_token: tokens.access_token,
      subject_token_type: kinds[0]!,
      requested_token_type: kinds[1]!,
      actor_token: tokens.access_token,
    };
    const answer = await post(
      world,
      "/oauth/token",
      { grant_type: "client_credentials", ...exchange },
      { authorization: basic("other") },
    );
    const { access_token, refresh_token, issued_token_type } = answer.json() as {
      access_token: string;
      refresh_token?: string;
      issued_token_type?: string;
    };
    expect([refresh_token, issued_token_type]).toEqual([undefined, undefined]);
    expect((await introspect(world, "rs_api", access_token)).json()).toMatchObject({ client_id: "other" });
    expect((await refresh(world, "app", tokens.refresh_token, { ...exchange, scope: "read write" })).json().error).toBe(
      "invalid_scope",
    );
  });

  test("the metadata does not list it", async () => {
    const answer = await world.app.inject({
      method: "GET",
      url: "/.well-known/oauth-authorization-server",
      headers: { host: "localhost:8787" },
    });
    expect(answer.json().grant_types_supported).toEqual(["authorization_code", "refresh_token", "client_credentials"]);
  });
});
