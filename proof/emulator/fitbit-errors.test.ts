import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assumptionHeader, fitbit } from "@symbolon/emulator";
import { basic, bearer, form, formType, openPlace, type ReceivedResponse, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await openPlace({ profile: fitbit({ requestsPerHour: 1000 }) });
});
afterAll(() => place[Symbol.asyncDispose]());

const own = (at = place) => basic(at.application.clientId, at.application.clientSecret);
const token = (
  values: Record<string, string>,
  headers: Record<string, string> = own(),
  at = place,
): Promise<ReceivedResponse> => at.send("POST", "/oauth2/token", { ...formType, ...headers }, form(values));
const pointer = "https://dev.fitbit.com/docs/oauth2";

describe("Fitbit's errors (gusto-and-fitbit.md §3.8)", () => {
  test.each([
    [
      "unknown refresh token",
      400,
      "invalid_grant",
      "Refresh token invalid: 0f0e.",
      () => token({ grant_type: "refresh_token", refresh_token: "0f0e" }),
    ],
    [
      "unknown code",
      400,
      "invalid_grant",
      "Authorization code invalid: abc",
      () => token({ grant_type: "authorization_code", code: "abc" }),
    ],
    [
      "used code",
      400,
      "invalid_grant",
      "Authorization code invalid: ",
      async () => {
        const code = place.control.code();
        await token({ grant_type: "authorization_code", code });
        return token({ grant_type: "authorization_code", code });
      },
    ],
    [
      "expired code",
      400,
      "invalid_grant",
      "Authorization code invalid: ",
      async () => {
        const code = place.control.code();
        place.control.advance(600);
        return token({ grant_type: "authorization_code", code });
      },
    ],
    [
      "wrong verifier",
      400,
      "invalid_grant",
      "Authorization code invalid: ",
      () =>
        token({
          grant_type: "authorization_code",
          code: place.control.code({ codeChallenge: "x".repeat(43), codeChallengeMethod: "plain" }),
          code_verifier: "y".repeat(43),
        }),
    ],
    [
      "redirect_uri left out",
      400,
      "invalid_grant",
      "Authorization code invalid: ",
      () =>
        token({
          grant_type: "authorization_code",
          code: place.control.code({ redirectUri: place.application.redirectUris[0]! }),
        }),
    ],
    [
      "another state",
      400,
      "invalid_grant",
      "Authorization code invalid: ",
      () => token({ grant_type: "authorization_code", code: place.control.code({ state: "one" }), state: "other" }),
    ],
    [
      "missing parameter",
      400,
      "invalid_request",
      "Missing parameters: refresh_token",
      () => token({ grant_type: "refresh_token" }),
    ],
    ["missing grant_type", 400, "invalid_request", "Missing parameters: grant_type", () => token({})],
    [
      "missing token to introspect",
      400,
      "invalid_request",
      "Missing parameters: token",
      () => place.send("POST", "/1.1/oauth2/introspect", own()),
    ],
    [
      "missing token to revoke",
      400,
      "invalid_request",
      "Missing parameters: token",
      () => place.send("POST", "/oauth2/revoke", own()),
    ],
    [
      "Basic without a secret",
      401,
      "invalid_client",
      "Invalid authorization header format. The client id was not provided in proper format inside Authorization Header. Received authorization header = Basic",
      () => token({ grant_type: "refresh_token" }, basic("22ABCD", "")),
    ],
    [
      "no client credentials",
      401,
      "invalid_client",
      "Invalid authorization header format. The header was not recognized",
      () => token({ grant_type: "refresh_token" }, {}),
    ],
    [
      "unknown client",
      401,
      "invalid_client",
      "Invalid authorization header. Client id invalid.",
      () => token({ grant_type: "refresh_token" }, basic("2ZZZZZ", "x")),
    ],
    [
      "wrong secret",
      401,
      "invalid_client",
      "Invalid authorization header. Client id invalid.",
      () => token({ grant_type: "refresh_token" }, basic(place.application.clientId, "wrong")),
    ],
    [
      "client_id that differs from the one in Basic",
      401,
      "invalid_client",
      "Invalid authorization header. Client id invalid.",
      () =>
        token({ grant_type: "refresh_token", refresh_token: place.consent().refreshToken, client_id: "2ZZZZZ" }, own()),
    ],
    [
      "unknown bearer",
      401,
      "invalid_token",
      "Access token invalid: unknown.",
      () => place.send("GET", "/1/user/-/profile.json", bearer("unknown")),
    ],
    [
      "revoked bearer",
      401,
      "invalid_token",
      "Access token invalid: ",
      async () => {
        const { grant, accessToken } = place.consent();
        place.control.revoke(grant);
        return place.send(
          "POST",
          "/1.1/oauth2/introspect",
          { ...formType, ...bearer(accessToken) },
          form({ token: accessToken }),
        );
      },
    ],
    [
      "expired bearer",
      401,
      "expired_token",
      "Access token expired: ",
      async () => {
        const { accessToken } = place.consent();
        place.control.advance(28_800);
        return place.send(
          "POST",
          "/1.1/oauth2/introspect",
          { ...formType, ...bearer(accessToken) },
          form({ token: accessToken }),
        );
      },
    ],
  ])("%s: %i %s", async (_row, status, errorType, message, ask) => {
    const response = await ask();
    expect(response).toMatchObject({
      status,
      json: { errors: [{ errorType, message: expect.stringContaining(message) as unknown }], success: false },
    });
    const [{ message: whole, fieldName }] = response.json["errors"] as [{ message: string; fieldName?: string }];
    expect(whole).toContain(pointer);
    expect(fieldName, "of request and validation kinds only").toBeUndefined();
    expect(response.json["error"], "there is no member of the RFC").toBeUndefined();
    if (errorType === "invalid_client")
      expect(response.headers).toMatchObject({
        "www-authenticate": 'Basic realm="api.fitbit.com"',
        "cache-control": "no-cache, private",
        "content-type": "application/json;charset=utf-8",
        "content-language": "en",
      });
  });

  test.each([
    [
      "403 insufficient_scope",
      {
        status: 403,
        json: {
          errors: [
            {
              errorType: "insufficient_scope",
              message: "This application does not have permission to access sleep data",
            },
          ],
        },
      },
      () => place.send("GET", "/1/user/-/sleep/list.json", bearer(place.consent("activity").accessToken)),
    ],
    [
      "404 not_found",
      {
        status: 404,
        json: { errors: [{ errorType: "not_found", message: "The API you are requesting could not be found." }] },
      },
      () => place.send("GET", "/2/nothing"),
    ],
    [
      "404 for another user",
      { status: 404 },
      () => place.send("GET", "/1/user/7XYZ12/profile.json", bearer(place.consent().accessToken)),
    ],
  ])("%s", async (_row, expected, ask) => expect(await ask()).toMatchObject(expected));

  test.each([
    [409, "request"],
    [410, "request"],
    [429, "system"],
    [403, "insufficient_permissions"],
    [400, "validation"],
    [401, "oauth"],
    [500, "system"],
  ])("%i %s, as a fault on request; a 429 always says how long", async (status, code) => {
    place.control.fault({ what: "status", status, code, times: 1 });
    const response = await place.send("GET", "/1/user/-/profile.json", bearer(place.consent().accessToken));
    expect(response).toMatchObject({
      status,
      json: { errors: [{ errorType: code, fieldName: "n/a" }], success: false },
    });
    expect(response.headers["retry-after"]).toEqual(status === 429 ? expect.stringMatching(/^\d+$/) : undefined);
  });

  test("an unknown grant_type", async () => {
    expect(await token({ grant_type: "password" })).toMatchObject({
      status: 400,
      json: { errors: [{ errorType: "unsupported_grant_type" }] },
      headers: { [assumptionHeader]: "fitbit-grant-type" },
    });
  });
});

