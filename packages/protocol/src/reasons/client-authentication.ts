import { closed, open, type ReasonEntry } from "./entry.ts";

/** Client authentication at the endpoints that clients call. */
export const clientAuthenticationReasons = {
  client_authentication_missing: open(
    "invalid_client",
    "The client did not authenticate.",
    "Authenticate with the client_id and client_secret of the application.",
    "RFC 6749 §2.3",
  ),
  client_authentication_twice: open(
    "invalid_request",
    "The body has another secret than the Authorization header, or the header another scheme than Basic.",
    "Send the credentials in the Authorization header or in the body, not in both.",
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
    "Send the same client_id, or leave it out of the body.",
    "RFC 6749 §2.3",
  ),
  authorization_scheme_unsupported: open(
    "invalid_client",
    "Clients cannot authenticate with the scheme of this Authorization header.",
    "Use Basic, or leave the header out and send the credentials in the body.",
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
  client_secret_missing: closed(
    "invalid_client",
    "A confidential application sent no secret.",
    "Send the client_secret, or register the application with --type public.",
    "RFC 6749 §3.2.1",
  ),
  client_registered_for_basic: open(
    "invalid_client",
    "The secret was in the body, but the application is registered with client_secret_basic.",
    "Send it in a Basic Authorization header; `symbolon app rotate-secret ID --auth-method any` allows both.",
    "RFC 7591 §2",
  ),
  client_registered_for_post: open(
    "invalid_client",
    "The secret was in the Authorization header, but the application is registered with client_secret_post.",
    "Send client_id and client_secret in the body; `symbolon app rotate-secret ID --auth-method any` allows both.",
    "RFC 7591 §2",
  ),
  client_suspended: closed(
    "invalid_client",
    "The application is suspended.",
    "An operator must resume the application.",
    "RFC 6749 §5.2",
  ),
  caller_not_allowed: closed(
    "invalid_client",
    "A public client cannot introspect with its client_id alone.",
    "Call as a resource server, as a confidential application, or present a token of the same application.",
    "RFC 7662 §2.1",
  ),
} as const satisfies Record<string, ReasonEntry>;
