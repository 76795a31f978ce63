import { createClient, googleHealth, revealTokens, type ClientOptions, type GoogleHealthScope } from "@symbolon/client";
import type { Store } from "./options.ts";

/**
 * One client for the whole program. The profile asks for offline access and consent each time, without which Google
 * gives no refresh token.
 */
export const googleHealthClient = (options: ClientOptions<GoogleHealthScope>) => createClient(googleHealth, options);
type GoogleHealth = ReturnType<typeof googleHealthClient>;

export async function connect(google: GoogleHealth) {
  const scope = ["https://www.googleapis.com/auth/googlehealth.sleep.readonly"] as const;
  return await google.beginAuthorization({ redirectUri: "http://127.0.0.1:3000/callback", scope });
}

/** They came back. The refresh token comes this once. */
export async function connected(google: GoogleHealth, callback: string, transaction: string, store: Store) {
  const tokens = await google.finishAuthorization({ callback, transaction });
  await store(revealTokens(tokens));
  return tokens.accessToken;
}

/** The refresh token stays the same for ever, and answers leave it out: keep the one you have. */
export async function refreshed(google: GoogleHealth, refreshToken: string, store: Store) {
  const tokens = await google.refresh({ refreshToken });
  await store({ ...revealTokens(tokens), refresh_token: tokens.refreshToken?.reveal() ?? refreshToken });
  return tokens.accessToken;
}
