import { createFitbit, revealTokens, type FitbitOptions } from "@symbolon/client";
import type { Store } from "./options.ts";

/**
 * One client for the whole program. Fitbit's own endpoints are closed: the bases are those of `npx symbolon emulate
 * fitbit`.
 */
export const fitbitClient = (options: FitbitOptions) => createFitbit(options);
type Fitbit = ReturnType<typeof fitbitClient>;

export async function connect(fitbit: Fitbit) {
  return await fitbit.beginAuthorization({
    redirectUri: "http://127.0.0.1:3000/callback",
    scope: ["heartrate", "sleep"],
  });
}

/** They came back: store the tokens, and whose they are. */
export async function connected(fitbit: Fitbit, callback: string, transaction: string, store: Store) {
  const tokens = await fitbit.finishAuthorization({ callback, transaction });
  await store(revealTokens(tokens));
  return tokens.userId;
}

/** What a token is good for, asked as its own bearer: `{ heartrate: "READ", … }`. */
export async function scopesOf(fitbit: Fitbit, accessToken: string) {
  const state = await fitbit.auth.introspect({ token: accessToken, accessToken });
  return state.active ? state.scopes : undefined;
}

/** Within two minutes the same refresh token brings the same answer, so a lost one may be asked for again. */
export async function refreshed(fitbit: Fitbit, refreshToken: string, store: Store) {
  const tokens = await fitbit.auth.oauthToken({
    grantType: "refresh_token",
    refreshToken,
    retries: { strategy: "backoff", backoff: { maxElapsedTime: 60_000 }, retryConnectionErrors: true },
  });
  await store(revealTokens(tokens));
  return tokens.accessToken;
}
