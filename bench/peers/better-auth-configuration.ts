import type { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { bearer, deviceAuthorization } from "better-auth/plugins";
import { benchIssuer } from "../requests.ts";

/**
 * better-auth on node:sqlite. Version 1.7 has moved its OAuth provider to a package of its own, which is not installed;
 * what is left that issues and checks tokens is the device grant (RFC 8628), whose access token is a session.
 */
export const plainBetterAuth = (database: DatabaseSync) =>
  betterAuth({
    baseURL: benchIssuer,
    basePath: "/api/auth",
    secret: "a secret of the bench, which guards nothing: 0f9a6c1e7b",
    database,
    plugins: [bearer(), deviceAuthorization({ validateClient: () => true })],
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: "error" },
  });
