import { Sealed } from "@symbolon/protocol";
import { mask, maskBody } from "../http/masks.ts";
import type { HttpResponse, PreparedRequest } from "../http/prepared-request.ts";
import type { Failure } from "../result.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { ClientError, type ClientErrorCode, type ErrorFacts, type ErrorSource, type Outcome } from "./client-error.ts";

/** A failure without a response. */
export const failure = (
  { provider, operation }: ErrorSource,
  code: ClientErrorCode,
  outcome: Outcome,
  facts: Partial<ErrorFacts> = {},
): Failure => ({
  ok: false,
  error: new ClientError({ provider, operation, code, outcome, ...facts }),
});

/** A failure that a response shows. Status, headers and body become part of the error, masked. */
export const failureWithResponse = (
  source: ErrorSource & Pick<PreparedRequest, "secrets">,
  { status, headers, body }: HttpResponse,
  code: ClientErrorCode,
  outcome: Outcome,
  facts: Partial<ErrorFacts> = {},
): Failure =>
  failure(source, code, outcome, {
    status,
    headers: Object.fromEntries(
      [...headers]
        .filter(([name]) => !/^(?:set-cookie|location)$/.test(name))
        .map(([name, value]) => [name, mask(value, source.secrets)]),
    ),
    rawBody: new Sealed(body),
    // A body below 400 may contain new tokens in any spelling, so only `rawBody` has it.
    ...(status > 399 && { body: maskBody(body, source.secrets).slice(0, 10_000) }),
    ...withoutUndefined(facts),
  });

/** `invalid_request`: the argument `field` cannot be used, and nothing was sent. */
export const invalidRequest = (source: ErrorSource, field: string, message: string): Failure =>
  failure(source, "invalid_request", "not_processed", { field, message });

/**
 * `response_invalid`: a successful status, but the member `field` or the whole body is not what the operation needs.
 */
export const invalidResponse = (
  source: ErrorSource & Pick<PreparedRequest, "secrets">,
  response: HttpResponse,
  field?: string,
  message?: string,
): Failure => failureWithResponse(source, response, "response_invalid", "unknown", { field, message });
