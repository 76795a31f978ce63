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
  /** For an account: from everywhere, from one range, from one network, and on one known device. */
  | "sign_in_failures"
  | "sign_in_failures_from_range"
  | "sign_in_failures_from_network"
  | "sign_in_failures_of_device"
  /** For all accounts together. */
  | "sign_in_failures_of_range"
  | "sign_in_failures_of_network"
  | "forged_tokens"
  | "page_requests"
  /** Of one client of the management API. */
  | "management_requests"
  /** Requests to the management API without a good token, from one network. */
  | "management_failures";
