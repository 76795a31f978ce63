/**
 * The names of every parameter that an endpoint or a form of the pages reads, and of those that are refused by name.
 * Only these must not repeat: unknown parameters are ignored, however often they come.
 * @see RFC 6749 §3.1, §3.2
 */
export const parameterNames: ReadonlySet<string> = new Set([
  // authorization requests
  "response_type",
  "response_mode",
  "client_id",
  "redirect_uri",
  "state",
  "scope",
  "code_challenge",
  "code_challenge_method",
  "prompt",
  "max_age",
  "login_hint",
  "resource_hint",
  "ui_locales",
  "acr_values",
  "request",
  "request_uri",
  // requests of clients
  "client_secret",
  "client_assertion",
  "client_assertion_type",
  "grant_type",
  "code",
  "code_verifier",
  "refresh_token",
  "refresh_intent",
  "expires_in",
  "token",
  "tokens",
  "token_type_hint", // without effect (RFC 7009 §2.1, RFC 7662 §2.1)
  // forms of the pages
  "transaction",
  "csrf",
  "email",
  "password",
  "decision",
  "way",
  // sign-in elsewhere
  "sign_in",
  "sign_in_answer",
]);
