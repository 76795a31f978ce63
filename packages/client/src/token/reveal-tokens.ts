import { present } from "../present.ts";
import type { Tokens } from "./tokens.ts";

/**
 * The tokens in the clear, under their names on the wire: what to put into a store that is sealed by other means. Times
 * are texts of ISO 8601. `user_id` is there of Fitbit, `created_at` of Gusto.
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
  present({
    access_token: accessToken.reveal(),
    token_type: tokenType,
    refresh_token: refreshToken?.reveal(),
    id_token: idToken?.reveal(),
    expires_at: expiresAt?.toISOString(),
    scope,
    user_id: userId,
    created_at: createdAt?.toISOString(),
  });
