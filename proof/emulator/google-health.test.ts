import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assumptionHeader, googleHealth } from "@symbolon/emulator";
import { allow } from "./person.ts";
import { bearer, form, formType, jsonType, openPlace, type ReceivedResponse, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await openPlace({ profile: "google-health" });
});
afterAll(() => place[Symbol.asyncDispose]());

const scope = "https://www.googleapis.com/auth/googlehealth.sleep.readonly";
const own = (at = place) => ({ client_id: at.application.clientId, client_secret: at.application.clientSecret });
const token = (values: Record<string, string>, at = place): Promise<ReceivedResponse> =>
  at.send("POST", "/token", formType, form({ ...own(at), ...values }));
const authorizeUrl = (values: Record<string, string> = {}, at = place): string =>
  `${at.url}/o/oauth2/v2/auth?${form({ client_id: at.application.clientId, redirect_uri: at.application.redirectUris[0]!, response_type: "code", scope, ...values })}`;

async function connect(values: Record<string, string>, at = place): Promise<ReceivedResponse> {
  const code = (await allow(authorizeUrl(values, at))).searchParams.get("code")!;
  return token({ grant_type: "authorization_code", code, redirect_uri: at.application.redirectUris[0]! }, at);
}

describe("Google Health: when a refresh token is issued", () => {
  test("with access_type=offline only, at the first consent or with prompt=consent", async () => {
    await using at = await openPlace({ profile: "google-health" });
    expect((await connect({}, at)).json["refresh_token"], "online").toBeUndefined();
    at.control.revoke();
    const first = await connect({ access_type: "offline" }, at);
    expect(first.json).toMatchObject({
      refresh_token: expect.stringMatching(/^1\/\/0/) as unknown,
      access_token: expect.stringMatching(/^ya29\./) as unknown,
      expires_in: 3599,
      scope,
      token_type: "Bearer",
    });
    expect((await connect({ access_type: "offline" }, at)).json["refresh_token"], "known already").toBeUndefined();
    expect((await connect({ access_type: "offline", prompt: "consent" }, at)).json["refresh_token"]).toEqual(
      expect.any(String),
    );
  });

  test("stays the same, for form and JSON requests, and is left out of the answer", async () => {
    const { json } = await connect({ access_type: "offline", prompt: "consent" });
    const asked = { grant_type: "refresh_token", refresh_token: json["refresh_token"] as string };
    expect(Object.keys((await token(asked)).json)).toEqual(["access_token", "expires_in", "scope", "token_type"]);
    expect((await place.send("POST", "/token", jsonType, JSON.stringify({ ...own(), ...asked }))).status).toBe(200);
  });

  test("publishing=testing: refresh tokens live seven days", async () => {
    await using at = await openPlace({ profile: googleHealth({ publishing: "testing" }) });
    const { json } = await connect({ access_type: "offline" }, at);
    expect(json["refresh_token_expires_in"]).toBe(604_800);
    at.control.advance(604_800);
    expect(
      await token({ grant_type: "refresh_token", refresh_token: json["refresh_token"] as string }, at),
    ).toMatchObject({
      status: 400,
      json: { error: "invalid_grant", error_description: "Token has been expired or revoked." },
    });
  });

  test("one refresh token beyond the limit silently ends the oldest", async () => {
    await using at = await openPlace({ profile: googleHealth({ liveRefreshTokens: 2 }) });
    const tokens: string[] = [];
    for (let count = 0; count < 3; count++) {
      tokens.push((await connect({ access_type: "offline", prompt: "consent" }, at)).json["refresh_token"] as string);
      for (let round = 0; round < 3; round++)
        await token({ grant_type: "refresh_token", refresh_token: tokens.at(-1)! }, at);
    }
    const statuses = await Promise.all(
      tokens.map(async (refresh_token) => (await token({ grant_type: "refresh_token", refresh_token }, at)).status),
    );
    expect(statuses).toEqual([400, 200, 200]);
  });
});

