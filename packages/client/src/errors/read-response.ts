import { mask } from "../http/masks.ts";
import type { HttpResponse, PreparedRequest } from "../http/prepared-request.ts";
import { retryAfterMs } from "../http/retry-after.ts";
import { parseJson } from "../parse-json.ts";
import { ok, type Result } from "../result.ts";
import type { ClientErrorCode, Outcome, ProviderReason } from "./client-error.ts";
import { failureWithResponse, invalidResponse } from "./failures.ts";
import { isObject, readReasons } from "./provider-reasons.ts";

/** What error codes and statuses mean at one operation, in addition to `commonCodes`. */
export type ErrorMeanings = {
  codes?: Readonly<Record<string, ClientErrorCode>>;
  /** The meaning of 401 with no known code. Default: `refused`, because a firewall may have answered. */
  unauthorized?: ClientErrorCode | undefined;
  /** The meaning of 403 with no known code. Default: `refused`. */
  forbidden?: ClientErrorCode;
};

const commonCodes: Readonly<Record<string, ClientErrorCode>> = {
  invalid_client: "client_credentials_wrong",
  unauthorized_client: "client_refused",
  invalid_token: "access_token_expired",
  expired_token: "access_token_expired",
  insufficient_scope: "scope_insufficient",
  access_denied: "access_denied",
};
const codesByStatus: Readonly<Record<number, ClientErrorCode>> = {
  406: "version_refused",
  408: "server_error",
  410: "service_retired",
  429: "rate_limited",
};
const outcomesByCode: Partial<Record<ClientErrorCode, Outcome>> = {
  rate_limited: "not_processed",
  server_error: "unknown",
  response_invalid: "unknown",
};

/**
 * The members of a successful response: a status from 200 to 299, a JSON object, and no `error` in it. Its media type
 * does not matter, because a new refresh token must not be lost for that. Anything else is a failure with exactly one
 * `ClientErrorCode`.
 * @see MX-08
 */
export function readResponse(
  request: PreparedRequest,
  response: HttpResponse,
  meanings: ErrorMeanings = {},
): Result<Record<string, unknown>> {
  const body = parseJson(response.body);
  // No prototype: a provider's code may be spelled like a method of Object.
  const known: Record<string, ClientErrorCode> = Object.assign(Object.create(null), commonCodes, meanings.codes);
  // A known code is never masked, even if a secret happens to be a part of it.
  const masked = (text: string): string => (known[text] ? text : mask(text, request.secrets));
  const reasons = readReasons(body).map(
    (reason) =>
      Object.fromEntries(Object.entries(reason).map(([name, text]) => [name, masked(text)])) as ProviderReason,
  );
  const [reason, second] = reasons;
  if (isSuccess(response.status) && reason === undefined)
    return isObject(body) ? ok(body) : invalidResponse(request, response, undefined, "not a JSON object");
  const code =
    codeForStatus(response.status) ??
    known[reason?.code ?? ""] ??
    { 401: meanings.unauthorized, 403: meanings.forbidden }[response.status] ??
    "refused";
  const wait =
    code === "rate_limited" || code === "server_error" ? retryAfterMs(response.headers, response.endedAtMs) : undefined;
  return failureWithResponse(request, response, code, outcomesByCode[code] ?? "answered", {
    reason,
    reasons: second && reasons,
    retryAfterMs: wait,
  });
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** Statuses that outrank the body: a 503 is an outage even if its body says `invalid_grant`. */
const codeForStatus = (status: number): ClientErrorCode | undefined =>
  status >= 500 ? "server_error" : status < 400 && !isSuccess(status) ? "response_invalid" : codesByStatus[status];
