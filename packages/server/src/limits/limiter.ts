/** Limits the rate of requests by kind and key, in bounded memory. */
export interface Limiter {
  /** Counts a request. Returns 0 if it may pass, else the seconds to wait, for Retry-After. */
  take(kind: LimitKind, key: string): number;
  /** Like `take`, without counting. */
  peek(kind: LimitKind, key: string): number;
}

export type LimitKind =
  | "token_requests"
  | "client_failures"
  | "sign_in_failures"
  | "sign_in_failures_here"
  | "forged_tokens";
