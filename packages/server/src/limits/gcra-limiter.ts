import type { Clock } from "../deps.ts";
import type { Limiter, LimitKind } from "./limiter.ts";

/** `burst` requests at once, then one per `periodMs`. */
export type Limit = { burst: number; periodMs: number };

/** One number per key; the oldest keys leave first when there are too many. */
const maximumKeys = 100_000;

/**
 * The generic cell rate algorithm, as token buckets are when they store one number: the time at which the bucket will be
 * full again. In memory, per process; two processes therefore allow up to twice the rate.
 */
export function gcraLimiter(limits: Record<LimitKind, Limit>, clock: Clock): Limiter {
  const fullAt = new Map<string, number>();

  const waitOf = (kind: LimitKind, key: string): { id: string; from: number; waitMs: number } => {
    const { burst, periodMs } = limits[kind];
    const id = `${kind}\0${key}`;
    const now = clock.monotonicMs();
    const from = Math.max(now, fullAt.get(id) ?? 0);
    return { id, from, waitMs: from + periodMs - (now + burst * periodMs) };
  };
  const inSeconds = (waitMs: number): number => (waitMs <= 0 ? 0 : Math.ceil(waitMs / 1000));

  return {
    peek: (kind, key) => inSeconds(waitOf(kind, key).waitMs),
    take(kind, key) {
      const { id, from, waitMs } = waitOf(kind, key);
      if (waitMs > 0) return inSeconds(waitMs);
      fullAt.delete(id);
      fullAt.set(id, from + limits[kind].periodMs);
      if (fullAt.size > maximumKeys) fullAt.delete(fullAt.keys().next().value!);
      return 0;
    },
  };
}

/** The limits of a server; failures count per client or account, and more tightly per network that they come from. */
export const standardLimits = (tokenRequestsPerMinute: number): Record<LimitKind, Limit> => ({
  token_requests: { burst: Math.max(1, Math.ceil(tokenRequestsPerMinute / 4)), periodMs: 60_000 / tokenRequestsPerMinute },
  client_failures: { burst: 20, periodMs: 3_000 },
  sign_in_failures: { burst: 100, periodMs: 30_000 },
  sign_in_failures_here: { burst: 8, periodMs: 30_000 },
  forged_tokens: { burst: 10_000, periodMs: 1 },
});
