import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { AuthorizationCode } from "simple-oauth2";
import { describe, expect, test } from "vitest";
import { allow } from "./person.ts";
import { bearer, openPlace, type Place } from "./place.ts";

const redirectUri = "http://127.0.0.1:3000/callback";

/** Neither vendor has a discovery document, so the server is described by hand. */
const describedBy = (profile: "gusto" | "fitbit", url: string) =>
  profile === "gusto"
    ? { issuer: url, authorization_endpoint: `${url}/oauth/authorize`, token_endpoint: `${url}/oauth/token` }
    : {
        issuer: url,
        authorization_endpoint: `${url}/oauth2/authorize`,
        token_endpoint: `${url}/oauth2/token`,
        introspection_endpoint: `${url}/1.1/oauth2/introspect`,
        revocation_endpoint: `${url}/oauth2/revoke`,
      };

const scopeOf = { gusto: "companies:read public", fitbit: "activity profile" } as const;
const vendors = ["gusto", "fitbit"] as const;

const works = async (place: Place, profile: "gusto" | "fitbit", accessToken: string): Promise<boolean> =>
  (await place.send("GET", profile === "gusto" ? "/v1/token_info" : "/1/user/-/profile.json", bearer(accessToken)))
    .status === 200;

describe.each(vendors)("simple-oauth2 5.1.0 at %s", (profile) => {
  const clientOf = ({ url, application: { clientId: id, clientSecret: secret } }: Place): AuthorizationCode => {
    const path = profile === "gusto" ? "/oauth" : "/oauth2";
    const auth = {
      tokenHost: url,
      tokenPath: `${path}/token`,
      revokePath: `${path}/revoke`,
      authorizeHost: url,
      authorizePath: `${path}/authorize`,
    };
    return new AuthorizationCode({
      client: { id, secret },
      auth,
      ...(profile === "gusto" ? { options: { bodyFormat: "json", authorizationMethod: "body" } } : {}),
    });
  };

  test("exchanges a code, refreshes, and is refused with a revoked token", async () => {
    await using place = await openPlace({ profile });
    const client = clientOf(place);
    const back = await allow(client.authorizeURL({ redirect_uri: redirectUri, scope: scopeOf[profile], state: "s" }));
    const first = await client.getToken({
      code: back.searchParams.get("code")!,
      redirect_uri: redirectUri,
      scope: scopeOf[profile],
    });
    expect(first.token.scope).toBe(scopeOf[profile]);
    const next = await first.refresh();
    expect(await works(place, profile, next.token.access_token)).toBe(true);
    if (profile === "fitbit") {
      await next.revoke("refresh_token");
      expect(await works(place, profile, next.token.access_token)).toBe(false);
    } else {
      expect(await works(place, profile, first.token.access_token)).toBe(false);
      await expect(first.refresh()).rejects.toThrow("Bad Request");
    }
  });
});

describe.each(vendors)("openid-client 6.9.0 at %s", (profile) => {
  const configure = (
    { url, application: { clientId, clientSecret } }: Place,
    authentication: openid.ClientAuth = openid.ClientSecretBasic(clientSecret),
  ): openid.Configuration => {
    const configuration = new openid.Configuration(describedBy(profile, url), clientId, undefined, authentication);
    openid.allowInsecureRequests(configuration);
    return configuration;
  };

  const methods = { basic: openid.ClientSecretBasic, post: openid.ClientSecretPost };

  test.each(Object.entries(methods))(
    "code with PKCE, refresh, introspect, revoke with client_secret_%s",
    async (_method, method) => {
      await using place = await openPlace({ profile });
      const configuration = configure(place, method(place.application.clientSecret));
      const pkceCodeVerifier = openid.randomPKCECodeVerifier();
      const code_challenge = await openid.calculatePKCECodeChallenge(pkceCodeVerifier);
      const asked = openid.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: scopeOf[profile],
        state: "s",
        code_challenge,
        code_challenge_method: "S256",
      });
      const back = await allow(asked);
      const first = await openid.authorizationCodeGrant(configuration, back, { pkceCodeVerifier, expectedState: "s" });
      expect(first).toMatchObject({ token_type: "bearer", scope: scopeOf[profile] });
      const next = await openid.refreshTokenGrant(configuration, first.refresh_token!);
      expect(await works(place, profile, next.access_token)).toBe(true);
      if (profile === "gusto") {
        await expect(openid.refreshTokenGrant(configuration, first.refresh_token!)).rejects.toMatchObject({
          error: "invalid_grant",
          status: 400,
        });
        return;
      }
      expect(
        await openid.tokenIntrospection(configuration, next.access_token),
        "Fitbit's non-standard values pass through",
      ).toMatchObject({
        active: true,
        scope: "{ACTIVITY=READ, PROFILE=READ}",
        token_type: "access_token",
        exp: (place.control.now() + 28_800) * 1000,
      });
      await openid.tokenRevocation(configuration, next.refresh_token!);
      expect(await openid.tokenIntrospection(configuration, next.access_token)).toEqual({ active: false });
      await expect(
        openid.refreshTokenGrant(configuration, next.refresh_token!),
        "Fitbit's errors are not RFC 6749 errors",
      ).rejects.toMatchObject({ code: "OAUTH_RESPONSE_IS_NOT_CONFORM" });
    },
  );
});

