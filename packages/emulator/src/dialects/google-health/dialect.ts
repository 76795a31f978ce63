import { authorize, giveCode } from "../../authorize/authorize.ts";
import type { Dialect, Profile } from "../../provider/provider.ts";
import { nowOf } from "../../provider/provider.ts";
import { base64UrlAlphabet } from "../../seed.ts";
import { apiError, faultAnswer } from "./errors.ts";
import { revoke, tokenInfo, userData } from "./other-endpoints.ts";
import { readAuthorization } from "./read-authorization.ts";
import { defaultGoogleHealthSettings, googleHealthAssumptions, type GoogleHealthSettings } from "./settings.ts";
import { token } from "./token.ts";

const scopes = [
  "activity_and_fitness.readonly",
  "activity_and_fitness.writeonly",
  "ecg.readonly",
  "health_metrics_and_measurements.readonly",
  "health_metrics_and_measurements.writeonly",
  "irn.readonly",
  "location.readonly",
  "nutrition.readonly",
  "nutrition.writeonly",
  "profile.readonly",
  "profile.writeonly",
  "settings.readonly",
  "settings.writeonly",
  "sleep.readonly",
  "sleep.writeonly",
].map((name) => `https://www.googleapis.com/auth/googlehealth.${name}`);

/** Google's OAuth endpoints as the Google Health API uses them, all on one host. */
function googleHealthDialect(settings: GoogleHealthSettings): Dialect {
  const consent = authorize(readAuthorization, giveCode);
  return {
    name: "google-health",
    routes: [
      { method: "GET", path: "/o/oauth2/v2/auth", operation: "authorize", answer: consent },
      { method: "POST", path: "/o/oauth2/v2/auth", operation: "authorize", answer: consent },
      { method: "POST", path: "/token", operation: "token", answer: token(settings) },
      { method: "POST", path: "/revoke", operation: "revoke", answer: revoke },
      { method: "GET", path: "/tokeninfo", operation: "token_info", answer: tokenInfo },
      { method: "POST", path: "/tokeninfo", operation: "token_info", answer: tokenInfo },
      { method: "GET", path: /^\/v4\/users\/me(?:\/|$)/, operation: "user_data", answer: userData },
    ],
    assumptions: googleHealthAssumptions,
    scopes,
    shapes: {
      clientId: (seed, label) =>
        `${seed.text(`${label} project`, 12, "0123456789")}-${seed.text(label, 32, "abcdefghijklmnopqrstuvwxyz0123456789")}.apps.googleusercontent.com`,
      clientSecret: (seed, label) => `GOCSPX-${seed.text(label, 28, base64UrlAlphabet)}`,
      code: (seed, label) => `4/0${seed.text(label, 70, base64UrlAlphabet)}`,
      accessToken: ({ seed, label }) => `ya29.${seed.text(`access ${label}`, 160, base64UrlAlphabet)}`,
      refreshToken: (seed, label) => `1//0${seed.text(`refresh ${label}`, 95, base64UrlAlphabet)}`,
    },
    people: (seed) =>
      ["Ada", "Grace"].map((name) => ({ id: seed.text(`person ${name}`, 21, "0123456789"), name, resources: [] })),
    tokenBody: ({ grant, pair }, provider, { keptRefreshToken }) => ({
      access_token: pair.accessToken,
      expires_in: pair.accessExpiresAt - nowOf(provider),
      ...(pair.refreshToken === null || keptRefreshToken ? {} : { refresh_token: pair.refreshToken }),
      scope: grant.scope.join(" "),
      token_type: "Bearer",
      ...(settings.publishing === "testing" && pair.refreshToken !== null
        ? { refresh_token_expires_in: pair.refreshIssuedAt + 604_800 - nowOf(provider) }
        : {}),
    }),
    afterCode: () => ({ parameters: {}, fragment: "" }),
    notFound: () => apiError(404, "Requested entity was not found."),
    faultAnswer,
  };
}

/** The profile of the Google Health API, Fitbit's successor. `settings` change its configurable behaviour. */
export const googleHealth = (settings: Partial<GoogleHealthSettings> = {}): Profile => ({
  name: "google-health",
  description: "Google Health, Fitbit's successor: Google's OAuth, refresh tokens that never change",
  dialect: googleHealthDialect({ ...defaultGoogleHealthSettings, ...settings }),
  rotation: { kind: "none", reuse: "refuse" },
  accessLifetimeSeconds: 3599,
  codeLifetimeSeconds: 600,
  refreshLifetimeSeconds: settings.publishing === "testing" ? 604_800 : null,
  codeReplayEndsGrant: false,
});
