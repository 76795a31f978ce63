import type { Profile } from "../profile.ts";

const areas = {
  activity_and_fitness: "rw",
  ecg: "r",
  health_metrics_and_measurements: "rw",
  irn: "r",
  location: "r",
  nutrition: "rw",
  profile: "rw",
  settings: "rw",
  sleep: "rw",
} as const;

type Area = keyof typeof areas;
type Writable = { [A in Area]: (typeof areas)[A] extends "rw" ? A : never }[Area];

/** A scope of the Google Health API, such as `https://www.googleapis.com/auth/googlehealth.sleep.readonly`. */
export type GoogleHealthScope =
  `https://www.googleapis.com/auth/googlehealth.${`${Area}.readonly` | `${Writable}.writeonly`}`;

const scopeUri = (area: string, access: string) =>
  `https://www.googleapis.com/auth/googlehealth.${area}.${access}only` as GoogleHealthScope;

/**
 * Google Health, the successor of Fitbit's Web API, with Google's authorization server. Fitbit's tokens cannot be
 * migrated. Google returns a refresh token only with a consent, so every authorization request asks for consent; the
 * refresh token never changes.
 */
export const googleHealth: Profile<GoogleHealthScope> = {
  name: "google-health",
  issuer: "https://accounts.google.com",
  bases: { api: "https://oauth2.googleapis.com", authorize: "https://accounts.google.com" },
  endpoints: {
    authorization: "{authorize}/o/oauth2/v2/auth",
    token: "{api}/token",
    revocation: "{api}/revoke",
    tokenInfo: "{api}/tokeninfo",
  },
  authentication: "client_secret_post",
  scopes: Object.entries(areas).flatMap(([area, access]) =>
    access === "rw" ? [scopeUri(area, "read"), scopeUri(area, "write")] : [scopeUri(area, "read")],
  ),
  rotation: { kind: "none" },
  quirks: { authorizationParameters: { access_type: "offline", prompt: "consent" }, tokenInfoBy: "form" },
  checkedOn: "2026-11-25",
};
