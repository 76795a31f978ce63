import { createFitbit, type FitbitOptions } from "@symbolon/client";

/** Fitbit's own endpoints are closed: the bases are those of an emulator, `npx symbolon emulate fitbit`. */
export async function connect(options: FitbitOptions) {
  return await createFitbit(options).beginAuthorization({ redirectUri: "http://127.0.0.1:3000/callback", scope: ["heartrate", "sleep"] });
}

/** What a token is good for, asked as its own bearer: `{ heartrate: "READ", … }`. */
export async function scopesOf(options: FitbitOptions, accessToken: string) {
  const state = await createFitbit({ ...options, accessToken }).auth.introspect({ token: accessToken });
  return state.active ? state.scopes : undefined;
}

/** Within two minutes the same refresh token brings the same answer, so a lost one may be asked for again. */
export async function refreshed(options: FitbitOptions, refreshToken: string) {
  return await createFitbit(options).auth.oauthToken({
    grantType: "refresh_token",
    refreshToken,
    retries: { strategy: "backoff", backoff: { maxElapsedTime: 60_000 }, retryConnectionErrors: true },
  });
}
