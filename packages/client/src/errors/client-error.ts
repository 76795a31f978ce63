import type { Sealed } from "@symbolon/protocol";

/** What went wrong, in one vocabulary for every provider. */
export type ClientErrorCode =
  /** The provider no longer accepts the refresh token: the user has to consent again. */
  | "refresh_token_dead"
  /** The authorization code or device code is unknown, used, expired, or was issued for another request. */
  | "code_refused"
  /** The client id or secret is wrong. This says nothing about any grant. */
  | "client_credentials_wrong"
  /** The client is known but may not do this (`unauthorized_client`). */
  | "client_refused"
  /** 401 for a bearer token: expired, revoked or unknown. Refresh it. `reason` has what the provider says. */
  | "access_token_expired"
  /** The access token is valid, but its scope does not cover this request. */
  | "scope_insufficient"
  /** The user refused, at the consent page or on their device. */
  | "access_denied"
  /** The device code expired before the user entered it. */
  | "device_code_expired"
  /** 406: the provider does not support this API version. */
  | "version_refused"
  /** 410: the provider has closed this service. */
  | "service_retired"
  /** 429. `retryAfterMs` says how long to wait. */
  | "rate_limited"
  /** 408 or 5xx, with any body. */
  | "server_error"
  /**
   * Any other refusal, also 401 or 403 without an error code of OAuth, which a firewall or proxy may have sent.
   * `reason` has what the provider says.
   */
  | "refused"
  /** No response: the connection could not be made, or it broke. */
  | "connection"
  /** No complete response within `timeoutMs`. */
  | "timeout"
  /** The caller's own signal ended the call. */
  | "aborted"
  /** The provider sent a redirect. It is never followed: that could send credentials elsewhere. */
  | "redirect_refused"
  /** An argument or option is wrong. `field` names it; nothing was sent. */
  | "invalid_request"
  /** The response does not have what the operation needs. `field` names the member; `rawBody` keeps the response. */
  | "response_invalid"
  /** The redirect does not answer our own authorization request. Nothing was sent. */
  | "callback_refused";

/**
 * Whether the provider acted on the request. After `unknown` it may have: do not simply repeat a request that spends a
 * code or a refresh token.
 */
export type Outcome = "not_processed" | "unknown" | "answered";

/**
 * The provider's own words. `code` is read from `error`, `errors[].errorType`, `errors[].category` or `name`, the first
 * that the provider sends.
 */
export type ProviderReason = {
  /** The error code, such as `invalid_grant`. */
  code: string;
  /** The explanation, where the provider sends one. */
  description?: string;
  /** The argument that the provider complains about. */
  field?: string;
  /** A page about the error (`error_uri`). */
  uri?: string;
};

/** The operation that failed, and the provider it was meant for: part of every error. */
export type ErrorSource = { provider: string; operation: string };

/** What a `ClientError` is made of. See its members. */
export type ErrorFacts = ErrorSource & {
  code: ClientErrorCode;
  outcome: Outcome;
  status?: number;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  rawBody?: Sealed;
  reason?: ProviderReason;
  reasons?: readonly ProviderReason[];
  retryAfterMs?: number;
  field?: string;
  /** What is wrong with `field`, or with the response. Becomes part of the error's message. */
  message?: string;
  cause?: unknown;
};

/**
 * Why an operation failed. Decide by `code` and `outcome`; the rest is for logs. No member contains a secret in the
 * clear, `cause` included.
 */
export class ClientError extends Error {
  /** Name of the provider's profile. */
  declare readonly provider: string;
  /** Name of the function that was called, such as `refresh`. */
  declare readonly operation: string;
  declare readonly code: ClientErrorCode;
  /** Whether the provider acted on the request. */
  declare readonly outcome: Outcome;
  /** HTTP status, where a response came. */
  declare readonly status?: number;
  /** Response headers in lower case, without `Set-Cookie` and `Location`. */
  declare readonly headers?: Readonly<Record<string, string>>;
  /**
   * The body of a response with a status of 400 or above, secrets masked, at most 10,000 characters. A body below 400
   * may contain new tokens, so only `rawBody` has it.
   */
  declare readonly body?: string;
  /** The whole response body, sealed: `reveal()` it only to look for a lost token. */
  declare readonly rawBody?: Sealed;
  /** What the provider says went wrong. */
  declare readonly reason?: ProviderReason;
  /** All of them, where the provider lists several. */
  declare readonly reasons?: readonly ProviderReason[];
  /** How long the provider asks to wait, in milliseconds. */
  declare readonly retryAfterMs?: number;
  /** The argument (`invalid_request`) or response member (`response_invalid`, `callback_refused`) that is wrong. */
  declare readonly field?: string;

  constructor({ cause, message, ...facts }: ErrorFacts) {
    super(composeMessage(facts, message), cause === undefined ? undefined : { cause });
    Object.assign(this, facts);
    this.name = "ClientError";
  }
}

/** `gusto introspection.refreshToken: refresh token dead (400, invalid_grant: …)` */
function composeMessage({ provider, operation, code, status, reason, field }: ErrorFacts, message?: string): string {
  const details = [status, reason?.code, reason?.description, field, message]
    .filter((part) => part !== undefined)
    .join(", ");
  return `${provider} ${operation}: ${code.replaceAll("_", " ")}${details && ` (${details.replace(/\p{Cc}+/gu, " ").slice(0, 1000)})`}`;
}

/**
 * Whether a caught value is a `ClientError`. Use it instead of `instanceof`: two copies of this package may be loaded.
 */
export const isClientError = (value: unknown): value is ClientError =>
  value instanceof Error && value.name === "ClientError" && "outcome" in value;
