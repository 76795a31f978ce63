import { createFitbit, revealTokens, type FitbitOptions } from "@symbolon/client";
import type { Store } from "./options.ts";

/**
 * Creates one client for the whole program. Fitbit has closed its endpoints: run `npx symbolon emulate fitbit` and use
 * its address as base URL.
 */
export const fitbitClient = (options: FitbitOptions) => createFitbit(options);
type Fitbit = ReturnType<typeof fitbitClient>;

/** Begins a sign-in: redirect the user to `url`, and keep `transaction` in their session. */
export async function connect(fitbit: Fitbit) {
  return await fitbit.beginAuthorization({
    redirectUri: "http://127.0.0.1:3000/callback",
    scope: ["heartrate", "sleep"],
  });
}

/** Ends the sign-in once the user is redirected back: stores the tokens and returns the user's id. */
export async function finishConnecting(fitbit: Fitbit, callback: string, transaction: string, store: Store) {
  const tokens = await fitbit.finishAuthorization({ callback, transaction });
  await store(revealTokens(tokens));
  return tokens.userId;
}

/** The scopes of an access token: `{ heartrate: "READ", … }`. The token itself authorizes the request. */
export async function getScopes(fitbit: Fitbit, accessToken: string) {
  const state = await fitbit.auth.introspect({ token: accessToken, accessToken });
  return state.active ? state.scopes : undefined;
}

/** Refreshes. For two minutes Fitbit returns the same tokens again, so a lost response may be retried. */
export async function refreshTokens(fitbit: Fitbit, refreshToken: string, store: Store) {
  const tokens = await fitbit.auth.oauthToken({
    grantType: "refresh_token",
    refreshToken,
    retries: { strategy: "backoff", backoff: { maxElapsedTime: 60_000 }, retryConnectionErrors: true },
  });
  await store(revealTokens(tokens));
  return tokens.accessToken;
}
