/** Decides whether one more request of `key` may pass now. Memory is bounded. */
export interface Limiter {
  /** 0: go ahead. Otherwise the whole seconds to wait, for Retry-After. */
  take(kind: LimitKind, key: string): number;
  /** Asks without counting. */
  peek(kind: LimitKind, key: string): number;
}

export type LimitKind =
  | "token_requests"
  | "client_failures"
  | "sign_in_failures"
  | "sign_in_failures_here"
  | "forged_tokens";
