import {
  discoverAuthorizationServerMetadata,
  exchangeAuthorization,
  refreshAuthorization,
  startAuthorization,
} from "@modelcontextprotocol/sdk/client/auth.js";
import { must, mustBeRefused, redirectUri, type NpmClient } from "./npm-client.ts";

export const mcpSdk: NpmClient = {
  packageName: "@modelcontextprotocol/sdk",
  methods: ["client_secret_basic", "client_secret_post"],
  async run({ issuer, credentials, allow, step }, token_endpoint_auth_method) {
    const clientInformation = {
      client_id: credentials.id,
      client_secret: credentials.secret,
      redirect_uris: [redirectUri],
      token_endpoint_auth_method,
    };
    const metadata = await step("discover", async () => {
      const found = await discoverAuthorizationServerMetadata(issuer);
      must(found?.issuer === issuer, JSON.stringify(found));
      return found!;
    });
    const known = { metadata, clientInformation };
    const { authorizationUrl, codeVerifier } = await startAuthorization(issuer, {
      ...known,
      redirectUrl: redirectUri,
      scope: "payroll:read",
      state: "state-1",
    });
    const left = await step("authorize", () => allow(authorizationUrl.href));
    const first = await step("redeem", () =>
      exchangeAuthorization(issuer, {
        ...known,
        authorizationCode: left.searchParams.get("code")!,
        codeVerifier,
        redirectUri,
      }),
    );
    const refresh = (refreshToken: string) => refreshAuthorization(issuer, { ...known, refreshToken });
    await step("refresh", () => refresh(first.refresh_token!));
    await step("error answer", () =>
      mustBeRefused(
        "invalid_grant",
        () => refresh("sym_rt_unknown"),
        ({ errorCode }: { errorCode: string }) => errorCode,
      ),
    );
  },
};