describe("Google Health's errors", () => {
  test.each([
    ["an unknown client", 401, "invalid_client", () => token({ client_id: "unknown" })],
    ["a wrong secret", 401, "invalid_client", () => token({ client_secret: "wrong" })],
    ["no client", 400, "invalid_request", () => place.send("POST", "/token", formType, "grant_type=refresh_token")],
    ["no grant_type", 400, "invalid_request", () => token({})],
    ["another grant_type", 400, "unsupported_grant_type", () => token({ grant_type: "password" })],
    ["no refresh_token", 400, "invalid_request", () => token({ grant_type: "refresh_token" })],
    [
      "an unknown refresh token",
      400,
      "invalid_grant",
      () => token({ grant_type: "refresh_token", refresh_token: "unknown" }),
    ],
    ["no code", 400, "invalid_request", () => token({ grant_type: "authorization_code" })],
    ["an unknown code", 400, "invalid_grant", () => token({ grant_type: "authorization_code", code: "4/0" })],
    [
      "another redirect_uri",
      400,
      "redirect_uri_mismatch",
      () =>
        token({
          grant_type: "authorization_code",
          code: place.control.code({ redirectUri: place.application.redirectUris[0]! }),
          redirect_uri: "https://elsewhere.example",
        }),
    ],
    [
      "a wrong verifier",
      400,
      "invalid_grant",
      () =>
        token({
          grant_type: "authorization_code",
          code: place.control.code({ codeChallenge: "x".repeat(43) }),
          code_verifier: "y".repeat(43),
        }),
    ],
    ["revoking an unknown token", 400, "invalid_token", () => place.send("POST", "/revoke?token=unknown")],
    ["revoking without a token", 400, "invalid_request", () => place.send("POST", "/revoke")],
    [
      "token info for an unknown token",
      400,
      "invalid_token",
      () => place.send("GET", "/tokeninfo?access_token=unknown"),
    ],
  ])("%s: %i %s", async (_what, status, error, ask) => {
    expect(await ask()).toMatchObject({
      status,
      json: { error, error_description: expect.any(String) as unknown },
      headers: { [assumptionHeader]: expect.stringContaining("google-health") as unknown },
    });
  });

  test("a suspended application is disabled_client", async () => {
    await using at = await openPlace({ profile: "google-health" });
    at.control.suspend();
    expect(await token({ grant_type: "refresh_token", refresh_token: "x" }, at)).toMatchObject({
      status: 401,
      json: { error: "disabled_client" },
    });
    expect((await at.send("GET", authorizeUrl({}, at).slice(at.url.length))).text).toContain("disabled_client");
  });

  test.each([
    [{ client_id: "unknown" }, 401, "invalid_client"],
    [{ redirect_uri: "" }, 400, "invalid_request"],
    [{ redirect_uri: "https://elsewhere.example" }, 400, "redirect_uri_mismatch"],
    [{ response_type: "" }, 400, "invalid_request"],
    [{ response_type: "token" }, 400, "unsupported_response_type"],
    [{ scope: "" }, 400, "invalid_request"],
    [{ scope: "telepathy" }, 400, "invalid_scope"],
  ])("the page: %j is %i %s", async (values, status, code) => {
    const response = await place.send("GET", authorizeUrl(values).slice(place.url.length));
    expect(response.status).toBe(status);
    expect(response.text).toContain(`Error ${status}: ${code}`);
  });

  test("the API: 401, 404 and injected faults in the envelope of Google's APIs", async () => {
    expect(await place.send("GET", "/v4/users/me/identity", bearer("unknown"))).toMatchObject({
      status: 401,
      json: { error: { code: 401, status: "UNAUTHENTICATED" } },
      headers: { "www-authenticate": expect.stringContaining("Bearer") as unknown },
    });
    expect(await place.send("GET", "/v3/nothing")).toMatchObject({
      status: 404,
      json: { error: { status: "NOT_FOUND" } },
    });
    place.control.fault({ what: "status", status: 429, retryAfterSeconds: 4, times: 1 });
    expect(await place.send("GET", "/v4/users/me/identity")).toMatchObject({
      status: 429,
      json: { error: { code: 429, status: "RESOURCE_EXHAUSTED" } },
      headers: { "retry-after": "4" },
    });
    place.control.fault({ what: "status", status: 400, code: "invalid_grant", times: 1 });
    expect(await token({ grant_type: "refresh_token", refresh_token: "x" })).toMatchObject({
      status: 400,
      json: { error: "invalid_grant" },
    });
  });
});

describe("Google Health's other endpoints", () => {
  test("identity, token info, and revocation by either token without client authentication", async () => {
    for (const which of ["access_token", "refresh_token"]) {
      const { json } = await connect({ access_type: "offline", prompt: "consent" });
      const access = json["access_token"] as string;
      expect((await place.send("GET", "/v4/users/me/identity", bearer(access))).json).toMatchObject({
        healthUserId: expect.stringMatching(/^\d{21}$/) as unknown,
      });
      expect((await place.send("GET", "/v4/users/me/dataTypes/sleep/dataPoints", bearer(access))).json).toEqual({
        dataPoints: [],
      });
      expect((await place.send("GET", `/tokeninfo?access_token=${access}`)).json).toMatchObject({
        aud: place.application.clientId,
        scope,
        expires_in: "3599",
        access_type: "offline",
      });
      expect(await place.send("POST", "/revoke", formType, form({ token: json[which] as string }))).toMatchObject({
        status: 200,
        json: {},
      });
      expect((await place.send("GET", "/v4/users/me/identity", bearer(access))).status).toBe(401);
    }
  });
});
