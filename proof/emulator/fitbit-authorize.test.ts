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
