import type { Assumption } from "../../provider/assumption.ts";

/** Settings for the parts of Fitbit's behaviour that are configurable or not publicly known. */
export type FitbitSettings = {
  /**
   * `ignore`: Fitbit as it was. `schedule`: every request is answered 410 from 2026-11-02 on, by the emulator's clock.
   */
  shutdown: "ignore" | "schedule";
  /** Requests per hour and consented user. null: no limit. */
  requestsPerHour: number | null;
  /** Two simultaneous requests with one refresh token: the later one gets 409, or the same answer. */
  simultaneousRefresh: "409" | "same_answer";
  pkceMismatch: "invalid_grant" | "invalid_request";
  /** HTTP status of the page that describes an invalid authorization request. */
  authorizeErrorStatus: number;
  clientCredentialsAnswer: "short" | "full";
  otherExpiresIn: "default" | "refuse";
  unknownRevocation: 200 | 400;
  refreshTokenIntrospection: "inactive" | "active";
};

export const defaultFitbitSettings: FitbitSettings = {
  shutdown: "ignore",
  requestsPerHour: 150,
  simultaneousRefresh: "409",
  pkceMismatch: "invalid_grant",
  authorizeErrorStatus: 400,
  clientCredentialsAnswer: "short",
  otherExpiresIn: "default",
  unknownRevocation: 200,
  refreshTokenIntrospection: "inactive",
};

export const fitbitAssumptions = {
  "fitbit-replay": {
    says: "A spent refresh token brings the identical body for 120 seconds, whether or not the new token was used.",
    setting: "rotation (of the profile)",
  },
  "fitbit-simultaneous": {
    says: "409 for two refreshes at once has the usual envelope, and the later of the two hears it.",
    setting: "simultaneousRefresh",
  },
  "fitbit-gone": { says: "410 has the usual envelope.", setting: "shutdown" },
  "fitbit-pkce-mismatch": {
    says: "A wrong code_verifier is invalid_grant, with the text of an invalid code.",
    setting: "pkceMismatch",
  },
  "fitbit-denial": { says: "A person who says no is sent back with error=access_denied.", setting: "none" },
  "fitbit-authorize-errors": {
    says: "The page that names an error of an authorization request has status 400.",
    setting: "authorizeErrorStatus",
  },
  "fitbit-client-credentials": {
    says: "client_credentials brings neither refresh_token nor user_id.",
    setting: "clientCredentialsAnswer",
  },
  "fitbit-expires-in": {
    says: "An expires_in outside the listed values is read as the default.",
    setting: "otherExpiresIn",
  },
  "fitbit-revoke-unknown": { says: "Revoking an unknown token is a 200.", setting: "unknownRevocation" },
  "fitbit-introspect-refresh": {
    says: 'A refresh token introspects as {"active":false}.',
    setting: "refreshTokenIntrospection",
  },
  "fitbit-access-type": {
    says: "READ or READ_WRITE comes from the application's Default Access Type.",
    setting: "readWrite (of the application)",
  },
  "fitbit-scope-abbreviations": {
    says: "The JWT abbreviates the newer scopes as cf, ecg, irn, oxy, res, tem.",
    setting: "none",
  },
  "fitbit-grant-type": {
    says: "An unknown grant_type is 400 unsupported_grant_type in the usual envelope.",
    setting: "none",
  },
  "fitbit-cors": {
    says: "Pages of any origin may call the token endpoints and the API: Client applications live in browsers.",
    setting: "none",
  },
  "fitbit-state": { says: "A state at the token endpoint has to match, and may be left out.", setting: "none" },
} as const satisfies Record<string, Assumption>;
