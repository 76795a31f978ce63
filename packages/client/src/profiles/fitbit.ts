import type { Profile } from "../profile.ts";

/** All scopes that Fitbit documented. */
export const fitbitScopes = [
  "activity",
  "cardio_fitness",
  "electrocardiogram",
  "heartrate",
  "irregular_rhythm_notifications",
  "location",
  "nutrition",
  "oxygen_saturation",
  "profile",
  "respiratory_rate",
  "settings",
  "sleep",
  "social",
  "temperature",
  "weight",
] as const;

/** A scope of Fitbit. */
export type FitbitScope = (typeof fitbitScopes)[number];

/**
 * Fitbit's Web API. It was shut down on 2 November 2026 and answers 410; use this profile with the emulator. A refresh
 * token works once; presented again within two minutes it returns the same tokens.
 */
export const fitbit: Profile<FitbitScope> = {
  name: "fitbit",
  bases: { api: "https://api.fitbit.com", authorize: "https://www.fitbit.com" },
  endpoints: {
    authorization: "{authorize}/oauth2/authorize",
    token: "{api}/oauth2/token",
    introspection: "{api}/1.1/oauth2/introspect",
    revocation: "{api}/oauth2/revoke",
  },
  authentication: "basic_raw",
  scopes: fitbitScopes,
  rotation: { kind: "replay", windowSeconds: 120 },
  quirks: {
    tokenType: "Bearer",
    expiresInSeconds: 28_800,
    refusals: { insufficient_permissions: "client_refused" },
  },
  checkedOn: "2026-11-25",
};
