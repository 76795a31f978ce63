import { generateCodeVerifier, OAuth2Client } from "@badgateway/oauth2-client";
import { must, mustBeRefused, redirectUri, type NpmClient } from "./npm-client.ts";

export const badgateway: NpmClient = {
  packageName: "@badgateway/oauth2-client",
  methods: ["client_secret_basic", "client_secret_post"],
  async run({ issuer, credentials, allow, step }, authenticationMethod) {
    const client = new OAuth2Client({
      server: `${issuer}/`,
      clientId: credentials.id,
      clientSecret: credentials.secret,
      discoveryEndpoint: "/.well-known/oauth-authorization-server",
      authenticationMethod,
    });
    await step("discover", async () => {
      const endpoint = await client.getEndpoint("introspectionEndpoint");
      must(endpoint === `${issuer}/oauth/introspect`, endpoint);
    });
    const codeVerifier = await generateCodeVerifier();
    const sent = { redirectUri, state: "state-1", codeVerifier };
    const left = await step("authorize", async () =>
      allow(await client.authorizationCode.getAuthorizeUri({ ...sent, scope: ["payroll:read"] })),
    );
    const first = await step("redeem", () => client.authorizationCode.getTokenFromCodeRedirect(left.href, sent));
    const second = await step("refresh", () => client.refreshToken(first));
    await step("introspect", async () => {
      must((await client.introspect(second)).active, "the new access token is inactive");
    });
    await step("client credentials", () => client.clientCredentials({ scope: ["payroll:read"] }));
    await step("revoke", () => client.revoke(second, "refresh_token"));
    await step("error answer", () =>
      mustBeRefused(
        "invalid_grant",
        () => client.refreshToken(second),
        ({ oauth2Code }: { oauth2Code: string }) => oauth2Code,
      ),
    );
  },
};
