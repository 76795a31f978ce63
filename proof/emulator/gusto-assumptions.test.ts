import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gusto } from "@symbolon/emulator";
import { basic, bearer, form, formType, jsonType, openPlace, type ReceivedResponse, type Place } from "./place.ts";

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

const expectedCodeAlone = { asymmetricMatch: (location: string) => /\?code=[\w-]+$/.test(location) };

describe("every assumption has a setting (gusto-and-fitbit.md §8)", () => {
  test.each([
    [
      "tokenErrors",
      gusto({ tokenErrors: "errors" }),
      (at: Place) => token({ grant_type: "refresh_token", refresh_token: "unknown" }, at),
      { status: 422, json: { errors: [{ category: "invalid_grant" }] } },
    ],
    [
      "secretInUrl",
      gusto({ secretInUrl: "accept" }),
      (at: Place) =>
        at.send(
          "POST",
          `/oauth/token?${form({ grant_type: "system_access", client_id: at.application.clientId, client_secret: at.application.clientSecret })}`,
        ),
      { status: 200 },
    ],
    [
      "basicAlone",
      gusto({ basicAlone: "refuse" }),
      (at: Place) =>
        at.send(
          "POST",
          "/oauth/token",
          { ...formType, ...basic(at.application.clientId, at.application.clientSecret) },
          "grant_type=system_access",
        ),
      { status: 401 },
    ],
    [
      "unauthorizedBody",
      gusto({ unauthorizedBody: "errors" }),
      (at: Place) => at.send("GET", "/v1/token_info"),
      { status: 401, json: { errors: [{ category: "invalid_token" }] } },
    ],
    [
      "tokenInfoScope",
      gusto({ tokenInfoScope: "introspection:read" }),
      (at: Place) => at.send("GET", "/v1/token_info", bearer(at.consent().accessToken)),
      { status: 403 },
    ],
    [
      "strictAccess",
      gusto({ strictAccess: "unsupported" }),
      (at: Place) => token({ grant_type: "strict_access", refresh_token: "x" }, at),
      { status: 400, json: { error: "unsupported_grant_type" } },
    ],
    [
      "pkce",
      gusto({ pkce: "ignore" }),
      async (at: Place) => {
        at.control.answerConsent("allow");
        const redirect_uri = at.application.redirectUris[0]!;
        const sent = await at.send(
          "GET",
          `/oauth/authorize?${form({ response_type: "code", client_id: at.application.clientId, redirect_uri, code_challenge: "x".repeat(43) })}`,
        );
        return token(
          {
            grant_type: "authorization_code",
            code: new URL(sent.headers["location"]!).searchParams.get("code")!,
            redirect_uri,
          },
          at,
        );
      },
      { status: 200 },
    ],
    [
      "state",
      gusto({ state: "drop" }),
      (at: Place) => {
        at.control.answerConsent("allow");
        return at.send(
          "GET",
          `/oauth/authorize?${form({ response_type: "code", client_id: at.application.clientId, redirect_uri: at.application.redirectUris[0]!, state: "s" })}`,
        );
      },
      { status: 302, headers: { location: expectedCodeAlone } },
    ],
    [
      "requestsPerMinute",
      gusto({ requestsPerMinute: 0 }),
      (at: Place) => at.send("GET", "/v1/token_info", bearer(at.consent().accessToken)),
      { status: 429 },
    ],
  ])("%s", async (_setting, profile, ask, expected) => {
    await using at = await openPlace({ profile });
    expect(await ask(at)).toMatchObject(expected);
  });
});
