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
  /** The error code of a wrong code verifier. */
  pkceMismatch: "invalid_grant" | "invalid_request";
  /** HTTP status of the page that describes an invalid authorization request. */
  authorizeErrorStatus: number;
  /** Whether an answer to client credentials has `scope` and `user_id` too. */
  clientCredentialsAnswer: "short" | "full";
  /** An `expires_in` that is not offered: takes the default, or is refused. */
  otherExpiresIn: "default" | "refuse";
  /** The status of a revocation of an unknown token. */
  unknownRevocation: 200 | 400;
  /** Whether a refresh token is introspected as active. */
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
    description: "A spent refresh token gets the identical body for 120 seconds, even after the new token was used.",
    setting: "rotation (of the profile)",
  },
  "fitbit-simultaneous": {
    description: "Of two simultaneous refreshes the later gets 409 in the usual envelope.",
    setting: "simultaneousRefresh",
  },
  "fitbit-gone": { description: "410 has the usual envelope.", setting: "shutdown" },
  "fitbit-pkce-mismatch": {
    description: "A wrong code_verifier gets invalid_grant with the text for an invalid code.",
    setting: "pkceMismatch",
  },
  "fitbit-denial": { description: "Deny redirects with error=access_denied.", setting: "none" },
  "fitbit-authorize-errors": {
    description: "The error page of the authorization endpoint has status 400.",
    setting: "authorizeErrorStatus",
  },
  "fitbit-client-credentials": {
    description: "client_credentials returns neither refresh_token nor user_id.",
    setting: "clientCredentialsAnswer",
  },
  "fitbit-expires-in": {
    description: "An expires_in outside the listed values is read as the default.",
    setting: "otherExpiresIn",
  },
  "fitbit-revoke-unknown": { description: "Revoking an unknown token gets 200.", setting: "unknownRevocation" },
  "fitbit-introspect-refresh": {
    description: 'A refresh token introspects as {"active":false}.',
    setting: "refreshTokenIntrospection",
  },
  "fitbit-access-type": {
    description: "READ or READ_WRITE comes from the application's Default Access Type.",
    setting: "readWrite (of the application)",
  },
  "fitbit-scope-abbreviations": {
    description: "The JWT abbreviates the newer scopes as cf, ecg, irn, oxy, res, tem.",
    setting: "none",
  },
  "fitbit-grant-type": {
    description: "An unknown grant_type is 400 unsupported_grant_type in the usual envelope.",
    setting: "none",
  },
  "fitbit-cors": {
    description:
      "CORS allows every origin at the token endpoints and the API, because Client applications run in browsers.",
    setting: "none",
  },
  "fitbit-client-id-mismatch": {
    description: "A client_id in the body that differs from the one in HTTP Basic gets 401 invalid_client.",
    setting: "none",
  },
  "fitbit-state": { description: "A state at the token endpoint must match, if it is sent.", setting: "none" },
} as const satisfies Record<string, Assumption>;
