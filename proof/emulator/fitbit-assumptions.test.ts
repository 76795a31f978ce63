import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fitbit } from "@symbolon/emulator";
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
