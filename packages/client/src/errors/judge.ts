import { failedBy, type Answer, type Exchange } from "../http/exchange.ts";
import { mask } from "../http/masks.ts";
import { retryAfterMs } from "../http/retry-after.ts";
import type { Result } from "../result.ts";
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
const byStatus: Readonly<Record<number, ClientErrorCode>> = { 406: "version_refused", 408: "server_error", 410: "service_retired", 429: "rate_limited" };

/**
 * The members of a good answer: exactly 200, JSON by its media type, an object, and no `error` in it. Everything else is a
 * failure with the one code that tells what to do. @see MX-08
 */
export function readAnswer(exchange: Exchange, answer: Answer, meanings: Meanings): Result<Record<string, unknown>> {
  const body = parse(answer.body);
  const reasons = reasonsOf(body).map((reason) => maskReason(reason, exchange.secrets));
  if (answer.status === 200 && reasons.length === 0) {
    if (!isJson(answer.headers.get("content-type"))) return failedBy(exchange, answer, "response_invalid", "unknown", { says: "the answer is not JSON by its media type" });
    if (!isObject(body)) return failedBy(exchange, answer, "response_invalid", "unknown", { says: "the answer is not a JSON object" });
    return { ok: true, value: body };
  }
  return judge(exchange, answer, reasons, meanings);
}

/** The failure that an answer means. */
export function judge(exchange: Exchange, answer: Answer, reasons: readonly ProviderReason[], meanings: Meanings): Result<never> {
  const { status } = answer;
  const code = codeOf(status, reasons[0]?.code, meanings);
  const wait = code === "rate_limited" || code === "server_error" ? retryAfterMs(answer.headers, answer.endedAtMs) : undefined;
  return failedBy(exchange, answer, code, outcomeOf(code), {
    ...(reasons[0] === undefined ? {} : { reason: reasons[0] }),
    ...(reasons.length > 1 ? { reasons } : {}),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

/** The status outranks the body where it says more than "no": a 503 is an outage even if it claims `invalid_grant`. */
function codeOf(status: number, reason: string | undefined, { codes, unauthorized, forbidden }: Meanings): ClientErrorCode {
  if (status >= 500) return "server_error";
  const known = byStatus[status];
  if (known !== undefined) return known;
  if (status < 400 && status !== 200) return "response_invalid";
  const meant = reason === undefined ? undefined : (own(codes ?? {}, reason) ?? own(everywhere, reason));
  if (meant !== undefined) return meant;
  return status === 401 ? unauthorized : status === 403 ? forbidden : "refused";
}

const outcomeOf = (code: ClientErrorCode): Outcome => (code === "rate_limited" ? "not_processed" : code === "server_error" || code === "response_invalid" ? "unknown" : "answered");

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(table, key) ? table[key] : undefined);

const maskReason = (reason: ProviderReason, secrets: readonly string[]): ProviderReason =>
  Object.fromEntries(Object.entries(reason).map(([name, text]) => [name, mask(text, secrets)])) as ProviderReason;

const isJson = (mediaType: string | null): boolean => /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(mediaType ?? "");

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
