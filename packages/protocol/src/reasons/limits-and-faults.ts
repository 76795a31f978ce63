import { open, type ReasonEntry } from "./entry.ts";

/** Rate limits, overload, and storage or programs that fail. */
export const limitAndFaultReasons = {
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
  network_too_fast: open(
    "temporarily_unavailable",
    "Too many pages are requested from this network.",
    "Wait as long as Retry-After says. Behind a proxy that is not listed in `trustedProxies`, all users are one network.",
    "RFC 6585 §4",
    429,
  ),
  sign_in_busy: open(
    "temporarily_unavailable",
    "Too many users are signing in at this moment.",
    "Try again in a few seconds.",
    "RFC 6585 §4",
    429,
  ),
  server_overloaded: open(
    "temporarily_unavailable",
    "The server is overloaded; the request was not processed.",
    "Send the same request again after Retry-After; that is safe.",
    "RFC 6749 §4.1.2.1",
  ),
  server_stopping: open(
    "temporarily_unavailable",
    "The server is about to stop.",
    "Send new requests to another server, or again after Retry-After.",
    "RFC 9110 §15.6.4",
  ),
  store_unavailable: open(
    "temporarily_unavailable",
    "The outcome is unknown because storage did not answer.",
    "Send the same request again; that is safe.",
    "RFC 6749 §4.1.2.1",
  ),
  unexpected: open(
    "server_error",
    "The server failed unexpectedly.",
    "Tell the operator the request id (the Request-Id header of the answer): the log has the cause under it.",
    "RFC 6749 §4.1.2.1",
  ),
} as const satisfies Record<string, ReasonEntry>;
