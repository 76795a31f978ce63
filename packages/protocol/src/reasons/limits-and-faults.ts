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
