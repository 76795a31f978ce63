import { failedBy, unreadable, type Answer, type Exchange } from "../http/exchange.ts";
import { mask } from "../http/masks.ts";
import { retryAfterMs } from "../http/retry-after.ts";
import { parsed } from "../parsed.ts";
import { ok, type Result } from "../result.ts";
import type { ClientErrorCode, Outcome, ProviderReason } from "./client-error.ts";
import { isObject, reasonsOf } from "./reason.ts";

/** What the provider's codes and statuses mean at one operation, beyond what they mean everywhere. */
export type Meanings = {
  codes?: Readonly<Record<string, ClientErrorCode>>;
  /** Of 401 without a code that says more. */
  unauthorized: ClientErrorCode;
  /** Of 403 likewise. */
  forbidden: ClientErrorCode;
};

const everywhere: Readonly<Record<string, ClientErrorCode>> = {
  invalid_client: "client_credentials_wrong",
  unauthorized_client: "client_refused",
  invalid_token: "access_token_expired",
  expired_token: "access_token_expired",
  insufficient_scope: "scope_insufficient",
  access_denied: "access_denied",
};
const byStatus: Readonly<Record<number, ClientErrorCode>> = {
  406: "version_refused",
  408: "server_error",
  410: "service_retired",
  429: "rate_limited",
};
const outcomes: Partial<Record<ClientErrorCode, Outcome>> = {
  rate_limited: "not_processed",
  server_error: "unknown",
  response_invalid: "unknown",
};

/**
 * The members of a good answer: exactly 200, JSON by its media type, an object, and no `error` in it. Everything else
 * is a failure with the one code that tells what to do. @see MX-08
 */
export function readAnswer(exchange: Exchange, answer: Answer, meanings: Meanings): Result<Record<string, unknown>> {
  const body = parsed(answer.body);
  // Without a prototype: a provider's code may be called like a method.
  const meant: Record<string, ClientErrorCode> = Object.assign(Object.create(null), everywhere, meanings.codes);
  // A code that we know is no secret, though a secret may be spelled like a part of it.
  const masked = (text: string): string => (meant[text] ? text : mask(text, exchange.secrets));
  const reasons = reasonsOf(body).map(
    (reason) =>
      Object.fromEntries(Object.entries(reason).map(([name, text]) => [name, masked(text)])) as ProviderReason,
  );
  const [reason, second] = reasons;
  if (answer.status === 200 && reason === undefined) {
    const isJson = /^application\/(?:\S+\+)?json *(?:;|$)/i.test(answer.headers.get("content-type") ?? "");
    return isJson && isObject(body) ? ok(body) : unreadable(exchange, answer, undefined, "is no JSON object");
  }
  const code =
    codeBy(answer.status) ??
    meant[reason?.code ?? ""] ??
    (answer.status === 401 ? meanings.unauthorized : answer.status === 403 ? meanings.forbidden : "refused");
  const wait =
    code === "rate_limited" || code === "server_error" ? retryAfterMs(answer.headers, answer.endedAtMs) : undefined;
  return failedBy(exchange, answer, code, outcomes[code] ?? "answered", {
    reason,
    reasons: second && reasons,
    retryAfterMs: wait,
  });
}

/** The status outranks the body where it says more than "no": a 503 is an outage even if it claims `invalid_grant`. */
const codeBy = (status: number): ClientErrorCode | undefined =>
  status >= 500 ? "server_error" : status < 400 && status !== 200 ? "response_invalid" : byStatus[status];
