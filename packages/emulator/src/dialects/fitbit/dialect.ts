import { authorize } from "../../authorize/authorize.ts";
import type { Dialect, Profile, Route } from "../../provider/provider.ts";
import { markAssumptions } from "../../provider/assumption.ts";
import { nowOf, type Provider } from "../../provider/provider.ts";
import { upperAlphabet } from "../../seed.ts";
import type { EmulatorResponse, EmulatorRequest } from "../../wire/message.ts";
import { forPages, preflight } from "./pages-of-others.ts";
import { userData } from "./api.ts";
import { failure, faultAnswer } from "./errors.ts";
import { give } from "./implicit.ts";
import { introspect } from "./introspect.ts";
import { jwtOf } from "./jwt.ts";
import { withRateLimit } from "./rate-limit.ts";
import { readAuthorization } from "./read-authorization.ts";
import { recover, revoke } from "./revoke.ts";
import { fitbitScopes } from "./scopes.ts";
import { defaultFitbitSettings, fitbitAssumptions, type FitbitSettings } from "./settings.ts";
import { token } from "./token.ts";

/** From this time on every request is answered 410: 2026-11-02T00:00:00Z. */
const shutOffAt = 1_793_577_600;

/** The OAuth endpoints of the Fitbit Web API as they were until its shutdown. */
function fitbitDialect(settings: FitbitSettings): Dialect {
  const consent = authorize(readAuthorization(settings), give, { denied: ["fitbit-denial"] });
  const whileOpen =
    (answer: Route["answer"]) =>
    (request: EmulatorRequest, provider: Provider): EmulatorResponse =>
      settings.shutdown === "schedule" && nowOf(provider) >= shutOffAt
        ? markAssumptions(
            failure(410, "request", "The Fitbit Web API has been shut down. Use the Google Health API.", "n/a"),
            "fitbit-gone",
          )
        : answer(request, provider);
  const routes: Route[] = [
    { method: "GET", path: "/oauth2/authorize", operation: "authorize", answer: consent },
    { method: "POST", path: "/oauth2/authorize", operation: "authorize", answer: consent },
    { method: "POST", path: "/oauth2/token", operation: "token", answer: token(settings) },
    { method: "POST", path: "/1.1/oauth2/introspect", operation: "introspect", answer: introspect(settings, "1.1") },
    { method: "POST", path: "/oauth2/introspect", operation: "introspect", answer: introspect(settings, "1") },
    { method: "POST", path: "/oauth2/revoke", operation: "revoke", answer: revoke(settings) },
    { method: "POST", path: "/oauth2/recover", operation: "recover", answer: recover },
    { method: "GET", path: /^\/1(?:\.\d)?\/user\//, operation: "user_data", answer: userData(settings) },
    { method: "OPTIONS", path: /^\//, operation: "preflight", answer: preflight },
  ];
  return {
    name: "fitbit",
    routes: routes.map((route) => ({ ...route, answer: whileOpen(route.answer) })),
    assumptions: fitbitAssumptions,
    scopes: Object.keys(fitbitScopes),
    shapes: {
      clientId: (seed, label) => `2${seed.text(label, 5, upperAlphabet)}`,
      clientSecret: (seed, label) => seed.hex(label, 32),
      code: (seed, label) => seed.hex(label, 40),
      accessToken: jwtOf,
      refreshToken: (seed, label) => seed.hex(`refresh ${label}`, 64),
    },
    people: (seed) =>
      ["Ada", "Grace"].map((name) => ({ id: seed.text(`person ${name}`, 6, upperAlphabet), name, resources: [] })),
    tokenBody: ({ grant, pair }, provider) => ({
      access_token: pair.accessToken,
      expires_in: pair.accessExpiresAt - nowOf(provider),
      ...(pair.refreshToken === null ? {} : { refresh_token: pair.refreshToken }),
      scope: grant.scope.join(" "),
      token_type: "Bearer",
      ...(grant.person === null ? {} : { user_id: grant.person.id }),
    }),
    afterCode: () => ({ parameters: {}, fragment: "#_=_" }),
    notFound: whileOpen(() => failure(404, "not_found", "The API you are requesting could not be found.")),
    faultAnswer,
    finish: (answer, request, provider) => forPages(withRateLimit(answer, provider, settings), request),
  };
}

/**
 * The Fitbit profile. `settings` change its configurable and assumed behaviour; spread the result to replace other
 * parts: `{ ...fitbit(), rotation }`.
 */
export const fitbit = (settings: Partial<FitbitSettings> = {}): Profile => ({
  name: "fitbit",
  description: "Fitbit's Web API before its shutdown: single-use refresh tokens, answers repeated for two minutes",
  dialect: fitbitDialect({ ...defaultFitbitSettings, ...settings }),
  rotation: { kind: "replay", windowSeconds: 120, reuse: "refuse" },
  accessLifetimeSeconds: 28_800,
  codeLifetimeSeconds: 600,
  refreshLifetimeSeconds: null,
  codeReplayEndsGrant: false,
});
