import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assumptionHeader, gusto } from "@symbolon/emulator";
import { bearer, form, formType, jsonType, openPlace, type ReceivedResponse, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await openPlace({ profile: "gusto" });
});
afterAll(() => place[Symbol.asyncDispose]());

const token = (values: Record<string, string>, at = place, query = ""): Promise<ReceivedResponse> =>
  at.send(
    "POST",
    `/oauth/token${query}`,
    jsonType,
    JSON.stringify({ client_id: at.application.clientId, client_secret: at.application.clientSecret, ...values }),
  );

describe("errors of /oauth/token (gusto-and-fitbit.md §2.3)", () => {
  const redirectUri = (): string => place.application.redirectUris[0]!;
  const code = () => place.control.code({ redirectUri: redirectUri() });
  const redeem = (values: Record<string, string>) =>
    token({ grant_type: "authorization_code", redirect_uri: redirectUri(), ...values });

  test.each([
    [
      "an unknown refresh token",
      400,
      "invalid_grant",
      () => token({ grant_type: "refresh_token", refresh_token: "unknown" }),
    ],
    [
      "a revoked grant",
      400,
      "invalid_grant",
      async () => {
        const { grant, refreshToken } = place.consent();
        place.control.revoke(grant);
        return token({ grant_type: "refresh_token", refresh_token: refreshToken });
      },
    ],
    [
      "a token of another client",
      400,
      "invalid_grant",
      async () => {
        const other = place.control.application();
        return token({
          grant_type: "refresh_token",
          refresh_token: place.consent().refreshToken,
          client_id: other.clientId,
          client_secret: other.clientSecret!,
        });
      },
    ],
    ["an unknown code", 400, "invalid_grant", () => redeem({ code: "unknown" })],
    [
      "a replayed code",
      400,
      "invalid_grant",
      async () => {
        const once = code();
        expect((await redeem({ code: once })).status).toBe(200);
        return redeem({ code: once });
      },
    ],
    [
      "a code after ten minutes",
      400,
      "invalid_grant",
      async () => {
        const late = code();
        place.control.advance(600);
        return redeem({ code: late });
      },
    ],
    [
      "another redirect_uri",
      400,
      "invalid_grant",
      () => redeem({ code: code(), redirect_uri: "http://127.0.0.1:3000/other" }),
    ],
    [
      "an unregistered redirect_uri on refresh",
      400,
      "invalid_grant",
      () =>
        token({
          grant_type: "refresh_token",
          refresh_token: place.consent().refreshToken,
          redirect_uri: "https://elsewhere.example",
        }),
    ],
    [
      "a wrong code_verifier",
      400,
      "invalid_grant",
      () =>
        redeem({
          code: place.control.code({ redirectUri: redirectUri(), codeChallenge: "x".repeat(43) }),
          code_verifier: "y".repeat(43),
        }),
    ],
    ["an unknown client", 401, "invalid_client", () => token({ grant_type: "system_access", client_id: "unknown" })],
    ["a wrong secret", 401, "invalid_client", () => token({ grant_type: "system_access", client_secret: "wrong" })],
    ["no grant_type", 400, "invalid_request", () => token({})],
    ["no refresh_token", 400, "invalid_request", () => token({ grant_type: "refresh_token" })],
    ["no code", 400, "invalid_request", () => token({ grant_type: "authorization_code" })],
    [
      "a repeated parameter",
      400,
      "invalid_request",
      () =>
        place.send(
          "POST",
          "/oauth/token",
          formType,
          `${form({ grant_type: "system_access", client_id: place.application.clientId, client_secret: place.application.clientSecret })}&grant_type=refresh_token`,
        ),
    ],
    [
      "a body that is not a JSON object",
      400,
      "invalid_request",
      () => place.send("POST", "/oauth/token", jsonType, "[1]"),
    ],
    [
      "the secret in the URL",
      400,
      "invalid_request",
      () => token({ grant_type: "system_access" }, place, `?client_secret=${place.application.clientSecret}`),
    ],
    ["an unknown grant_type", 400, "unsupported_grant_type", () => token({ grant_type: "password" })],
  ])("%s: %i %s", async (_what, status, error, ask) => {
    const response = await ask();
    expect(response).toMatchObject({ status, json: { error, error_description: expect.any(String) as unknown } });
    expect(response.headers[assumptionHeader], "these bodies are not publicly known").toContain("gusto-token-errors");
  });

  test.each(["{", "[1]", '"text"'])("the malformed body %s keeps the version header", async (body) => {
    const response = await place.send(
      "POST",
      "/oauth/token",
      { ...jsonType, "x-gusto-api-version": "2025-06-15" },
      body,
    );
    expect(response).toMatchObject({ status: 400, headers: { "x-gusto-api-version": "2025-06-15" } });
  });
});

