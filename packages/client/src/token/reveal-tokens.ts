import { present } from "../present.ts";
import type { Tokens } from "./tokens.ts";

/** The tokens in the clear, under their names on the wire: what to put into a store that is sealed by other means. */
export const revealTokens = ({ accessToken, refreshToken, idToken, tokenType, expiresAt, scope }: Tokens) =>
  present({
    access_token: accessToken.reveal(),
    token_type: tokenType,
    refresh_token: refreshToken?.reveal(),
    id_token: idToken?.reveal(),
    expires_at: expiresAt?.toISOString(),
    scope,
  });
