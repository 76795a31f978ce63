import type { DatabaseSync } from "node:sqlite";
import { oauthProvider } from "@better-auth/oauth-provider";
import { betterAuth, type BetterAuthOptions } from "better-auth";
import { jwt } from "better-auth/plugins";
import { benchIssuer } from "../requests.ts";
import { scope } from "../seeds/seed.ts";

type Logger = NonNullable<BetterAuthOptions["logger"]>;

export const grantedScopes = [...scope.split(" "), "offline_access"];

/**
 * better-auth with its OAuth provider, on node:sqlite. Tokens are opaque, because no resource is requested; the
 * database stores hashes of tokens and client secrets.
 */
export const plainBetterAuth = (database: DatabaseSync, logger: Logger = { level: "error" }) =>
  betterAuth({
    baseURL: benchIssuer,
    basePath: "/api/auth",
    secret: "a secret of the bench, which guards nothing: 0f9a6c1e7b",
    database,
    plugins: [
      jwt(),
      oauthProvider({
        loginPage: "/sign-in",
        consentPage: "/consent",
        scopes: grantedScopes,
        silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
      }),
    ],
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger,
  });
