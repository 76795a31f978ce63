import { open, type ReasonEntry } from "./entry.ts";

/** The authorization request, sign-in and consent. */
export const authorizationReasons = {
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
    "The redirect_uri is missing, and the application registered none that could be the default.",
    "Send one of the registered redirect URIs.",
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
    "No user is signed in, and prompt=none forbids the sign-in page.",
    "Send the user to the authorization endpoint without prompt=none.",
    "OpenID Connect Core §3.1.2.6",
  ),
  consent_required: open(
    "consent_required",
    "Consent is needed, and prompt=none forbids the consent page.",
    "Send the user to the authorization endpoint without prompt=none.",
    "OpenID Connect Core §3.1.2.6",
  ),
  denied_by_owner: open(
    "access_denied",
    "The user denied the request.",
    "Do not ask again until the user starts the flow again.",
    "RFC 6749 §4.1.2.1",
  ),
  transaction_unknown: open(
    "invalid_request",
    "The form is not one that this page showed in this browser, or its request was altered.",
    "Go back to the application and start again.",
    "RFC 9700 §4.7",
    403,
  ),
  sign_in_without_request: open(
    "invalid_request",
    "The sign-in page was opened without an authorization request.",
    "Send the user to the authorization endpoint, which leads to the sign-in page.",
    "RFC 6749 §4.1.1",
  ),
  cross_site_form: open(
    "invalid_request",
    "The form was not sent from a page of this server.",
    "Go back to the application and start again.",
    "RFC 6749 §10.12",
    403,
  ),
} as const satisfies Record<string, ReasonEntry>;
