import { generateKeyPairSync } from "node:crypto";
import { Provider, type Adapter } from "oidc-provider";
import { benchIssuer } from "../requests.ts";
import { daySeconds, redirectUri, scope, type Clients, type Credentials } from "../seeds/seed.ts";

/**
 * oidc-provider as a plain OAuth 2.0 server: opaque tokens, introspection, revocation, client credentials, and rotated
 * refresh tokens. Clients are in its configuration and accounts are invented, so it looks up neither.
 */
export const plainProvider = (
  { resourceServer, applications }: Clients,
  adapter: (model: string) => Adapter,
): Provider =>
  new Provider(benchIssuer, {
    adapter,
    clients: [
      { ...clientOf(resourceServer), redirect_uris: [], response_types: [], grant_types: [] },
      ...applications.map(applicationOf),
    ],
    scopes: scope.split(" "),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true },
      userinfo: { enabled: false },
    },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
    issueRefreshToken: () => true,
    rotateRefreshToken: () => true,
    expiresWithSession: () => false,
    ttl: {
      AccessToken: 2 * daySeconds,
      ClientCredentials: 600,
      RefreshToken: 30 * daySeconds,
      AuthorizationCode: 2 * daySeconds,
      Grant: 180 * daySeconds,
    },
    jwks: {
      keys: [
        { ...generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" }), use: "sig" },
      ],
    },
    cookies: { keys: ["no cookie is set in npm run bench"] },
  });

const clientOf = ({ id, secret }: Credentials) => ({
  client_id: id,
  client_secret: secret,
  token_endpoint_auth_method: "client_secret_basic",
});

const applicationOf = (application: Credentials) => ({
  ...clientOf(application),
  redirect_uris: [redirectUri],
  response_types: ["code"],
  grant_types: ["authorization_code", "refresh_token", "client_credentials"],
  scope,
});
