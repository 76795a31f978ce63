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

describe("Fitbit's authorization page (gusto-and-fitbit.md §3.6)", () => {
  const authorize = (values: Record<string, string>, at = place): Promise<ReceivedResponse> =>
    at.send(
      "GET",
      `/oauth2/authorize?${form({ client_id: at.application.clientId, response_type: "code", scope: "activity profile", redirect_uri: at.application.redirectUris[0]!, ...values })}`,
    );

  test.each([
    [{ client_id: "unknown" }, "unauthorize_client - Invalid client_id"],
    [{ client_id: "" }, "invalid_request - Missing parameters: client_id"],
    [{ response_type: "" }, "invalid_request - Missing response_type parameter value"],
    [{ response_type: "id_token" }, "unsupported_response_type - Invalid response_type parameter value"],
    [{ response_type: "token" }, "unauthorized_client"],
    [{ redirect_uri: "", prompt: "consent" }, "invalid_request - Missing redirect_uri parameter value"],
    [{ redirect_uri: "https://elsewhere.example" }, "invalid_request - Invalid redirect_uri parameter value"],
    [{ scope: "" }, "invalid_request - Missing parameters: scope"],
    [{ scope: "activity telepathy" }, "invalid_scope"],
    [{ code_challenge: "!".repeat(43) }, "invalid_request - The code_challenge parameter is invalid"],
    [{ code_challenge: "short" }, "invalid_request - The code_challenge length must be between 43 and 128"],
    [
      { code_challenge: "x".repeat(43), code_challenge_method: "S512" },
      "invalid_request - Unsupported code_challenge_method",
    ],
  ])("%j stays on the page: %s", async (values, says) => {
    const response = await authorize(values);
    expect(response).toMatchObject({ status: 400, headers: { [assumptionHeader]: "fitbit-authorize-errors" } });
    expect(response.text).toContain(`<p class="says">${says}`);
    expect(response.headers["location"]).toBeUndefined();
  });

  test("redirect_uri is required when several are registered", async () => {
    await using at = await openPlace({
      profile: "fitbit",
      applications: [{ redirectUris: ["http://127.0.0.1:1/a", "https://app.example/b"] }],
    });
    expect((await authorize({ redirect_uri: "" }, at)).text).toContain("Missing redirect_uri parameter value");
    expect((await authorize({ redirect_uri: "https://app.example/b" }, at)).status).toBe(200);
  });

  test("a misspelled redirect_uri means the only registered one; scopes are separated by + or %20", async () => {
    const base = `/oauth2/authorize?client_id=${place.application.clientId}&response_type=code&redirectUri=https%3A%2F%2Felsewhere.example`;
    for (const space of ["+", "%20"]) {
      const response = await place.send("GET", `${base}&scope=activity${space}profile`);
      expect(response.status).toBe(200);
      expect(response.text).toContain(place.application.redirectUris[0]);
      expect(response.text.match(/type="checkbox"/g)).toHaveLength(2);
    }
  });

  test("Allow redirects with a code, the unchanged state and #_=_; the token has the ticked scope", async () => {
    const query = form({
      client_id: place.application.clientId,
      response_type: "code",
      scope: "activity profile sleep",
      redirect_uri: place.application.redirectUris[0]!,
      state: "s t",
    });
    const sent = await place.send(
      "POST",
      `/oauth2/authorize?${query}`,
      formType,
      "decision=allow&scope_shown=1&scope=sleep&scope=activity",
    );
    const location = sent.headers["location"]!;
    expect(location).toMatch(/#_=_$/);
    const back = new URL(location).searchParams;
    expect(back.get("state")).toBe("s t");
    const redeemed = await token({
      grant_type: "authorization_code",
      code: back.get("code")!,
      redirect_uri: place.application.redirectUris[0]!,
      state: "s t",
    });
    expect(redeemed.json["scope"], "all that was granted, in the order of the request").toBe("activity sleep");
  });

  test("PKCE with plain as the default method", async () => {
    const verifier = "v".repeat(43);
    place.control.answerConsent("allow");
    const sent = await authorize({ code_challenge: verifier });
    place.control.answerConsent("ask");
    const code = new URL(sent.headers["location"]!).searchParams.get("code")!;
    expect(
      (
        await token({
          grant_type: "authorization_code",
          code,
          redirect_uri: place.application.redirectUris[0]!,
          code_verifier: verifier,
        })
      ).status,
    ).toBe(200);
  });

  test("the implicit flow of Client applications returns the token in the fragment", async () => {
    await using at = await openPlace({ profile: "fitbit", applications: [{ type: "client" }] });
    at.control.answerConsent("allow");
    const sent = await authorize({ response_type: "token", expires_in: "604800", state: "s" }, at);
    const fragment = new URLSearchParams(new URL(sent.headers["location"]!).hash.slice(1));
    expect(Object.fromEntries(fragment)).toMatchObject({
      scope: "activity profile",
      token_type: "Bearer",
      expires_in: "604800",
      state: "s",
      user_id: expect.stringMatching(/^[0-9A-Z]{6}$/) as unknown,
    });
    expect((await at.send("GET", "/1/user/-/profile.json", bearer(fragment.get("access_token")!))).status).toBe(200);
    expect((await authorize({}, at)).text, "the code flow of a Client application needs PKCE").toContain(
      "code_challenge",
    );
  });

  test("Deny redirects with access_denied", async () => {
    place.control.answerConsent("deny");
    const sent = await authorize({});
    place.control.answerConsent("ask");
    expect(new URL(sent.headers["location"]!).searchParams.get("error")).toBe("access_denied");
    expect(sent.headers[assumptionHeader]).toBe("fitbit-denial");
  });
});

describe("every assumption has a setting (gusto-and-fitbit.md §8)", () => {
  test.each([
    [
      "pkceMismatch",
      fitbit({ pkceMismatch: "invalid_request" }),
      (at: Place) =>
        token(
          {
            grant_type: "authorization_code",
            code: at.control.code({ codeChallenge: "x".repeat(43) }),
            code_verifier: "y".repeat(43),
          },
          own(at),
          at,
        ),
      { status: 400, json: { errors: [{ errorType: "invalid_request" }] } },
    ],
    [
      "authorizeErrorStatus",
      fitbit({ authorizeErrorStatus: 200 }),
      (at: Place) => at.send("GET", "/oauth2/authorize"),
      { status: 200 },
    ],
    [
      "clientCredentialsAnswer",
      fitbit({ clientCredentialsAnswer: "full" }),
      (at: Place) => token({ grant_type: "client_credentials" }, own(at), at),
      { status: 200, json: { refresh_token: expect.any(String) as unknown } },
    ],
    [
      "otherExpiresIn",
      fitbit({ otherExpiresIn: "refuse" }),
      (at: Place) =>
        token({ grant_type: "refresh_token", refresh_token: at.consent().refreshToken, expires_in: "60" }, own(at), at),
      { status: 400 },
    ],
    [
      "unknownRevocation",
      fitbit({ unknownRevocation: 400 }),
      (at: Place) => at.send("POST", "/oauth2/revoke", { ...formType, ...own(at) }, "token=unknown"),
      { status: 400 },
    ],
    [
      "refreshTokenIntrospection",
      fitbit({ refreshTokenIntrospection: "active" }),
      (at: Place) =>
        at.send(
          "POST",
          "/1.1/oauth2/introspect",
          { ...formType, ...own(at) },
          form({ token: at.consent().refreshToken }),
        ),
      { status: 200, json: { active: true } },
    ],
    [
      "requestsPerHour",
      fitbit({ requestsPerHour: 0 }),
      (at: Place) => at.send("GET", "/1/user/-/profile.json", bearer(at.consent().accessToken)),
      { status: 429 },
    ],
    [
      "rotation",
      { ...fitbit(), rotation: { kind: "strict", reuse: "end_grant" } as const },
      async (at: Place) => {
        const { refreshToken } = at.consent();
        await token({ grant_type: "refresh_token", refresh_token: refreshToken }, own(at), at);
        return token({ grant_type: "refresh_token", refresh_token: refreshToken }, own(at), at);
      },
      { status: 400 },
    ],
    [
      "simultaneousRefresh",
      fitbit({ simultaneousRefresh: "same_answer" }),
      async (at: Place) => {
        at.control.fault({ what: "delay", ms: 30, when: "before_processing", times: 1 });
        const { refreshToken } = at.consent();
        const [, later] = await Promise.all(
          [1, 2].map(() => token({ grant_type: "refresh_token", refresh_token: refreshToken }, own(at), at)),
        );
        return later!;
      },
      { status: 200 },
    ],
  ])("%s", async (_setting, profile, ask, expected) => {
    await using at = await openPlace({ profile });
    expect(await ask(at)).toMatchObject(expected);
  });
});
