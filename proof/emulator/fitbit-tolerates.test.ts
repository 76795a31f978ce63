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