describe("errors of other endpoints (gusto-and-fitbit.md §2.8)", () => {
  test.each([
    ["no token", {}],
    ["an unknown token", bearer("unknown")],
    ["another scheme", { authorization: "Token 0123" }],
  ])("%s: 401, no body, a challenge", async (_what, headers) => {
    const response = await place.send("GET", "/v1/token_info", headers);
    expect(response).toMatchObject({
      status: 401,
      text: "",
      headers: {
        "www-authenticate": expect.stringMatching(/^Bearer realm=".*", error="invalid_token"/) as unknown,
        [assumptionHeader]: "gusto-unauthorized",
      },
    });
  });

  test("403 for a missing scope, in production only", async () => {
    await using production = await openPlace({ profile: gusto({ environment: "production" }) });
    const read = async (at: Place): Promise<ReceivedResponse> => {
      const { accessToken } = at.consent("public");
      const uuid = ((await at.send("GET", "/v1/token_info", bearer(accessToken))).json["resource"] as { uuid: string })
        .uuid;
      return at.send("GET", `/v1/companies/${uuid}`, bearer(accessToken));
    };
    expect(await read(place)).toMatchObject({ status: 200, json: { name: "Acme" } });
    expect(await read(production)).toMatchObject({
      status: 403,
      json: { errors: [{ error_key: "base", category: "insufficient_scope" }] },
      headers: { [assumptionHeader]: "gusto-forbidden" },
    });
  });

  test("404 in Gusto's envelope", async () => {
    expect(await place.send("GET", "/v1/nothing")).toMatchObject({
      status: 404,
      json: { errors: [{ error_key: "request", message: expect.any(String) as unknown }] },
    });
  });

  test.each([
    [404, "missing_permissions"],
    [404, "deprecated_endpoint"],
    [406, "invalid_api_version"],
    [409, "invalid_resource_version"],
    [422, "invalid_attribute_value"],
    [422, "invalid_operation"],
    [422, "invalid_parameter"],
    [422, "invalid_application_setup"],
    [422, "duplicate_operation"],
    [422, "nested_errors"],
    [500, "internal_error"],
  ])("%i %s, as a fault on request", async (status, category) => {
    place.control.fault({ what: "status", status, code: category, times: 1 });
    const response = await place.send("GET", "/v1/token_info", bearer(place.consent().accessToken));
    expect(response).toMatchObject({
      status,
      json: {
        errors: [
          {
            error_key: "base",
            category,
            message: expect.any(String) as unknown,
            metadata: expect.any(Object) as unknown,
          },
        ],
      },
    });
    const [{ errors }] = response.json["errors"] as [{ errors?: unknown[] }];
    expect(errors?.length).toBe(category === "nested_errors" ? 1 : undefined);
  });
});

describe("200 requests in 60 seconds per pair of application and user (gusto-and-fitbit.md §2.9)", () => {
  test("the 201st is 429 with Retry-After, for this user only, until the minute has passed", async () => {
    await using own = await openPlace({ profile: "gusto" });
    const ada = own.consent();
    const grace = own.control.consent({ person: "Grace" });
    const status = async (accessToken: string): Promise<number> =>
      (await own.emulated.fetch(`${own.url}/v1/token_info`, { headers: bearer(accessToken) })).status;
    for (let round = 0; round < 200; round++) expect(await status(ada.accessToken)).toBe(200);
    const over = await own.send("GET", "/v1/token_info", bearer(ada.accessToken));
    expect(over).toMatchObject({ status: 429, headers: { "retry-after": "60", "x-ratelimit-remaining": "0" } });
    expect(await status(grace.accessToken)).toBe(200);
    own.control.advance(60);
    expect(await status(ada.accessToken)).toBe(200);
  });
});
