import * as openid from "openid-client";
import { must, mustBeRefused, redirectUri, type NpmClient } from "./npm-client.ts";

export const openidClient: NpmClient = {
  packageName: "openid-client",
  methods: ["client_secret_basic", "client_secret_post"],
  async run({ issuer, credentials, allow, step }, method) {
    const authentication = method === "client_secret_basic" ? openid.ClientSecretBasic : openid.ClientSecretPost;
    const config = await step("discover", () =>
      openid.discovery(new URL(issuer), credentials.id, undefined, authentication(credentials.secret), {
        algorithm: "oauth2",
        execute: [openid.allowInsecureRequests],
      }),
    );
    const pkceCodeVerifier = openid.randomPKCECodeVerifier();
    const expectedState = openid.randomState();
    const left = await step("authorize", async () =>
      allow(
        openid.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: "payroll:read",
          code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
          code_challenge_method: "S256",
          state: expectedState,
        }).href,
      ),
    );
    const checks = { pkceCodeVerifier, expectedState };
    const first = await step("redeem", () => openid.authorizationCodeGrant(config, left, checks));
    const second = await step("refresh", () => openid.refreshTokenGrant(config, first.refresh_token!));
    await step("introspect", async () => {
      must((await openid.tokenIntrospection(config, second.access_token)).active, "the new access token is inactive");
    });
    await step("client credentials", () => openid.clientCredentialsGrant(config, { scope: "payroll:read" }));
    await step("revoke", () => openid.tokenRevocation(config, second.refresh_token!));
    await step("error answer", () =>
      mustBeRefused(
        "invalid_grant",
        () => openid.refreshTokenGrant(config, second.refresh_token!),
        ({ error }: { error: string }) => error,
      ),
    );
  },
};
