/** The kinds of injected faults. Each says whether the request is processed. */
export type Misbehaviour =
  /** Not processed, and the connection is cut without an answer. */
  | { what: "drop_request" }
  /** Processed, and the connection is cut without an answer: the lost answer of a refresh. */
  | { what: "drop_answer" }
  /** Processed, then no answer until the client gives up. */
  | { what: "hang" }
  /** Processed; the connection is reset halfway through the answer. */
  | { what: "reset" }
  /** Processed; the server closes its side cleanly halfway through the answer. */
  | { what: "half_close" }
  /**
   * The answer is delayed by `ms`. The request is processed before the delay (`after_processing`, the default) or after
   * it.
   */
  | { what: "delay"; ms: number; when?: "before_processing" | "after_processing" }
  /** The body is sent one byte every `msPerByte`. */
  | { what: "slow_body"; msPerByte: number }
  /**
   * An error with this status in the provider's format. `code` selects the error code, `retryAfterSeconds` adds
   * Retry-After. Not processed unless `processed` is true.
   */
  | { what: "status"; status: number; code?: string; retryAfterSeconds?: number; processed?: boolean }
  /** An HTML page instead of JSON, as proxies and captive portals send it. Default status 502. */
  | { what: "html"; status?: number; processed?: boolean }
  /** Processed; the JSON is cut off, with a matching Content-Length. */
  | { what: "malformed" }
  /** Another issuer in the redirect and in the metadata: a mix-up attack (RFC 9207). */
  | { what: "wrong_iss"; iss?: string }
  /** The request is processed twice, as by a proxy that repeats it. `answer`: which answer the client gets. */
  | { what: "duplicate"; answer?: "first" | "second" };

/**
 * A fault with the requests that it applies to. Without `times`, `nth` and `probability` it applies until it is
 * removed. `operation` is a route (`token`, `introspect`, ...) or a grant type (`refresh_token`, ...). Default: all.
 */
export type Fault = Misbehaviour & {
  /** A route (`token`, `introspect`, ...) or a grant type (`refresh_token`, ...). Default: all. */
  operation?: string;
  /** The client_id. */
  client?: string;
  /** Applies to this many matching requests. */
  times?: number;
  /** Applies only to the n-th matching request from now on, counted from 1. */
  nth?: number;
  /** Applies with this probability, 0 to 1, derived from the seed. */
  probability?: number;
};

export type ActiveFault = { id: string; fault: Fault; matched: number; struck: number };

/** Every kind of fault. */
export const misbehaviours = [
  "drop_request",
  "drop_answer",
  "hang",
  "reset",
  "half_close",
  "delay",
  "slow_body",
  "status",
  "html",
  "malformed",
  "wrong_iss",
  "duplicate",
] as const satisfies readonly Misbehaviour["what"][];

/** The operations and client of a request, as far as they are known before it is processed. */
export type Target = { operations: readonly string[]; client: string | undefined };

/**
 * The first active fault that applies to this request. Every matching fault counts the request. `fraction` derives a
 * number from 0 to 1 from the seed.
 */
export function findFault(
  standing: readonly ActiveFault[],
  target: Target,
  fraction: (label: string) => number,
): Fault | undefined {
  let struck: Fault | undefined;
  for (const one of standing) {
    const { fault } = one;
    if (fault.operation !== undefined && !target.operations.includes(fault.operation)) continue;
    if (fault.client !== undefined && fault.client !== target.client) continue;
    one.matched++;
    if (struck !== undefined || !isDue(one, fraction)) continue;
    one.struck++;
    struck = fault;
  }
  return struck;
}

function isDue({ id, fault, matched, struck }: ActiveFault, fraction: (label: string) => number): boolean {
  if (fault.nth !== undefined && matched !== fault.nth) return false;
  if (fault.times !== undefined && struck >= fault.times) return false;
  return fault.probability === undefined || fraction(`${id} ${matched}`) < fault.probability;
}
