/**
 * The registered codes that our answers use, each with its HTTP status and what the wire hears where the reason is
 * closed.
 */
export const oauthErrors = {
  invalid_request: { status: 400, says: "The request is malformed.", clause: "RFC 6749 §5.2" },
  invalid_client: { status: 401, says: "Client authentication failed.", clause: "RFC 6749 §5.2" },
  invalid_grant: {
    status: 400,
    says: "The code or token is invalid, expired, revoked, or belongs to another client.",
    clause: "RFC 6749 §5.2",
  },
  unauthorized_client: { status: 400, says: "The client may not use this grant type.", clause: "RFC 6749 §5.2" },
  unsupported_grant_type: { status: 400, says: "The grant type is not supported.", clause: "RFC 6749 §5.2" },
  invalid_scope: { status: 400, says: "The scope is not allowed.", clause: "RFC 6749 §5.2" },
  invalid_target: { status: 400, says: "The resource is not allowed.", clause: "RFC 8707 §2" },
  access_denied: { status: 403, says: "Access was denied.", clause: "RFC 6749 §4.1.2.1" },
  unsupported_response_type: { status: 400, says: "The response type is not supported.", clause: "RFC 6749 §4.1.2.1" },
  request_not_supported: { status: 400, says: "Request objects are not supported.", clause: "RFC 9101 §6" },
  request_uri_not_supported: { status: 400, says: "request_uri is not supported.", clause: "RFC 9101 §6" },
  login_required: { status: 400, says: "Sign-in is required.", clause: "OpenID Connect Core §3.1.2.6" },
  consent_required: { status: 400, says: "Consent is required.", clause: "OpenID Connect Core §3.1.2.6" },
  invalid_token: { status: 401, says: "The access token is invalid.", clause: "RFC 6750 §3.1" },
  temporarily_unavailable: { status: 503, says: "Try again later.", clause: "RFC 6749 §4.1.2.1" },
  server_error: { status: 500, says: "Something broke on our side.", clause: "RFC 6749 §4.1.2.1" },
} as const;

export type OAuthError = keyof typeof oauthErrors;

/**
 * Why we refused. `says` goes on the wire only where `open` is true; a closed reason would tell a stranger something
 * (does this client exist? was this token stolen?), so the wire hears its code alone while the log hears the reason.
 * `remedy` is for the person who reads the log, `token explain` or the page behind `error_uri`. `status` overrides the
 * status of the code.
 */
type ReasonEntry = {
  error: OAuthError;
  open: boolean;
  says: string;
  remedy: string;
  clause: string;
  status?: number;
};

const open = (error: OAuthError, says: string, remedy: string, clause: string, status?: number): ReasonEntry => ({
  error,
  open: true,
  says,
  remedy,
  clause,
  ...(status === undefined ? {} : { status }),
});
const closed = (error: OAuthError, says: string, remedy: string, clause: string): ReasonEntry => ({
  error,
  open: false,
  says,
  remedy,
  clause,
});

