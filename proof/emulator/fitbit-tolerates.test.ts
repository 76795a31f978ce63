import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  basic,
  bearer,
  form,
  formType,
  jsonType,
  openPlace,
  overEncoded,
  type ReceivedResponse,
  type Place,
} from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await openPlace({ profile: "fitbit" });
});
afterAll(() => place[Symbol.asyncDispose]());

const own = () => basic(place.application.clientId, place.application.clientSecret);
const fresh = () => ({ grant_type: "refresh_token", refresh_token: place.consent("activity profile").refreshToken });
const token = (headers: Record<string, string>, body: string, query = ""): Promise<ReceivedResponse> =>
  place.send("POST", `/oauth2/token${query}`, headers, body);
const inBody = () => ({ client_id: place.application.clientId, client_secret: place.application.clientSecret });

describe("accepts what Fitbit clients send (gusto-and-fitbit.md §5)", () => {
  test.each([
    ["a form", () => token({ ...formType, ...own() }, form(fresh()))],
    [
      "a form with a charset",
      () => token({ "content-type": "application/x-www-form-urlencoded;charset=UTF-8", ...own() }, form(fresh())),
    ],
    ["a form without any Content-Type", () => token(own(), form(fresh()))],
    [
      "all parameters in the query, no body",
      () =>
        token(
          { ...own(), accept: "application/json" },
          "",
          `?${form({ client_id: place.application.clientId, ...fresh() })}`,
        ),
    ],
    [
      "all parameters in the query, {} as a JSON body",
      () => token({ ...own(), ...jsonType }, "{}", `?${form({ client_id: place.application.clientId, ...fresh() })}`),
    ],
    [
      "all parameters in the query, an empty JSON body",
      () => token({ ...own(), ...jsonType }, "", `?${form(fresh())}`),
    ],
    [
      "Basic with every character form-urlencoded",
      () =>
        token(
          {
            ...formType,
            ...basic(overEncoded(place.application.clientId), overEncoded(place.application.clientSecret)),
          },
          form(fresh()),
        ),
    ],
    ["Basic and the same in the body", () => token({ ...formType, ...own() }, form({ ...fresh(), ...inBody() }))],
    ["the credentials in the body alone", () => token(formType, form({ ...fresh(), ...inBody() }))],
    [
      "username, password, token_type_hint, state",
      () =>
        token(
          { ...formType, ...own() },
          form({ ...fresh(), username: "u", password: "p", token_type_hint: "refresh_token", state: "s" }),
        ),
    ],
    [
      "clientId instead of client_id",
      () =>
        token(
          formType,
          form({ ...fresh(), clientId: place.application.clientId, client_secret: place.application.clientSecret }),
        ),
    ],
    [
      "an empty cookie header, no Accept, no User-Agent",
      () => token({ ...formType, ...own(), cookie: "" }, form(fresh())),
    ],
  ])("%s", async (_what, ask) => {
    const response = await ask();
    expect(response).toMatchObject({
      status: 200,
      json: { token_type: "Bearer", expires_in: 28_800, scope: "activity profile" },
    });
    expect(Object.keys(response.json)).toEqual([
      "access_token",
      "expires_in",
      "refresh_token",
      "scope",
      "token_type",
      "user_id",
    ]);
    expect(response.headers["content-type"]).toBe("application/json;charset=utf-8");
    expect(response.headers).toMatchObject({
      "fitbit-rate-limit-limit": "150",
      "fitbit-rate-limit-remaining": expect.stringMatching(/^\d+$/) as unknown,
      "fitbit-rate-limit-reset": expect.stringMatching(/^\d+$/) as unknown,
    });
  });

  test("tries Basic credentials as sent, then form-decoded", async () => {
    await using other = await openPlace({
      profile: "fitbit",
      applications: [{ clientId: "cid_a", clientSecret: "s%2Bx" }],
    });
    const refresh = (headers: Record<string, string>) =>
      other.send(
        "POST",
        "/oauth2/token",
        { ...formType, ...headers },
        form({ grant_type: "refresh_token", refresh_token: other.consent().refreshToken }),
      );
    expect((await refresh(basic("cid_a", "s%2Bx"))).status).toBe(200);
    expect((await refresh(basic("cid%5Fa", "s%252Bx"))).status).toBe(200);
    expect((await refresh(basic("cid_a", "s+x"))).status).toBe(401);
  });

  test("a Client application by its id alone, a Personal one with or without a secret", async () => {
    await using others = await openPlace({
      profile: "fitbit",
      applications: [{ type: "client" }, { type: "personal" }],
    });
    const [client, personal] = others.emulated.applications;
    const refresh = (clientId: string, headers: Record<string, string> = {}) =>
      others.send(
        "POST",
        "/oauth2/token",
        { ...formType, ...headers },
        form({
          grant_type: "refresh_token",
          refresh_token: others.control.consent({ application: clientId }).refreshToken,
          client_id: clientId,
        }),
      );
    expect(client!.clientSecret).toBeNull();
    expect((await refresh(client!.clientId)).status).toBe(200);
    expect((await refresh(personal!.clientId)).status).toBe(200);
    expect((await refresh(personal!.clientId, basic(personal!.clientId, personal!.clientSecret!))).status).toBe(200);
  });

  test("a failed authentication consumes neither code nor refresh token", async () => {
    const again = fresh();
    expect((await token({ ...formType, ...basic(place.application.clientId, "wrong") }, form(again))).status).toBe(401);
    expect((await token(formType, form({ ...again, ...inBody() }))).status).toBe(200);
    const code = { grant_type: "authorization_code", code: place.control.code() };
    expect((await token({ ...formType, ...basic(place.application.clientId, "wrong") }, form(code))).status).toBe(401);
    expect((await token(formType, form({ ...code, ...inBody() }))).status).toBe(200);
  });

  test("introspection with a bearer token or Basic", async () => {
    const { accessToken } = place.consent();
    for (const headers of [bearer(accessToken), own()]) {
      expect(
        (await place.send("POST", "/1.1/oauth2/introspect", { ...formType, ...headers }, form({ token: accessToken })))
          .json,
      ).toMatchObject({ active: true });
    }
  });

  test("profile.json in versions 1 and 1.2", async () => {
    const { accessToken } = place.consent("profile");
    for (const version of ["1", "1.2"]) {
      expect((await place.send("GET", `/${version}/user/-/profile.json`, bearer(accessToken))).json).toMatchObject({
        user: { encodedId: expect.stringMatching(/^[0-9A-Z]{6}$/) as unknown, displayName: "Ada" },
      });
    }
  });

  test.each<[string, unknown]>([
    ["activities/date/2026-10-01.json", { activities: [], summary: { steps: 0 }, goals: { steps: 10_000 } }],
    ["activities/steps/date/2026-10-01/1d.json", { "activities-steps": [{ dateTime: "2026-10-01", value: "0" }] }],
    ["activities/heart/date/2026-10-01/1d.json", { "activities-heart": [{ value: { heartRateZones: [] } }] }],
    ["activities/list.json", { activities: [], pagination: { next: "" } }],
    ["activities.json", { lifetime: { total: { steps: 0 } } }],
    ["sleep/date/2026-10-01.json", { sleep: [], summary: { totalMinutesAsleep: 0 } }],
    ["sleep/list.json", { sleep: [], pagination: { next: "" } }],
    ["body/log/weight/date/2026-10-01.json", { weight: [] }],
    ["body/bmi/date/2026-10-01/1d.json", { "body-bmi": [{ value: "0" }] }],
    ["foods/log/date/2026-10-01.json", { foods: [], summary: { calories: 0 } }],
    ["foods/log/water/date/2026-10-01.json", { water: [], summary: { water: 0 } }],
    ["devices.json", []],
    ["friends.json", { data: [] }],
    ["hrv/date/2026-10-01.json", { hrv: [] }],
    ["spo2/date/2026-10-01.json", []],
    ["br/date/2026-10-01.json", { br: [] }],
    ["temp/skin/date/2026-10-01.json", { tempSkin: [] }],
    ["temp/core/date/2026-10-01.json", { tempCore: [] }],
    ["cardioscore/date/2026-10-01.json", { cardioScore: [] }],
    ["ecg/list.json", { ecgReadings: [] }],
  ])("%s has the shape of the real body", async (path, body) => {
    const response = await place.send("GET", `/1/user/-/${path}`, bearer(place.consent().accessToken));
    expect(response.status).toBe(200);
    expect(JSON.parse(response.text)).toMatchObject(body as object);
  });

  test("revoke: 200 with a JSON media type and an empty body", async () => {
    const { refreshToken } = place.consent();
    expect(
      await place.send("POST", "/oauth2/revoke", { ...formType, ...own() }, form({ token: refreshToken })),
    ).toMatchObject({ status: 200, text: "", headers: { "content-type": "application/json", "content-length": "0" } });
  });

  test("CORS: answers preflight requests and exposes headers", async () => {
    const origin = "https://spa.example";
    const asked = await place.send("OPTIONS", "/oauth2/token", {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization",
    });
    expect(asked).toMatchObject({
      status: 204,
      headers: { "access-control-allow-origin": "*", "access-control-allow-headers": "authorization" },
    });
    const response = await token({ ...formType, ...own(), origin }, form(fresh()));
    expect(response.headers).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-expose-headers": expect.stringContaining("fitbit-rate-limit-remaining") as unknown,
    });
  });

  test("answers below its base path only", async () => {
    await using below = await openPlace({ profile: "fitbit", basePath: "/fit" });
    expect((await below.send("GET", "/1/user/-/profile.json", bearer(below.consent().accessToken))).status).toBe(200);
    expect(
      (await fetch(new URL("/1/user/-/profile.json", below.url), { headers: bearer(below.consent().accessToken) }))
        .status,
    ).toBe(404);
  });
});

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
