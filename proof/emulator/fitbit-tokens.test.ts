import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { basic, bearer, form, formType, openPlace, type ReceivedResponse, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await openPlace({ profile: "fitbit" });
});
afterAll(() => place[Symbol.asyncDispose]());

const own = () => basic(place.application.clientId, place.application.clientSecret);
const fresh = () => ({ grant_type: "refresh_token", refresh_token: place.consent("activity profile").refreshToken });
const token = (headers: Record<string, string>, body: string, query = ""): Promise<ReceivedResponse> =>
  place.send("POST", `/oauth2/token${query}`, headers, body);

describe("Fitbit's formats (gusto-and-fitbit.md §3.1, §3.4)", () => {
  test("client id, secret, user id, code, refresh token", () => {
    expect(place.application.clientId).toMatch(/^2[0-9A-Z]{5}$/);
    expect(place.application.clientSecret).toMatch(/^[0-9a-f]{32}$/);
    expect(place.control.code()).toMatch(/^[0-9a-f]{40}$/);
    expect(place.consent().refreshToken).toMatch(/^[0-9a-f]{64}$/);
    expect(place.consent().body["user_id"]).toMatch(/^[0-9A-Z]{6}$/);
  });

  test.each([
    [false, "ract rsle"],
    [true, "wact wsle"],
  ])(
    "the access token is a JWT with seconds and abbreviated scopes (read and write: %s)",
    async (readWrite, scopes) => {
      await using own = await openPlace({ profile: "fitbit", applications: [{ readWrite }] });
      const { accessToken, body } = own.consent("activity sleep");
      const [head, claims] = accessToken.split(".").map((part) => Buffer.from(part, "base64url").toString());
      expect(head).toBe('{"alg":"HS256"}');
      const now = own.control.now();
      expect(JSON.parse(claims!)).toEqual({
        aud: own.application.clientId,
        sub: body["user_id"],
        iss: "Fitbit",
        typ: "access_token",
        scopes,
        exp: now + 28_800,
        iat: now,
      });
    },
  );

  test.each([
    ["3600", 3600],
    ["28800", 28_800],
    ["60", 28_800],
  ])("expires_in=%s", async (asked, seconds) => {
    expect((await token({ ...formType, ...own() }, form({ ...fresh(), expires_in: asked }))).json["expires_in"]).toBe(
      seconds,
    );
  });

  test("client_credentials: no refresh token and no user", async () => {
    const response = await token(
      { ...formType, ...own() },
      form({ grant_type: "client_credentials", expires_in: "604800" }),
    );
    expect(Object.keys(response.json)).toEqual(["access_token", "expires_in", "scope", "token_type"]);
    expect(response.json["expires_in"]).toBe(604_800);
    expect(
      (await place.send("GET", "/1/user/-/profile.json", bearer(response.json["access_token"] as string))).json,
    ).toMatchObject({ errors: [{ errorType: "insufficient_permissions" }] });
  });
});

describe("Fitbit's introspection (gusto-and-fitbit.md §3.3)", () => {
  const introspect = (tokenValue: string, version = "/1.1"): Promise<ReceivedResponse> =>
    place.send(
      "POST",
      `${version}/oauth2/introspect`,
      { ...formType, ...bearer(place.consent().accessToken) },
      form({ token: tokenValue }),
    );

  test("scope as a Java map, times in milliseconds, its own token_type", async () => {
    const { accessToken, body } = place.consent("sleep activity heartrate");
    const iat = place.control.now() * 1000;
    expect((await introspect(accessToken)).json).toEqual({
      active: true,
      scope: "{ACTIVITY=READ, HEARTRATE=READ, SLEEP=READ}",
      client_id: place.application.clientId,
      user_id: body["user_id"],
      token_type: "access_token",
      exp: iat + 28_800_000,
      iat,
    });
  });
  test("version 1: active as 1 or 0, ids in braces", async () => {
    const { accessToken, body } = place.consent();
    expect((await introspect(accessToken, "")).json).toMatchObject({
      active: 1,
      clientId: `{${place.application.clientId}}`,
      userId: `{${String(body["user_id"])}}`,
      tokenType: "access_token",
    });
    expect((await introspect("unknown", "")).text).toBe('{"active":0}');
  });
  test("revoked, unknown and refresh tokens are inactive without other members", async () => {
    const dead = place.consent();
    place.control.revoke(dead.grant);
    for (const one of [dead.accessToken, "unknown", place.consent().refreshToken])
      expect(await introspect(one)).toMatchObject({ status: 200, text: '{"active":false}' });
  });
});

describe("Fitbit's rotation and revocation (gusto-and-fitbit.md §3.5, §3.7)", () => {
  const refresh = (refreshToken: string): Promise<ReceivedResponse> =>
    token({ ...formType, ...own() }, form({ grant_type: "refresh_token", refresh_token: refreshToken }));

  test("repeats the body for two minutes, even after the new token was used; then invalid_grant, and the grant stays active", async () => {
    const first = place.consent();
    const one = await refresh(first.refreshToken);
    expect((await place.send("GET", "/1/user/-/profile.json", bearer(one.json["access_token"] as string))).status).toBe(
      200,
    );
    place.control.advance(119);
    expect((await refresh(first.refreshToken)).text).toBe(one.text);
    place.control.advance(1);
    expect(await refresh(first.refreshToken)).toMatchObject({
      status: 400,
      json: { errors: [{ errorType: "invalid_grant" }] },
    });
    expect((await refresh(one.json["refresh_token"] as string)).status).toBe(200);
  });

  test("of two simultaneous refreshes the later gets 409, the earlier its tokens", async () => {
    const first = place.consent();
    place.control.fault({ what: "delay", ms: 60, when: "before_processing", operation: "refresh_token", times: 1 });
    const early = refresh(first.refreshToken);
    await expect.poll(() => place.control.faults()[0]!.struck).toBe(1);
    expect(await refresh(first.refreshToken)).toMatchObject({
      status: 409,
      json: { errors: [{ fieldName: "refresh_token" }], success: false },
    });
    expect((await early).status).toBe(200);
    place.control.clearFaults();
  });

  test("revoking one token ends every grant of that user for that application only", async () => {
    const [one, two] = [place.consent(), place.consent()];
    const grace = place.control.consent({ person: "Grace" });
    await place.send("POST", "/oauth2/revoke", { ...formType, ...own() }, form({ token: one.accessToken }));
    expect((await refresh(two.refreshToken)).status).toBe(400);
    expect((await refresh(grace.refreshToken)).status).toBe(200);
  });

  test("recover: issues a refresh token for a user whose own was lost", async () => {
    const { body } = place.consent();
    const response = await place.send(
      "POST",
      "/oauth2/recover",
      { ...formType, ...own() },
      form({ grant_type: "refresh_token", user_id: body["user_id"] as string }),
    );
    expect(response.json).toEqual({
      refresh_token: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      user_id: body["user_id"],
    });
    expect((await refresh(response.json["refresh_token"] as string)).status).toBe(200);
  });
});
