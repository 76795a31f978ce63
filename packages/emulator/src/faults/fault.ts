/** What goes wrong. `processed` says whether the request takes effect all the same; for most that is in their name. */
export type Misbehaviour =
  /** Not processed, and the connection is cut without an answer. */
  | { what: "drop_request" }
  /** Processed, and the connection is cut without an answer: the lost answer of a refresh. */
  | { what: "drop_answer" }
  /** Processed, and then silence, until the client gives up. */
  | { what: "hang" }
  /** Processed; the connection is reset in the middle of the answer. */
  | { what: "reset" }
  /** Processed; the server ends its side in the middle of the answer, in good order. */
  | { what: "half_close" }
  /** The answer comes `ms` later: the request is processed at once (`after_processing`, the default) or only then. */
  | { what: "delay"; ms: number; when?: "before_processing" | "after_processing" }
  /** The body comes in drips, one byte every `msPerByte`. */
  | { what: "slow_body"; msPerByte: number }
  /**
   * Any status, in the provider's own words; `code` picks its error code, `retryAfterSeconds` adds the header. Not
   * processed unless it says so.
   */
  | { what: "status"; status: number; code?: string; retryAfterSeconds?: number; processed?: boolean }
  /** A page where JSON should be, as proxies and hotel networks send it. 502 unless another status is given. */
  | { what: "html"; status?: number; processed?: boolean }
  /** Processed; the JSON is cut off, though its length is right. */
  | { what: "malformed" }
  /** Another issuer in the redirect and in the metadata: the mix-up of RFC 9207. */
  | { what: "wrong_iss"; iss?: string }
  /** The request is processed twice, as by a proxy that repeats it; the client gets the answer named. */
  | { what: "duplicate"; answer?: "first" | "second" };

/**
 * A fault, where it strikes and how often. Without `times`, `nth` and `probability` it strikes until it is removed.
 * `operation` is that of a route (`token`, `introspect`, ...) or a grant type (`refresh_token`, ...); absent: all.
 */
export type Fault = Misbehaviour & {
  operation?: string;
  /** The client_id. */
  client?: string;
  /** The next so many matching requests. */
  times?: number;
  /** Only the n-th matching request from now on, counted from 1. */
  nth?: number;
  /** 0 to 1, drawn from the seed. */
  probability?: number;
};

export type StandingFault = { id: string; fault: Fault; matched: number; struck: number };

/** Everything that a fault can be. */
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

/** Whom a request concerns, as far as can be told before it is processed. */
export type Target = { operations: readonly string[]; client: string | undefined };

/**
 * The first standing fault that strikes this request; every one that matches counts it. `fraction` draws from the seed.
 */
export function strike(
  standing: readonly StandingFault[],
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

function isDue({ id, fault, matched, struck }: StandingFault, fraction: (label: string) => number): boolean {
  if (fault.nth !== undefined && matched !== fault.nth) return false;
  if (fault.times !== undefined && struck >= fault.times) return false;
  return fault.probability === undefined || fraction(`${id} ${matched}`) < fault.probability;
}
