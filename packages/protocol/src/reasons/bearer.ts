import { open, type ReasonEntry } from "./entry.ts";

/** Access tokens that a caller presents about itself. */
export const bearerReasons = {
  bearer_missing: open(
    "invalid_token",
    "No access token was presented.",
    "Send Authorization: Bearer followed by the token.",
    "RFC 6750 §2.1",
  ),
  bearer_endpoint_takes_no_parameters: open(
    "invalid_request",
    "This endpoint takes no parameters in the URL.",
    "Send the token in the Authorization header, and nothing in the URL; URLs end up in logs.",
    "RFC 6750 §2.3",
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
} as const satisfies Record<string, ReasonEntry>;
