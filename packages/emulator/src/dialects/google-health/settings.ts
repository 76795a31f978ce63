import type { Assumption } from "../../provider/assumption.ts";

export type GoogleHealthSettings = {
  /** Refresh tokens of an application that is still being tested live seven days. */
  publishing: "production" | "testing";
  /** Of one person and application; one more ends the oldest, without a word. */
  liveRefreshTokens: number;
};

export const defaultGoogleHealthSettings: GoogleHealthSettings = { publishing: "production", liveRefreshTokens: 100 };

export const googleHealthAssumptions = {
  "google-health-errors": {
    says: "Failures are worded as Google's OAuth endpoints word them for its other APIs.",
    setting: "none",
  },
  "google-health-tokeninfo": { says: "tokeninfo answers for these scopes as it does for others.", setting: "none" },
} as const satisfies Record<string, Assumption>;
