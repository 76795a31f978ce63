/**
 * The registered error codes that the server sends, each with its HTTP status. `message` is the `error_description`
 * where the reason is closed.
 */
export const oauthErrors = {
  invalid_request: { status: 400, message: "The request is malformed.", clause: "RFC 6749 §5.2" },
  invalid_client: { status: 401, message: "Client authentication failed.", clause: "RFC 6749 §5.2" },
  invalid_grant: {
    status: 400,
    message: "The code or token is invalid, expired, revoked, or belongs to another client.",
    clause: "RFC 6749 §5.2",
  },
  unauthorized_client: { status: 400, message: "The client may not use this grant type.", clause: "RFC 6749 §5.2" },
  unsupported_grant_type: { status: 400, message: "The grant type is not supported.", clause: "RFC 6749 §5.2" },
  invalid_scope: { status: 400, message: "The scope is not allowed.", clause: "RFC 6749 §5.2" },
  invalid_target: { status: 400, message: "The resource is not allowed.", clause: "RFC 8707 §2" },
  access_denied: { status: 403, message: "Access was denied.", clause: "RFC 6749 §4.1.2.1" },
  unsupported_response_type: {
    status: 400,
    message: "The response type is not supported.",
    clause: "RFC 6749 §4.1.2.1",
  },
  request_not_supported: { status: 400, message: "Request objects are not supported.", clause: "RFC 9101 §6" },
  request_uri_not_supported: { status: 400, message: "request_uri is not supported.", clause: "RFC 9101 §6" },
  login_required: { status: 400, message: "Sign-in is required.", clause: "OpenID Connect Core §3.1.2.6" },
  unmet_authentication_requirements: {
    status: 400,
    message: "The sign-in is not as strong as the application asks.",
    clause: "RFC 9470 §5",
  },
  consent_required: { status: 400, message: "Consent is required.", clause: "OpenID Connect Core §3.1.2.6" },
  invalid_token: { status: 401, message: "The access token is invalid.", clause: "RFC 6750 §3.1" },
  insufficient_scope: { status: 403, message: "The access token lacks a scope.", clause: "RFC 6750 §3.1" },
  temporarily_unavailable: { status: 503, message: "Try again later.", clause: "RFC 6749 §4.1.2.1" },
  server_error: { status: 500, message: "The server failed unexpectedly.", clause: "RFC 6749 §4.1.2.1" },
} as const;

export type OAuthError = keyof typeof oauthErrors;
