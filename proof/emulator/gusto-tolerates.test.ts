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
  place = await openPlace({ profile: "gusto" });
});
afterAll(() => place[Symbol.asyncDispose]());

const credentials = () => ({ client_id: place.application.clientId, client_secret: place.application.clientSecret });
const refreshForm = () => ({ grant_type: "refresh_token", refresh_token: place.consent().refreshToken });
const token = (headers: Record<string, string>, body: string, query = ""): Promise<ReceivedResponse> =>
  place.send("POST", `/oauth/token${query}`, headers, body);

describe("accepts what Gusto clients send (gusto-and-fitbit.md §5)", () => {
  test.each([
    ["JSON", () => token(jsonType, JSON.stringify({ ...credentials(), ...refreshForm() }))],
    [
      "JSON with a charset",
      () =>
        token(
          { "content-type": "application/json; charset=utf-8" },
          JSON.stringify({ ...credentials(), ...refreshForm() }),
        ),
    ],
    ["a form", () => token(formType, form({ ...credentials(), ...refreshForm() }))],
    [
      "a form with a charset",
      () =>
        token(
          { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" },
          form({ ...credentials(), ...refreshForm() }),
        ),
    ],
    ["JSON without any Content-Type", () => token({}, JSON.stringify({ ...credentials(), ...refreshForm() }))],
    ["a form without any Content-Type", () => token({}, form({ ...credentials(), ...refreshForm() }))],
    [
      "Accept */* and an empty cookie header",
      () => token({ ...jsonType, accept: "*/*", cookie: "" }, JSON.stringify({ ...credentials(), ...refreshForm() })),
    ],
    [
      "Basic and equal credentials in the body",
      () =>
        token(
          { ...formType, ...basic(place.application.clientId, place.application.clientSecret) },
          form({ ...credentials(), ...refreshForm() }),
        ),
    ],
    [
      "Basic alone",
      () =>
        token(
          { ...formType, ...basic(place.application.clientId, place.application.clientSecret) },
          form(refreshForm()),
        ),
    ],
    [
      "Basic with every character form-urlencoded",
      () =>
        token(
          {
            ...formType,
            ...basic(overEncoded(place.application.clientId), overEncoded(place.application.clientSecret)),
          },
          form(refreshForm()),
        ),
    ],
    [
      "an unrelated Authorization: Bearer header",
      () =>
        token({ ...jsonType, ...bearer("no-token-at-all") }, JSON.stringify({ ...credentials(), ...refreshForm() })),
    ],
    [
      "a registered redirect_uri on refresh",
      () =>
        token(
          jsonType,
          JSON.stringify({ ...credentials(), ...refreshForm(), redirect_uri: place.application.redirectUris[0] }),
        ),
    ],
    [
      "username, password, token_type_hint, state",
      () =>
        token(
          formType,
          form({
            ...credentials(),
            ...refreshForm(),
            username: "u",
            password: "p",
            token_type_hint: "refresh_token",
            state: "s",
          }),
        ),
    ],
    [
      "clientId instead of client_id",
      () =>
        token(
          formType,
          form({
            clientId: place.application.clientId,
            client_secret: place.application.clientSecret,
            ...refreshForm(),
          }),
        ),
    ],
  ])("%s", async (_what, ask) => {
    const response = await ask();
    expect(response).toMatchObject({ status: 200, json: { token_type: "Bearer", expires_in: 7200 } });
    expect(response.headers["content-type"]).toMatch(/^application\/json;?/);
    expect(response.headers["cache-control"]).toBe("no-store");
  });

  test("ignores an expired Authorization: Bearer header", async () => {
    await using own = await openPlace({ profile: "gusto" });
    const first = own.consent();
    own.control.advance(7200);
    expect((await own.send("GET", "/v1/token_info", bearer(first.accessToken))).status).toBe(401);
    const { clientId, clientSecret } = own.application;
    const body = JSON.stringify({
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: "refresh_token",
      refresh_token: first.refreshToken,
    });
    expect((await own.send("POST", "/oauth/token", { ...jsonType, ...bearer(first.accessToken) }, body)).status).toBe(
      200,
    );
  });

  test("a failed authentication consumes neither code nor refresh token: Basic first, then the body", async () => {
    const again = refreshForm();
    expect((await token({ ...formType, ...basic(place.application.clientId, "wrong") }, form(again))).status).toBe(401);
    expect((await token(formType, form({ ...credentials(), ...again }))).status).toBe(200);
    const redirectUri = place.application.redirectUris[0]!;
    const code = {
      grant_type: "authorization_code",
      code: place.control.code({ redirectUri }),
      redirect_uri: redirectUri,
    };
    expect(
      (await token(formType, form({ ...code, client_id: place.application.clientId, client_secret: "wrong" }))).status,
    ).toBe(401);
    expect((await token(formType, form({ ...credentials(), ...code }))).status).toBe(200);
  });

  test("answers below a base path", async () => {
    await using own = await openPlace({ profile: "gusto", basePath: "/prefix/gusto" });
    expect((await own.send("GET", "/v1/token_info", bearer(own.consent().accessToken))).status).toBe(200);
    expect(own.url).toMatch(/\/prefix\/gusto$/);
  });
});
