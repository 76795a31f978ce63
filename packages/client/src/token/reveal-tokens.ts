import { withoutUndefined } from "../without-undefined.ts";
import type { Tokens } from "./tokens.ts";

/**
 * The tokens in the clear under their wire names, for a store that encrypts them by other means. Times are ISO 8601
 * strings. `user_id` is set for Fitbit, `created_at` for Gusto.
 */
export const revealTokens = ({
  accessToken,
  refreshToken,
  idToken,
  tokenType,
  expiresAt,
  scope,
  userId,
  createdAt,
}: Tokens & { userId?: string; createdAt?: Date }) =>
  withoutUndefined({
    access_token: accessToken.reveal(),
    token_type: tokenType,
    refresh_token: refreshToken?.reveal(),
    id_token: idToken?.reveal(),
    expires_at: expiresAt?.toISOString(),
    scope,
    user_id: userId,
    created_at: createdAt?.toISOString(),
  });