test("openid-client 6.9.0: system_access, Gusto's own grant", async () => {
  await using place = await openPlace({ profile: "gusto" });
  const { clientId, clientSecret } = place.application;
  const configuration = new openid.Configuration(
    describedBy("gusto", place.url),
    clientId,
    undefined,
    openid.ClientSecretPost(clientSecret),
  );
  openid.allowInsecureRequests(configuration);
  expect(await openid.genericGrantRequest(configuration, "system_access", {})).toMatchObject({
    token_type: "bearer",
    created_at: place.control.now(),
  });
});

test("openid-client 6.9.0: a public Fitbit client with PKCE", async () => {
  await using place = await openPlace({ profile: "fitbit", applications: [{ type: "client" }] });
  const configuration = new openid.Configuration(
    describedBy("fitbit", place.url),
    place.application.clientId,
    undefined,
    openid.None(),
  );
  openid.allowInsecureRequests(configuration);
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const code_challenge = await openid.calculatePKCECodeChallenge(pkceCodeVerifier);
  const back = await allow(
    openid.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: "activity",
      code_challenge,
      code_challenge_method: "S256",
    }),
  );
  const first = await openid.authorizationCodeGrant(configuration, back, { pkceCodeVerifier });
  expect((await openid.refreshTokenGrant(configuration, first.refresh_token!)).scope).toBe("activity");
});

describe.each(vendors)("oauth4webapi 3.8.8 at %s", (profile) => {
  const insecure = { [oauth.allowInsecureRequests]: true };

  test("code with PKCE, refresh, introspect, revoke", async () => {
    await using place = await openPlace({ profile });
    const as: oauth.AuthorizationServer = describedBy(profile, place.url);
    const client = { client_id: place.application.clientId };
    const auth = oauth.ClientSecretBasic(place.application.clientSecret);
    const verifier = oauth.generateRandomCodeVerifier();
    const url = new URL(as.authorization_endpoint!);
    url.search = new URLSearchParams({
      ...client,
      response_type: "code",
      redirect_uri: redirectUri,
      scope: scopeOf[profile],
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state: "s",
    }).toString();
    const parameters = oauth.validateAuthResponse(as, client, await allow(url), "s");
    const first = await oauth.processAuthorizationCodeResponse(
      as,
      client,
      await oauth.authorizationCodeGrantRequest(as, client, auth, parameters, redirectUri, verifier, insecure),
    );
    const next = await oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, auth, first.refresh_token!, insecure),
    );
    expect(next).toMatchObject({ token_type: "bearer", scope: scopeOf[profile] });
    expect(await works(place, profile, next.access_token)).toBe(true);
    if (profile === "gusto") return;
    const seen = await oauth.processIntrospectionResponse(
      as,
      client,
      await oauth.introspectionRequest(as, client, auth, next.access_token, insecure),
    );
    expect(seen).toMatchObject({ active: true, user_id: expect.any(String) as unknown });
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, next.access_token, insecure));
    expect(await works(place, profile, next.access_token)).toBe(false);
  });
});