export const reasons = {
  // The form of a request
  parameter_missing: open(
    "invalid_request",
    "A required parameter is missing.",
    "Send the parameter that the description names; an empty value counts as absent.",
    "RFC 6749 §3.2",
  ),
  parameter_repeated: open(
    "invalid_request",
    "A parameter was sent more than once.",
    "Send each parameter once.",
    "RFC 6749 §3.2",
  ),
  parameter_invalid: open(
    "invalid_request",
    "A parameter has a value that is not allowed.",
    "See the documentation of the endpoint for the values that the parameter takes.",
    "RFC 6749 §5.2",
  ),
  form_malformed: open(
    "invalid_request",
    "The body is not a well-formed UTF-8 form.",
    "Encode the body as application/x-www-form-urlencoded, percent-escapes included.",
    "RFC 6749 Appendix B",
  ),
  content_type_unsupported: open(
    "invalid_request",
    "The body must be application/x-www-form-urlencoded.",
    "Set the Content-Type header to application/x-www-form-urlencoded.",
    "RFC 6749 §3.2",
    415,
  ),
  body_too_large: open(
    "invalid_request",
    "The body is too large.",
    "Send less; the limits stand in the endpoint's documentation.",
    "RFC 9110 §15.5.14",
    413,
  ),
  headers_malformed: open(
    "invalid_request",
    "The request line or a header is malformed.",
    "Send well-formed HTTP/1.1.",
    "RFC 9112 §2",
    400,
  ),
  method_not_allowed: open(
    "invalid_request",
    "This endpoint does not answer that method.",
    "Use the method that the Allow header names.",
    "RFC 9110 §15.5.6",
    405,
  ),
  page_unknown: open(
    "invalid_request",
    "There is nothing at this address.",
    "Start from /.well-known/oauth-authorization-server, which lists every endpoint.",
    "RFC 8414 §3",
    404,
  ),
  host_unknown: open(
    "invalid_request",
    "This server does not answer for that host.",
    "Call the server by the host of its issuer, or add the host to `hosts` in the configuration.",
    "RFC 9110 §15.5.20",
    421,
  ),
  query_not_allowed: open(
    "invalid_request",
    "Parameters belong in the body, not in the URL.",
    "Move every parameter into the form body; URLs end up in logs.",
    "RFC 6749 §2.3.1",
  ),

  // The authorization request
  client_unknown_at_authorize: open(
    "invalid_request",
    "The client_id is unknown.",
    "Compare the client_id with `symbolon app list`.",
    "RFC 6749 §4.1.2.1",
  ),
  redirect_uri_unregistered: open(
    "invalid_request",
    "The redirect_uri is not one that the application registered.",
    "Register this exact string, byte for byte, or send the registered one.",
    "RFC 9700 §2.1",
  ),
  redirect_uri_missing: open(
    "invalid_request",
    "The redirect_uri is missing, and what the application registered leaves a choice.",
    "Send the redirect_uri that you want.",
    "RFC 6749 §3.1.2.3",
  ),
  response_type_unsupported: open(
    "unsupported_response_type",
    "Only response_type=code is supported.",
    "Send response_type=code.",
    "RFC 9700 §2.1.2",
  ),
  challenge_missing: open(
    "invalid_request",
    "A PKCE code_challenge is required.",
    "Send code_challenge and code_challenge_method=S256.",
    "RFC 9700 §2.1.1",
  ),
  challenge_method_unsupported: open(
    "invalid_request",
    "The code_challenge_method must be S256.",
    "Send code_challenge_method=S256.",
    "RFC 7636 §4.3",
  ),
  challenge_malformed: open(
    "invalid_request",
    "The code_challenge must be 43 base64url characters.",
    "Send the unpadded base64url of the SHA-256 of the verifier.",
    "RFC 7636 §4.2",
  ),
  request_object_unsupported: open(
    "request_not_supported",
    "Signed request objects are not supported.",
    "Send plain parameters.",
    "RFC 9101 §6",
  ),
  request_uri_unsupported: open(
    "request_uri_not_supported",
    "request_uri is not supported.",
    "Send plain parameters.",
    "RFC 9101 §6",
  ),
  login_required: open(
    "login_required",
    "Nobody is signed in, and prompt=none forbids asking.",
    "Send the person through without prompt=none.",
    "OpenID Connect Core §3.1.2.6",
  ),
  consent_required: open(
    "consent_required",
    "Consent is needed, and prompt=none forbids asking.",
    "Send the person through without prompt=none.",
    "OpenID Connect Core §3.1.2.6",
  ),
  denied_by_owner: open(
    "access_denied",
    "The person said no.",
    "Nothing to mend; ask again only when the person starts over.",
    "RFC 6749 §4.1.2.1",
  ),
  transaction_unknown: open(
    "invalid_request",
    "This page is too old, or belongs to another browser session.",
    "Go back to the application and start over.",
    "RFC 9700 §4.7",
    403,
  ),
  cross_site_form: open(
    "invalid_request",
    "The form was not sent from our own page.",
    "Go back to the application and start over.",
    "RFC 6749 §10.12",
    403,
  ),

  // Client authentication
  client_authentication_missing: open(
    "invalid_client",
    "The client did not authenticate.",
    "Authenticate with the client_id and client_secret of the application.",
    "RFC 6749 §2.3",
  ),
  client_authentication_twice: open(
    "invalid_request",
    "The client authenticated in two ways at once.",
    "Use the Authorization header or the body, not both.",
    "RFC 6749 §2.3",
  ),
  client_assertion_unsupported: open(
    "invalid_client",
    "Client assertions are not supported.",
    "Authenticate with the client_id and client_secret of the application.",
    "RFC 7523 §2.2",
  ),
  client_id_conflict: open(
    "invalid_request",
    "The client_id of the body differs from that of the header.",
    "Send one client_id.",
    "RFC 6749 §2.3",
  ),
  basic_malformed: open(
    "invalid_client",
    "The Basic authorization header is malformed.",
    "Form-encode id and secret, join them with a colon, encode as padded base64.",
    "RFC 6749 §2.3.1",
  ),
  client_unknown: closed(
    "invalid_client",
    "No application or resource server has this client_id.",
    "Compare the client_id with `symbolon app list`.",
    "RFC 6749 §5.2",
  ),
  client_secret_wrong: closed(
    "invalid_client",
    "The secret matches no live secret of this client.",
    "Check the secret, or make a new one with `symbolon app rotate-secret`.",
    "RFC 6749 §5.2",
  ),
  client_method_mismatch: closed(
    "invalid_client",
    "The client used another authentication method than the one it is bound to.",
    "Use the method that `symbolon app show` names; rotate-secret --auth-method changes it.",
    "RFC 9700 §2.5",
  ),
  client_suspended: closed(
    "invalid_client",
    "The application is suspended.",
    "An operator has to lift the suspension.",
    "RFC 6749 §5.2",
  ),
  caller_not_allowed: closed(
    "invalid_client",
    "A public client cannot introspect with its client_id alone.",
    "Call as a resource server, as a confidential application, or present a token of the same application.",
    "RFC 7662 §2.1",
  ),

  // Grants
  grant_type_unsupported: open(
    "unsupported_grant_type",
    "This grant_type is not supported.",
    "Use authorization_code, refresh_token or client_credentials.",
    "RFC 6749 §5.2",
  ),
  grant_type_not_allowed: open(
    "unauthorized_client",
    "This application may not use that grant_type.",
    "client_credentials needs a confidential application.",
    "RFC 6749 §5.2",
  ),
  scope_malformed: open(
    "invalid_scope",
    "The scope is not a space-separated list of scope tokens.",
    "Send at most 100 scope names, separated by single spaces.",
    "RFC 6749 §3.3",
  ),
  scope_not_allowed: open(
    "invalid_scope",
    "The application may not ask for that scope.",
    "Ask for a scope that `symbolon app show` lists.",
    "RFC 6749 §3.3",
  ),
  scope_wider_than_grant: open(
    "invalid_scope",
    "The scope is wider than what was granted.",
    "Ask for less, or send the person through consent again.",
    "RFC 6749 §6",
  ),
  variants_exhausted: open(
    "invalid_scope",
    "This grant already has as many different narrowings as it can hold.",
    "Ask for the same narrowing again rather than for ever new ones.",
    "RFC 6749 §6",
  ),
  lifetime_not_allowed: open(
    "invalid_request",
    "The application may not ask for that expires_in.",
    "Use one of the lifetimes that `symbolon app show` lists.",
    "RFC 6749 §5.1",
  ),
  resource_malformed: open(
    "invalid_target",
    "The resource must be an absolute URI without a fragment.",
    "Send the URI of the API.",
    "RFC 8707 §2",
  ),
  resource_unknown: open(
    "invalid_target",
    "No resource server with this URI is registered.",
    "Register it: `symbolon resource-server create --resource URI`.",
    "RFC 8707 §2",
  ),
  resource_not_granted: open(
    "invalid_target",
    "The resource is outside what was granted.",
    "Ask for it at the authorization endpoint.",
    "RFC 8707 §2",
  ),

  token_not_ours: closed(
    "invalid_grant",
    "Not a token of this server: forged, cut short, of another kind, or its key was dropped.",
    "Compare it with the original, character by character; `symbolon keys list` shows the keys that count.",
    "RFC 6749 §5.2",
  ),
  grant_unknown: closed(
    "invalid_grant",
    "The grant is gone: expired long ago and swept, or the database is not the one that issued the token.",
    "Send the person through consent again.",
    "RFC 6749 §5.2",
  ),
  grant_revoked: closed(
    "invalid_grant",
    "The grant was revoked.",
    "`symbolon grant show` tells when and why. Send the person through consent again.",
    "RFC 6749 §5.2",
  ),
  grant_expired: closed(
    "invalid_grant",
    "The grant has expired.",
    "Send the person through consent again.",
    "RFC 6749 §5.2",
  ),
  grant_not_redeemed: closed(
    "invalid_grant",
    "The authorization code of this grant has not been redeemed.",
    "Redeem the code first.",
    "RFC 6749 §5.2",
  ),
  binding_mismatch: closed(
    "invalid_grant",
    "The token was issued to another client.",
    "Use the credentials of the application that the token was issued to.",
    "RFC 6749 §5.2",
  ),
  owner_suspended: closed(
    "invalid_grant",
    "The account is suspended or gone.",
    "Nothing to mend on the client's side.",
    "RFC 6749 §5.2",
  ),
  code_expired: closed(
    "invalid_grant",
    "The authorization code has expired.",
    "Redeem the code at once; it lives for a minute.",
    "RFC 6749 §4.1.2",
  ),
  code_replayed: closed(
    "invalid_grant",
    "The authorization code was used before; the grant is now revoked.",
    "Redeem a code once; keep the answer.",
    "RFC 6749 §4.1.2",
  ),
  code_guessed: closed(
    "invalid_grant",
    "Too many wrong verifiers for this code.",
    "Start the authorization over.",
    "RFC 7636 §7.1",
  ),
  verifier_missing: open(
    "invalid_grant",
    "The code_verifier is missing.",
    "Send the verifier that belongs to the code_challenge.",
    "RFC 7636 §4.5",
  ),
  verifier_malformed: open(
    "invalid_grant",
    "The code_verifier must be 43 to 128 unreserved characters.",
    "Send the verifier exactly as it was made.",
    "RFC 7636 §4.1",
  ),
  verifier_wrong: closed(
    "invalid_grant",
    "The code_verifier does not match the code_challenge.",
    "Send the verifier of this very authorization request.",
    "RFC 7636 §4.6",
  ),
  redirect_uri_mismatch: closed(
    "invalid_grant",
    "The redirect_uri differs from the one of the authorization request.",
    "Send the same string, or leave it out.",
    "RFC 6749 §4.1.3",
  ),
  refresh_token_reuse: closed(
    "invalid_grant",
    "A spent refresh token came back; the grant is now revoked.",
    "Keep the newest refresh token of each grant, and one refresh in flight at a time.",
    "RFC 9700 §4.14.2",
  ),
  refresh_token_straggler: closed(
    "invalid_grant",
    "A spent refresh token came a moment after its successor was first used; nothing was revoked.",
    "Read the stored tokens again: another process has refreshed.",
    "RFC 9700 §4.14.2",
  ),

  // Bearer tokens
  bearer_missing: open(
    "invalid_token",
    "No access token was presented.",
    "Send Authorization: Bearer followed by the token.",
    "RFC 6750 §2.1",
  ),
  bearer_malformed: open(
    "invalid_request",
    "The Authorization header does not hold exactly one bearer token.",
    "Send the token once, in the Authorization header.",
    "RFC 6750 §3.1",
  ),
  bearer_inactive: open(
    "invalid_token",
    "The access token is unknown, expired or revoked.",
    "Refresh it.",
    "RFC 6750 §3.1",
  ),

  // Limits and faults
  client_too_fast: open(
    "temporarily_unavailable",
    "This client sends too many requests.",
    "Wait as long as Retry-After says.",
    "RFC 6585 §4",
    429,
  ),
  account_too_fast: open(
    "temporarily_unavailable",
    "Too many failed sign-ins for this account.",
    "Wait as long as Retry-After says.",
    "RFC 6585 §4",
    429,
  ),
  sign_in_busy: open(
    "temporarily_unavailable",
    "Too many people are signing in at this moment.",
    "Try again in a few seconds.",
    "RFC 6585 §4",
    429,
  ),
  server_overloaded: open(
    "temporarily_unavailable",
    "The server stood still for a moment and is catching up; nothing was done.",
    "Send the same request again after Retry-After; it is safe.",
    "RFC 6749 §4.1.2.1",
  ),
  store_unavailable: open(
    "temporarily_unavailable",
    "The outcome is unknown because storage did not answer.",
    "Send the same request again; it is safe.",
    "RFC 6749 §4.1.2.1",
  ),
  unexpected: open(
    "server_error",
    "Something broke on our side.",
    "The log holds the cause under the request id.",
    "RFC 6749 §4.1.2.1",
  ),
} as const satisfies Record<string, ReasonEntry>;

export type Reason = keyof typeof reasons;

/** The entry of a reason, widened so that `status` can be asked of each. */
export const explainReason = (reason: Reason): ReasonEntry => reasons[reason];
