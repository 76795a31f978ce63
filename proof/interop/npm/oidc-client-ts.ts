import { InMemoryWebStorage, OidcClient, WebStorageStateStore, type UseRefreshTokenArgs } from "oidc-client-ts";
import { must, mustBeRefused, redirectUri, type NpmClient } from "./npm-client.ts";

export const oidcClientTs: NpmClient = {
  packageName: "oidc-client-ts",
  methods: ["client_secret_basic", "client_secret_post"],
  async run({ issuer, credentials, allow, step }, client_authentication) {
    const scope = "payroll:read";
    const client = new OidcClient({
      authority: issuer,
      metadataUrl: `${issuer}/.well-known/oauth-authorization-server`,
      client_id: credentials.id,
      client_secret: credentials.secret,
      client_authentication,
      redirect_uri: redirectUri,
      scope,
      stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    });
    await step("discover", async () => {
      const endpoint = await client.metadataService.getTokenEndpoint();
      must(endpoint === `${issuer}/oauth/token`, String(endpoint));
    });
    const left = await step("authorize", async () => allow((await client.createSigninRequest({})).url));
    const first = await step("redeem", () => client.processSigninResponse(left.href));
    const stateOf = (refresh_token: string): UseRefreshTokenArgs["state"] => ({
      refresh_token,
      session_state: null,
      scope,
      profile: {} as never,
    });
    const second = await step("refresh", () => client.useRefreshToken({ state: stateOf(first.refresh_token!) }));
    must(second.access_token !== first.access_token, "the same access token");
    await step("revoke", () => client.revokeToken(second.refresh_token!, "refresh_token"));
    await step("error answer", () =>
      mustBeRefused(
        "invalid_grant",
        () => client.useRefreshToken({ state: stateOf(second.refresh_token!) }),
        ({ error }: { error: string }) => error,
      ),
    );
  },
};
