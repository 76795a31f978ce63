import { AuthorizationCode } from "simple-oauth2";
import { verifier, challenge } from "./pkce.ts";
import { mustBeRefused, redirectUri, type NpmClient } from "./npm-client.ts";

export const simpleOAuth2: NpmClient = {
  packageName: "simple-oauth2",
  methods: ["client_secret_basic", "client_secret_post"],
  async run({ issuer, credentials, allow, step }, method) {
    const client = new AuthorizationCode({
      client: credentials,
      auth: {
        tokenHost: issuer,
        tokenPath: "/oauth/token",
        revokePath: "/oauth/revoke",
        authorizePath: "/oauth/authorize",
      },
      options: { authorizationMethod: method === "client_secret_basic" ? "header" : "body" },
    });
    const left = await step("authorize", async () =>
      allow(
        client.authorizeURL({
          redirect_uri: redirectUri,
          scope: "payroll:read",
          state: "state-1",
          code_challenge: challenge,
          code_challenge_method: "S256",
        }),
      ),
    );
    const first = await step("redeem", () =>
      client.getToken({ code: left.searchParams.get("code"), redirect_uri: redirectUri, code_verifier: verifier }),
    );
    const second = await step("refresh", () => first.refresh());
    await step("revoke", () => second.revoke("refresh_token"));
    await step("error answer", () =>
      mustBeRefused(
        "invalid_grant",
        () => second.refresh(),
        ({ data }: { data: { payload: { error: string } } }) => data.payload.error,
      ),
    );
  },
};
