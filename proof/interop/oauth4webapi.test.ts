import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authMethods, openPlace, redirectUriOf, registrationOf, type AuthMethod, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place.close());

/** Allows http for the loopback address; everything else is the default. */
const overHttp = { [oauth.allowInsecureRequests]: true };

const authenticationOf = {
  client_secret_basic: oauth.ClientSecretBasic,
  client_secret_post: oauth.ClientSecretPost,
  none: oauth.None,
};

/** The arguments of every function of the library: the server, the client and its authentication. */
type Party = { as: oauth.AuthorizationServer; client: oauth.Client; auth: oauth.ClientAuth };

async function discover(): Promise<oauth.AuthorizationServer> {
  const response = await oauth.discoveryRequest(place.issuer, { algorithm: "oauth2", ...overHttp });
  return oauth.processDiscoveryResponse(place.issuer, response);
}

async function register(method: AuthMethod): Promise<Party> {
  const { id, secret } = await place.register(registrationOf(method));
  return { as: await discover(), client: { client_id: id }, auth: authenticationOf[method](secret) };
}

const resourceServer = async (): Promise<Party> => ({
  as: await discover(),
  client: { client_id: place.resourceServer.id },
  auth: oauth.ClientSecretPost(place.resourceServer.secret),
});

async function obtainTokens({ as, client, auth }: Party, method: AuthMethod): Promise<oauth.TokenEndpointResponse> {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(as.authorization_endpoint!);
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: redirectUriOf(method),
    scope: "employees:read payroll:read",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
  }).toString();
  const left = await place.newBrowser().allow(url, { email: place.email });
  const parameters = oauth.validateAuthResponse(as, client, left, state);
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    auth,
    parameters,
    redirectUriOf(method),
    verifier,
    overHttp,
  );
  return oauth.processAuthorizationCodeResponse(as, client, response);
}

async function refresh(
  { as, client, auth }: Party,
  refreshToken: string,
  more: Record<string, string> = {},
): Promise<oauth.TokenEndpointResponse> {
  const response = await oauth.refreshTokenGrantRequest(as, client, auth, refreshToken, {
    additionalParameters: more,
    ...overHttp,
  });
  return oauth.processRefreshTokenResponse(as, client, response);
}

async function introspect({ as, client, auth }: Party, token: string): Promise<oauth.IntrospectionResponse> {
  const response = await oauth.introspectionRequest(as, client, auth, token, overHttp);
  return oauth.processIntrospectionResponse(as, client, response);
}

async function revoke({ as, client, auth }: Party, token: string): Promise<void> {
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, token, overHttp));
}

describe("oauth4webapi 3.8.8: RFC 8414 §3.3: discovery", () => {
  test("by the oauth2 algorithm: returns the requested issuer", async () => {
    expect(await discover()).toMatchObject({
      issuer: place.server.issuer,
      grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
    });
  });

  test("by the oidc algorithm: 404, because there are no ID tokens", async () => {
    expect((await oauth.discoveryRequest(place.issuer, { algorithm: "oidc", ...overHttp })).status).toBe(404);
  });
});

describe("oauth4webapi 3.8.8: a whole token life, function by function", () => {
  test.each(authMethods)("as %s: RFC 6749 §4.1 and §6, RFC 7662, RFC 7009", async (method) => {
    const party = await register(method);
    const first = await obtainTokens(party, method);
    expect(first).toMatchObject({ token_type: "bearer", scope: "employees:read payroll:read" });

    const narrowed = await refresh(party, first.refresh_token!, { scope: "payroll:read" });
    expect(narrowed).toMatchObject({ token_type: "bearer", scope: "payroll:read" });
    const asker = method === "none" ? await resourceServer() : party;
    expect(await introspect(asker, narrowed.access_token)).toMatchObject({
      active: true,
      scope: "payroll:read",
      client_id: party.client.client_id,
    });

    await revoke(party, narrowed.access_token);
    expect(await introspect(asker, narrowed.access_token)).toEqual({ active: false });
    const third = await refresh(party, narrowed.refresh_token!);
    expect(third.scope).toBe("employees:read payroll:read");
    expect(await introspect(asker, third.access_token)).toMatchObject({ active: true });

    await revoke(party, third.refresh_token!);
    expect(await introspect(asker, third.access_token)).toEqual({ active: false });
    await expect(refresh(party, third.refresh_token!)).rejects.toMatchObject({ error: "invalid_grant", status: 400 });
  });

  test.each(["client_secret_basic", "client_secret_post"] as const)(
    "as %s: RFC 6749 §4.4: client credentials",
    async (method) => {
      const party = await register(method);
      const response = await oauth.clientCredentialsGrantRequest(
        party.as,
        party.client,
        party.auth,
        { scope: "payroll:read" },
        overHttp,
      );
      const tokens = await oauth.processClientCredentialsResponse(party.as, party.client, response);
      expect(tokens).toMatchObject({ token_type: "bearer", scope: "payroll:read" });
      expect(await introspect(party, tokens.access_token)).toMatchObject({ active: true, sub: party.client.client_id });
      await revoke(party, tokens.access_token);
      expect(await introspect(party, tokens.access_token)).toEqual({ active: false });
    },
  );
});

describe("oauth4webapi 3.8.8: RFC 7662 §2.1 and §4: who may introspect", () => {
  test("a public application with only its client_id is rejected", async () => {
    const party = await register("none");
    const { access_token } = await obtainTokens(party, "none");
    const response = await oauth.introspectionRequest(party.as, party.client, party.auth, access_token, overHttp);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: "invalid_client" });
  });

  test("the token is inactive for another application and active for its own", async () => {
    const [party, other] = [await register("client_secret_basic"), await register("client_secret_basic")];
    const { access_token } = await obtainTokens(party, "client_secret_basic");
    expect(await introspect(other, access_token)).toEqual({ active: false });
    expect(await introspect(party, access_token)).toMatchObject({ active: true });
  });
});
