import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import FitbitApiClient from "fitbit-node";
import { FitbitOAuth2Strategy } from "passport-fitbit-oauth2";
import { allow } from "./person.ts";
import { openPlace, type Place } from "./place.ts";

const callbackURL = "http://127.0.0.1:3000/callback";

describe("passport-fitbit-oauth2 1.0.2", () => {
  type Login = { accessToken: string; refreshToken: string; parameters: Record<string, unknown> };
  type Outcome =
    | { redirect: string }
    | { user: Login }
    | { error: Error & { oauthError?: { statusCode: number; data: string } } };

  /** What passport itself does with a strategy: gives it the ways out, and waits which one it takes. */
  function strategyOf({ application, url }: Place): (query: Record<string, string>) => Promise<Outcome> {
    const options = {
      clientID: application.clientId,
      clientSecret: application.clientSecret,
      callbackURL,
      authorizationURL: `${url}/oauth2/authorize`,
      tokenURL: `${url}/oauth2/token`,
      scope: ["activity", "profile"],
      skipUserProfile: true,
    };
    const strategy = new FitbitOAuth2Strategy(options, (accessToken, refreshToken, parameters, _profile, done) =>
      done(null, { accessToken, refreshToken, parameters }),
    );
    return (query) =>
      new Promise((resolve) => {
        const ways = {
          redirect: (to: string) => resolve({ redirect: to }),
          success: (user: Login) => resolve({ user }),
          error: (error: Error) => resolve({ error }),
          fail: () => resolve({ error: new Error("fail") }),
        };
        Object.assign(Object.create(strategy) as FitbitOAuth2Strategy, ways).authenticate({ query });
      });
  }

  test("signs in and gets tokens", async () => {
    await using place = await openPlace({ profile: "fitbit" });
    const login = strategyOf(place);
    const sent = (await login({})) as { redirect: string };
    const back = await allow(sent.redirect);
    const outcome = (await login(Object.fromEntries(back.searchParams))) as { user: Login };
    expect(outcome.user.parameters).toMatchObject({
      token_type: "Bearer",
      expires_in: 28_800,
      scope: "activity profile",
      user_id: expect.any(String) as unknown,
    });
    expect(outcome.user.refreshToken).toMatch(/^[0-9a-f]{64}$/);
    const [request] = place.control.requests("authorization_code");
    expect(request, "Basic and the body, both").toMatchObject({
      authorization: expect.stringMatching(/^Basic /) as unknown,
      parameters: { client_id: place.application.clientId, client_secret: expect.any(String) as unknown },
    });
  });

  test("an unknown code: the error has Fitbit's text", async () => {
    await using place = await openPlace({ profile: "fitbit" });
    const { error } = (await strategyOf(place)({ code: "0".repeat(40) })) as {
      error: Error & { oauthError: { statusCode: number; data: string } };
    };
    expect(error.name).toBe("InternalOAuthError");
    expect(error.oauthError.statusCode).toBe(400);
    expect(JSON.parse(error.oauthError.data)).toMatchObject({ errors: [{ errorType: "invalid_grant" }] });
  });
});

describe("fitbit-node 2.2.0", () => {
  const require = createRequire(import.meta.url);
  const { create } = createRequire(require.resolve("fitbit-node"))("simple-oauth2") as {
    create(options: object): unknown;
  };

  /** Its hosts are hard-coded, so two fields of the instance are replaced. */
  function clientOf({ application: { clientId, clientSecret }, url }: Place): FitbitApiClient {
    const client = new FitbitApiClient({ clientId, clientSecret });
    client.oauth2 = create({
      client: { id: clientId, secret: clientSecret },
      auth: {
        tokenHost: url,
        tokenPath: "oauth2/token",
        revokePath: "oauth2/revoke",
        authorizeHost: url,
        authorizePath: "oauth2/authorize",
      },
      options: { useBasicAuthorizationHeader: true },
    });
    client.getUrl = (path, user) => `${url}/1/user/${user ?? "-"}${path}`;
    return client;
  }

  test("exchanges a code, reads the profile, refreshes and revokes", async () => {
    await using place = await openPlace({ profile: "fitbit" });
    const client = clientOf(place);
    const back = await allow(client.getAuthorizeUrl("activity profile", callbackURL));
    const first = await client.getAccessToken(back.searchParams.get("code")!, callbackURL);
    expect((await client.get("/profile.json", first.access_token))[0]).toMatchObject({
      user: { encodedId: first.user_id },
    });
    const next = await client.refreshAccessToken(first.access_token, first.refresh_token);
    expect(next.refresh_token).not.toBe(first.refresh_token);
    await client.revokeAccessToken(next.access_token);
    const [body, response] = await client.get("/profile.json", next.access_token);
    expect({ status: response.statusCode, body }).toMatchObject({
      status: 401,
      body: { errors: [{ errorType: "invalid_token" }] },
    });
    await expect(client.refreshAccessToken(next.access_token, next.refresh_token)).rejects.toThrow("Bad Request");
  });

  test("refreshes on 401 expired_token", async () => {
    await using place = await openPlace({ profile: "fitbit" });
    const { accessToken } = place.consent();
    place.control.advance(28_800);
    const [body] = await clientOf(place).get("/profile.json", accessToken);
    expect(body).toMatchObject({ errors: [{ errorType: "expired_token" }] });
  });
});