describe("150 requests per hour and user, reset at the full hour (gusto-and-fitbit.md §3.9)", () => {
  test("the 151st is 429 with an integer Retry-After until the next full hour", async () => {
    await using at = await openPlace({ profile: "fitbit" });
    const { accessToken } = at.consent();
    at.control.advance(1800);
    const call = () => at.emulated.fetch(`${at.url}/1/user/-/profile.json`, { headers: bearer(accessToken) });
    for (let round = 1; round <= 150; round++)
      expect((await call()).headers.get("fitbit-rate-limit-remaining")).toBe(String(150 - round));
    const over = await at.send("GET", "/1/user/-/profile.json", bearer(accessToken));
    expect(over).toMatchObject({
      status: 429,
      headers: { "retry-after": "1800", "fitbit-rate-limit-reset": "1800" },
      json: { errors: [{ errorType: "system", fieldName: "n/a", message: "Too Many Requests" }] },
    });
    at.control.advance(1800);
    expect((await call()).status).toBe(200);
  });
});

describe("Fitbit's shutdown (gusto-and-fitbit.md)", () => {
  test("with shutdown=schedule every request is 410 from 2026-11-02 on", async () => {
    await using at = await openPlace({ profile: fitbit({ shutdown: "schedule" }) });
    const everything = async (): Promise<number[]> => [
      (await token({ grant_type: "refresh_token", refresh_token: at.consent().refreshToken }, own(at), at)).status,
      (await at.send("GET", "/1/user/-/profile.json", bearer(at.consent().accessToken))).status,
    ];
    at.control.advance(32 * 86_400 - 1);
    expect(await everything()).toEqual([200, 200]);
    at.control.advance(1);
    expect(await everything()).toEqual([410, 410]);
    for (const path of ["/oauth2/authorize", "/nothing"])
      expect(await at.send("GET", path)).toMatchObject({
        status: 410,
        json: { success: false },
        headers: { [assumptionHeader]: "fitbit-gone" },
      });
  });
});
