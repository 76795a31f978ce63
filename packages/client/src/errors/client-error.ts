import type { Sealed } from "@symbolon/protocol";

/** What went wrong, in one vocabulary for every provider. */
export type ClientErrorCode =
  /** The provider no longer takes the refresh token: a person has to consent again. */
  | "refresh_token_dead"
  /** The authorization code or device code is unknown, used, expired, or not for this request. */
  | "code_refused"
  /** Client id or secret are wrong: nothing can be said about any grant. */
  | "client_credentials_wrong"
  /** The client is known and may not do this (`unauthorized_client`, 403 at the token endpoint). */
  | "client_refused"
  /** 401 for a bearer token: expired, revoked or unknown; `reason` has what the provider says. Refresh. */
  | "access_token_expired"
  /** The token is good and not for this. */
  | "scope_insufficient"
  /** The person said no, at consent or on their device. */
  | "access_denied"
  /** The person took too long on their device. */
  | "device_code_expired"
  /** 406: the provider does not take this API version. */
  | "version_refused"
  /** 410: the provider has closed this service. */
  | "service_retired"
  /** 429; `retryAfterMs` is the wait. */
  | "rate_limited"
  /** 408 or 5xx, whatever the body says. */
  | "server_error"
  /** Any other refusal; `reason` has what the provider says. */
  | "refused"
  /** No answer came: no connection, or it broke. */
  | "connection"
  | "timeout"
  /** By the caller's own signal. */
  | "aborted"
  /** The provider sent a redirect, which is never followed: it would take credentials elsewhere. */
  | "redirect_refused"
  /** The call itself is wrong; `field` names the argument, and nothing was sent. */
  | "invalid_request"
  /** The answer is not what the operation promises; `field` names the member, `rawBody` keeps the answer. */
  | "response_invalid"
  /** The redirect back is not the answer to our own request; nothing was sent. */
  | "callback_refused";

/** Whether the provider acted on the request. After `unknown` it may have: a token POST is then not simply repeated. */
export type Outcome = "not_processed" | "unknown" | "answered";

/**
 * What the provider says, whichever dialect it speaks: `error`, `errors[].errorType`, `errors[].category`, or `name`.
 */
export type ProviderReason = {
  code: string;
  description?: string;
  /** The argument that it complains about. */
  field?: string;
  uri?: string;
};

export type ErrorFacts = {
  provider: string;
  operation: string;
  code: ClientErrorCode;
  outcome: Outcome;
  status?: number;
  /** Of the answer, without cookies and `Location`. */
  headers?: Readonly<Record<string, string>>;
  /**
   * The body of a refusal (400 and above), at most 10,000 characters of it, secrets masked. What is none may hold new
   * tokens: `rawBody`.
   */
  body?: string;
  /** The whole answer as it came, up to the size limit. */
  rawBody?: Sealed;
  reason?: ProviderReason;
  /** Where the provider lists several. */
  reasons?: readonly ProviderReason[];
  retryAfterMs?: number;
  field?: string;
  says?: string;
  cause?: unknown;
};

/**
 * Why an operation failed. `code` tells what to do; the rest is for the person who reads the log. Nothing in it is
 * secret, its `cause` included: what was sent and what came back is masked before it gets here.
 */
export class ClientError extends Error {
  declare readonly provider: string;
  declare readonly operation: string;
  declare readonly code: ClientErrorCode;
  declare readonly outcome: Outcome;
  declare readonly status?: number;
  declare readonly headers?: Readonly<Record<string, string>>;
  declare readonly body?: string;
  declare readonly rawBody?: Sealed;
  declare readonly reason?: ProviderReason;
  declare readonly reasons?: readonly ProviderReason[];
  declare readonly retryAfterMs?: number;
  declare readonly field?: string;

  constructor({ cause, says, ...facts }: ErrorFacts) {
    super(sentence(facts, says), cause === undefined ? undefined : { cause });
    Object.assign(this, facts);
    this.name = "ClientError";
  }
}

/** `gusto introspection.refreshToken: refresh token dead (400, invalid_grant: …)` */
function sentence({ provider, operation, code, status, reason, field }: ErrorFacts, says?: string): string {
  const details = [status, reason?.code, reason?.description, field, says]
    .filter((part) => part !== undefined)
    .join(", ");
  return `${provider} ${operation}: ${code.replaceAll("_", " ")}${details && ` (${details.replace(/\p{Cc}+/gu, " ").slice(0, 1000)})`}`;
}

/** Whether it is one of ours, also where two copies of this package are loaded. */
export const isClientError = (value: unknown): value is ClientError =>
  value instanceof Error && value.name === "ClientError" && "outcome" in value;
