import { open, type ReasonEntry } from "./entry.ts";

/** The management API. Its callers are the operator's own programs, so every reason is open. */
export const managementReasons = {
  management_token_required: open(
    "invalid_token",
    "This access token is not for the management API.",
    "Use client credentials of `symbolon admin credentials`, with resource={issuer}/admin.",
    "RFC 6750 §3.1",
  ),
  management_scope_missing: open(
    "insufficient_scope",
    "The access token lacks the scope that this operation needs.",
    "Ask for a token with the scope that WWW-Authenticate names, by a client that is registered for it.",
    "RFC 6750 §3.1",
  ),
  management_target_required: open(
    "invalid_target",
    "A client of the management API gets tokens for resource={issuer}/admin only.",
    "Send resource={issuer}/admin, and no other.",
    "RFC 8707 §2",
  ),
  json_type_required: open(
    "invalid_request",
    "The body must be application/json.",
    "Set the Content-Type header to application/json.",
    "RFC 9110 §15.5.16",
    415,
  ),
  json_malformed: open(
    "invalid_request",
    "The body is not one JSON object in UTF-8.",
    "Send valid JSON.",
    "RFC 8259 §2",
  ),
  query_invalid: open(
    "invalid_request",
    "A parameter in the URL is unknown, repeated or has a value that is not allowed.",
    "The errors of the answer name each parameter and what it must be.",
    "RFC 9457 §3",
  ),
  header_invalid: open(
    "invalid_request",
    "A header of the request has a value that is not allowed.",
    "The errors of the answer name the header and what it must be.",
    "RFC 9110 §5.5",
  ),
  fields_refused: open(
    "invalid_request",
    "Fields of the request are refused.",
    "The errors of the answer name each field and what it must be.",
    "RFC 9110 §15.5.21",
    422,
  ),
  value_taken: open(
    "invalid_request",
    "A value belongs to another record already.",
    "Choose another value, or change the record that has it.",
    "RFC 9110 §15.5.10",
    409,
  ),
  record_unknown: open(
    "invalid_request",
    "There is no record with this id.",
    "List the records to find the id.",
    "RFC 9110 §15.5.5",
    404,
  ),
  record_protected: open(
    "access_denied",
    "The management API does not change its own clients.",
    "Use the command: `symbolon app` and `symbolon admin credentials`.",
    "RFC 9110 §15.5.4",
    403,
  ),
  record_changed: open(
    "invalid_request",
    "The record has changed since you read it.",
    "Read it again, and send your change with the new ETag in If-Match.",
    "RFC 9110 §15.5.13",
    412,
  ),
  match_required: open(
    "invalid_request",
    "A change needs an If-Match header, so that no change of another administrator is lost.",
    "Send the ETag of the record that you read in If-Match, or * to change any version.",
    "RFC 6585 §3",
    428,
  ),
  idempotency_key_reused: open(
    "invalid_request",
    "This Idempotency-Key was used for another request.",
    "Use a new key for each new request; repeat a request with the same body.",
    "RFC 9110 §15.5.21",
    422,
  ),
} as const satisfies Record<string, ReasonEntry>;
