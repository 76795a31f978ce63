import { describe, expect, test } from "vitest";
import { provider, useProvider, gustoAt, failureOf, info } from "../../test/gusto-fixture.ts";

useProvider();

describe("gusto 2.2: getInfo (GET /v1/token_info)", () => {
  test("sends the bearer, without version, body or query", async () => {
    provider.reply({ body: info });
    expect(await gustoAt().introspection.getInfo()).toEqual({
      scope: info.scope,
      scopes: ["companies:read", "public"],
      resource: info.resource,
      resourceOwner: info.resource_owner,
      raw: info,
    });
    const [asked] = provider.received;
    expect(asked).toMatchObject({
      method: "GET",
      path: "/v1/token_info",
      body: "",
      headers: { authorization: "Bearer AT-example", accept: "application/json" },
    });
    expect(asked!.headers).not.toHaveProperty("x-gusto-api-version");
    expect(asked!.headers).not.toHaveProperty("cookie");
  });
  test("a system token has no owner; null differs from absent", async () => {
    provider.reply({ body: { ...info, resource: { type: "Oauth::Application", uuid: "u" }, resource_owner: null } });
    expect(await gustoAt().introspection.getInfo()).toMatchObject({
      resource: { type: "Oauth::Application" },
      resourceOwner: null,
    });
  });
  test("passes on unknown owner types and unknown members", async () => {
    provider.reply({ body: { ...info, resource_owner: { type: "Robot", uuid: "u" }, later: 1 } });
    expect(await gustoAt().introspection.getInfo()).toMatchObject({
      resourceOwner: { type: "Robot" },
      raw: { later: 1 },
    });
  });
  test("refuses a response inside an envelope", async () => {
    provider.reply({ body: { object: info } });
    expect(await failureOf(gustoAt().introspection.getInfo())).toMatchObject({
      code: "response_invalid",
      field: "scope",
    });
  });
});
