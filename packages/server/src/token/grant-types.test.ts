import { describe, expect, test } from "vitest";
import { post } from "../../test/flows.ts";
import { basic, makeWorld } from "../../test/world.ts";
import { grantTypes } from "./token.ts";

async function worldWithApps() {
  const world = await makeWorld();
  await world.addApplication("app");
  await world.addApplication("public", { type: "public", authMethod: "none", secrets: [] });
  const ask = (form: Record<string, string> | string) =>
    post(world, "/oauth/token", form, { authorization: basic("app") });
  return { world, ask };
}

describe("TK-16: the grant type", () => {
  test("three grant types are supported", () =>
    expect(grantTypes).toEqual(["authorization_code", "refresh_token", "client_credentials"]));

  test.each([
    ["implicit", "grant_type=implicit", "unsupported_grant_type"],
    ["token exchange", "grant_type=urn:ietf:params:oauth:grant-type:token-exchange", "unsupported_grant_type"],
    ["another case", "grant_type=Refresh_Token", "unsupported_grant_type"],
    ["constructor", "grant_type=constructor", "unsupported_grant_type"],
    ["a space after", "grant_type=refresh_token+", "unsupported_grant_type"],
    ["empty", "grant_type=", "invalid_request"],
    ["twice", "grant_type=client_credentials&grant_type=client_credentials", "invalid_request"],
    ["an array", "grant_type[]=client_credentials", "invalid_request"],
  ])("%s: %s is %s", async (_what, form, error) => {
    const { world, ask } = await worldWithApps();
    const answer = await ask(form);
    expect([answer.status, answer.json().error]).toEqual([400, error]);
    expect(world.eventNames()).not.toContain("token.issued");
  });

  test("a refusal before the grant is looked up emits an event", async () => {
    const { world, ask } = await worldWithApps();
    await ask({ grant_type: "password" });
    expect(world.events).toEqual([{ name: "token.refused", reason: "grant_type_unsupported", client: "app" }]);
  });

  test("a public client may not use client_credentials", async () => {
    const { world } = await worldWithApps();
    const answer = await post(world, "/oauth/token", { grant_type: "client_credentials", client_id: "public" });
    expect([answer.status, answer.json().error]).toEqual([400, "unauthorized_client"]);
  });
});

describe("TK-19, RFC 6749 §5.1, §5.2: the headers of every answer", () => {
  test.each([
    ["success", { grant_type: "client_credentials" }, "app", 200],
    ["a refusal", { grant_type: "refresh_token", refresh_token: "x" }, "app", 400],
    ["no such client", { grant_type: "client_credentials" }, "app_unknown", 401],
  ] as const)("%s: JSON, no-store, nosniff, and no CORS with credentials", async (_what, form, client, status) => {
    const { world } = await worldWithApps();
    const answer = await post(world, "/oauth/token", form, {
      authorization: basic(client),
      origin: "https://evil.example",
    });
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      "cache-control": "no-store",
      pragma: "no-cache",
      "content-type": "application/json;charset=utf-8",
      "x-content-type-options": "nosniff",
    });
    expect(answer.headers).toMatchObject({ "access-control-allow-origin": "*" });
    expect(answer.headers).not.toHaveProperty("access-control-allow-credentials");
  });
});
