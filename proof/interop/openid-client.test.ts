import * as openid from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authMethods, openPlace, redirectUriOf, registrationOf, type AuthMethod, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place.close());

const authenticationOf = {
  client_secret_basic: openid.ClientSecretBasic,
  client_secret_post: openid.ClientSecretPost,
  none: openid.None,
};

/** A client configured by discovery. Allows http for the loopback address; everything else is the default. */
async function discover(method: AuthMethod): Promise<openid.Configuration> {
  const { id, secret } = await place.register(registrationOf(method));
  return openid.discovery(place.issuer, id, undefined, authenticationOf[method](secret), {
    algorithm: "oauth2",
    execute: [openid.allowInsecureRequests],
  });
}

type Journey = { left: URL; checks: openid.AuthorizationCodeGrantChecks };

/** From the application's authorization request to the address that the browser is sent back to. */
async function authorize(
  config: openid.Configuration,
  method: AuthMethod,
  more: Record<string, string> = {},
): Promise<Journey> {
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const expectedState = openid.randomState();
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: redirectUriOf(method),
    scope: "payroll:read",
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
    ...more,
  });
  const left = await place.newBrowser().allow(url, { email: place.email });
  return { left, checks: { pkceCodeVerifier, expectedState } };
}

/** The configuration of the resource server, which introspects. */
const asResourceServer = (): Promise<openid.Configuration> =>
  openid.discovery(
    place.issuer,
    place.resourceServer.id,
    undefined,
    openid.ClientSecretBasic(place.resourceServer.secret),
    { algorithm: "oauth2", execute: [openid.allowInsecureRequests] },
  );

describe("openid-client 6.9.0: RFC 8414 §3: discovery", () => {
  test("by the oauth2 algorithm finds every endpoint", async () => {
    const found = (await discover("client_secret_basic")).serverMetadata();
    expect(found).toMatchObject({
      issuer: place.server.issuer,
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ["S256"],
    });
    expect(found.supportsPKCE()).toBe(true);
    for (const endpoint of [
      "authorization_endpoint",
      "token_endpoint",
      "introspection_endpoint",
      "revocation_endpoint",
    ] as const) {
      expect(found[endpoint]).toMatch(`${place.server.issuer}/oauth/`);
    }
  });
});

describe("openid-client 6.9.0: RFC 6749 §4.1, RFC 7636 and RFC 9207: a whole token life", () => {
  test.each(authMethods)("as %s: code with PKCE, refresh, introspection, revocation", async (method) => {
    const config = await discover(method);
    const { left, checks } = await authorize(config, method);
    expect(left.searchParams.get("iss")).toBe(place.server.issuer);

    const first = await openid.authorizationCodeGrant(config, left, checks);
    expect(first).toMatchObject({ token_type: "bearer", scope: "payroll:read" });
    expect(first.expiresIn()).toBeGreaterThan(0);

    const second = await openid.refreshTokenGrant(config, first.refresh_token!);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const asker = method === "none" ? await asResourceServer() : config;
    const described = await openid.tokenIntrospection(asker, second.access_token);
    expect(described).toMatchObject({
      active: true,
      scope: "payroll:read",
      client_id: config.clientMetadata().client_id,
      username: place.email,
    });

    await openid.tokenRevocation(config, second.refresh_token!);
    expect(await openid.tokenIntrospection(asker, second.access_token)).toEqual({ active: false });
    await expect(openid.refreshTokenGrant(config, second.refresh_token!)).rejects.toMatchObject({
      error: "invalid_grant",
      status: 400,
    });
  });

  test("RFC 8707 §2: the requested resource is the audience of the token", async () => {
    const config = await discover("client_secret_post");
    const { left, checks } = await authorize(config, "client_secret_post", { resource: place.resource });
    const { access_token } = await openid.authorizationCodeGrant(config, left, checks, { resource: place.resource });
    expect(await openid.tokenIntrospection(await asResourceServer(), access_token)).toMatchObject({
      active: true,
      aud: place.resource,
    });
  });
});

describe("openid-client 6.9.0: RFC 6749 §4.4: client credentials", () => {
  test.each(["client_secret_basic", "client_secret_post"] as const)("as %s", async (method) => {
    const config = await discover(method);
    const tokens = await openid.clientCredentialsGrant(config, { scope: "employees:read" });
    expect(tokens.refresh_token).toBeUndefined();
    expect(await openid.tokenIntrospection(config, tokens.access_token)).toMatchObject({
      active: true,
      scope: "employees:read",
      sub: config.clientMetadata().client_id,
    });
    await openid.tokenRevocation(config, tokens.access_token);
    expect(await openid.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
  });

  test("a public application is rejected with an error that the client understands", async () => {
    await expect(openid.clientCredentialsGrant(await discover("none"))).rejects.toMatchObject({
      error: "unauthorized_client",
      status: 400,
    });
  });
});

describe("openid-client 6.9.0: errors that the client understands", () => {
  test("RFC 6749 §4.1.2.1: a user who denies", async () => {
    const config = await discover("client_secret_basic");
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: redirectUriOf("client_secret_basic"),
      code_challenge: "A".repeat(43),
      code_challenge_method: "S256",
    });
    const left = await place.newBrowser().deny(url, { email: place.email });
    await expect(
      openid.authorizationCodeGrant(config, left, { pkceCodeVerifier: "A".repeat(43) }),
    ).rejects.toMatchObject({ error: "access_denied" });
  });

  test.each([
    ["of another server", (left: URL) => left.searchParams.set("iss", "https://id.attacker.example")],
    ["taken away", (left: URL) => left.searchParams.delete("iss")],
  ])("RFC 9207 §2.4: an iss %s stops the client before the code is sent", async (_, tamper) => {
    const config = await discover("client_secret_basic");
    const { left, checks } = await authorize(config, "client_secret_basic");
    const tampered = new URL(left);
    tamper(tampered);
    await expect(openid.authorizationCodeGrant(config, tampered, checks)).rejects.toMatchObject({
      code: "OAUTH_INVALID_RESPONSE",
    });
    expect((await openid.authorizationCodeGrant(config, left, checks)).access_token).toMatch(/^sym_at_/);
  });

  test("RFC 6749 §5.2: a wrong secret gets a challenge of the scheme that was used", async () => {
    const { id } = await place.register();
    const config = await openid.discovery(place.issuer, id, undefined, openid.ClientSecretBasic("wrong"), {
      algorithm: "oauth2",
      execute: [openid.allowInsecureRequests],
    });
    const refusal = await openid.clientCredentialsGrant(config).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(openid.WWWAuthenticateChallengeError);
    expect(refusal).toMatchObject({ status: 401, cause: [{ scheme: "basic" }] });
  });
});
