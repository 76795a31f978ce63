import { open, type ReasonEntry } from "./entry.ts";

/** The HTTP request and the form in it. */
export const requestReasons = {
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
    "Send less; the documentation of the endpoints lists the limits.",
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
    "No endpoint has this path.",
    "Start from /.well-known/oauth-authorization-server, which lists every endpoint.",
    "RFC 8414 §3",
    404,
  ),
  host_unknown: open(
    "invalid_request",
    "This server does not answer for that host.",
    "Use the host of the issuer, or add the host to `hosts` in the configuration.",
    "RFC 9110 §15.5.20",
    421,
  ),
  query_not_allowed: open(
    "invalid_request",
    "Parameters belong in the body, not in the URL.",
    "Move every parameter into the form body; URLs end up in logs.",
    "RFC 6749 §2.3.1",
  ),
} as const satisfies Record<string, ReasonEntry>;
