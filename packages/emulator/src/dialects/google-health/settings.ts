import type { Assumption } from "../../provider/assumption.ts";

export type GoogleHealthSettings = {
  /** `testing`: refresh tokens live seven days, as those of an unpublished application do. */
  publishing: "production" | "testing";
  /** The most refresh tokens of one person and application. One more silently ends the oldest. */
  liveRefreshTokens: number;
};

export const defaultGoogleHealthSettings: GoogleHealthSettings = { publishing: "production", liveRefreshTokens: 100 };

export const googleHealthAssumptions = {
  "google-health-errors": {
    description: "Errors are those of Google's OAuth endpoints for other APIs.",
    setting: "none",
  },
  "google-health-tokeninfo": {
    description: "tokeninfo answers for these scopes as for others.",
    setting: "none",
  },
} as const satisfies Record<string, Assumption>;
