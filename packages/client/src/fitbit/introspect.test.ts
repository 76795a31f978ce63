import { describe, expect, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { parseFitbitScopes } from "./introspect.ts";
import { provider, useProvider, fitbitAt, basic, live, sent } from "../../test/fitbit-fixture.ts";

useProvider();

describe("fitbit 3.3: auth.introspect", () => {
  test("asks as the bearer and returns the response", async () => {
    provider.reply({ body: live });
    expect(await fitbitAt().auth.introspect({ token: "AT-other" })).toEqual({
      active: true,
      scope: live.scope,
      scopes: { activity: "READ", heartrate: "READ_WRITE", sleep: "READ" },
      clientId: "22ABCD",
      userId: "7XYZ12",
      tokenType: "access_token",
      expiresAt: new Date(1_795_346_400_000),
      issuedAt: new Date(1_795_317_600_000),
      raw: live,
    });
    expect(sent()).toMatchObject({
      method: "POST",
      path: "/1.1/oauth2/introspect",
      body: "token=AT-other",
      headers: { authorization: "Bearer AT-mine", "content-type": "application/x-www-form-urlencoded" },
    });
  });
  test('asks as the client, with Basic (as: "client")', async () => {
    provider.reply({ body: { active: false } });
    expect(await fitbitAt({ accessToken: undefined }).auth.introspect({ token: "AT-other", as: "client" })).toEqual({
      active: false,
      raw: { active: false },
    });
    expect(sent().headers.authorization).toBe(basic);
  });
  test("the call's access token replaces the client's", async () => {
    provider.reply({ body: { active: false } });
    await fitbitAt().auth.introspect({ token: "AT-other", accessToken: "AT-call" });
    expect(sent().headers.authorization).toBe("Bearer AT-call");
  });
  test.each([
    [1, true],
    [0, false],
  ])("reads the number of API version 1: %i", async (active, read) => {
    provider.reply({ body: { active } });
    expect(await fitbitAt().auth.introspect({ token: "AT-other" })).toMatchObject({ active: read });
  });
  test.each([
    ["{HEARTRATE=READ}", { heartrate: "READ" }],
    ["{ACTIVITY=READ,SLEEP=READ_WRITE}", { activity: "READ", sleep: "READ_WRITE" }],
    ["activity  profile", { activity: "READ", profile: "READ" }],
    ["{}", {}],
    ["", {}],
  ])("the scope %s", (text, scopes) => expect(parseFitbitScopes(text)).toEqual(scopes));
  test.each([
    ["token", { token: "" }, {}],
    ["as", { token: "AT", as: "Client" as "client" }, {}],
    ["accessToken", { token: "AT" }, { accessToken: undefined }],
    ["clientId", { token: "AT", as: "client" as const }, { clientId: undefined }],
  ])("names a missing or wrong %s", async (field, ask, options) => {
    provider.reply({ body: live });
    expect(await failureOf(fitbitAt(options).auth.introspect(ask))).toMatchObject({
      code: "invalid_request",
      field,
      operation: "auth.introspect",
    });
    expect(provider.received).toHaveLength(0);
  });
  test("a response without active is an error", async () => {
    provider.reply({ body: {} });
    expect(await failureOf(fitbitAt().auth.introspect({ token: "AT" }))).toMatchObject({
      code: "response_invalid",
      field: "active",
    });
  });
});
