import { CodeChallengeMethod, generateCodeVerifier, generateState, OAuth2Client } from "arctic";
import { mustBeRefused, redirectUri, type NpmClient } from "./npm-client.ts";

export const arctic: NpmClient = {
  packageName: "arctic",
  methods: ["client_secret_basic"],
  async run({ issuer, credentials, allow, step }) {
    const client = new OAuth2Client(credentials.id, credentials.secret, redirectUri);
    const verifier = generateCodeVerifier();
    const left = await step("authorize", () =>
      allow(
        client.createAuthorizationURLWithPKCE(
          `${issuer}/oauth/authorize`,
          generateState(),
          CodeChallengeMethod.S256,
          verifier,
          ["payroll:read"],
        ).href,
      ),
    );
    const endpoint = `${issuer}/oauth/token`;
    const first = await step("redeem", () =>
      client.validateAuthorizationCode(endpoint, left.searchParams.get("code")!, verifier),
    );
    const second = await step("refresh", () => client.refreshAccessToken(endpoint, first.refreshToken(), []));
    await step("revoke", () => client.revokeToken(`${issuer}/oauth/revoke`, second.refreshToken()));
    await step("error answer", () =>
      mustBeRefused(
        "invalid_grant",
        () => client.refreshAccessToken(endpoint, second.refreshToken(), []),
        ({ code }: { code: string }) => code,
      ),
    );
  },
};
