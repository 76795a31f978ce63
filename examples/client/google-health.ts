import { createClient, googleHealth, revealTokens, type ClientOptions } from "@symbolon/client";
import type { Store } from "./options.ts";

/**
 * Creates one client for the whole program. The profile requests offline access and consent each time; without them
 * Google returns no refresh token.
 */
export const googleHealthClient = (options: ClientOptions) => createClient(googleHealth, options);
type GoogleHealth = ReturnType<typeof googleHealthClient>;

/** Begins a sign-in: redirect the user to `url`, and keep `transaction` in their session. */
export async function connect(google: GoogleHealth) {
  const scope = ["https://www.googleapis.com/auth/googlehealth.sleep.readonly"] as const;
  return await google.beginAuthorization({ redirectUri: "http://127.0.0.1:3000/callback", scope });
}

/** Ends the sign-in once the user is redirected back. Google sends the refresh token only this once. */
export async function finishConnecting(google: GoogleHealth, callback: string, transaction: string, store: Store) {
  const tokens = await google.finishAuthorization({ callback, transaction });
  await store(revealTokens(tokens));
  return tokens.accessToken;
}

/** Refreshes. The refresh token never changes and is not in the response, so keep the one you have. */
export async function refreshTokens(google: GoogleHealth, refreshToken: string, store: Store) {
  const tokens = await google.refresh({ refreshToken });
  await store({ ...revealTokens(tokens), refresh_token: tokens.refreshToken?.reveal() ?? refreshToken });
  return tokens.accessToken;
}
