import type { Clock } from "../deps.ts";
import type { Limiter, LimitKind } from "./limiter.ts";

/** `burst` requests at once, then one in each `periodMs`. */
export type Limit = { burst: number; periodMs: number };

/** Beyond this number of keys, the least recently used leave first. */
const maximumKeys = 50_000;

/**
 * Token buckets by the generic cell rate algorithm, which stores one number for each key: the time at which the bucket
 * will be full again. In memory, for each process; two processes therefore allow up to twice the rate.
 */
export function gcraLimiter(limits: Record<LimitKind, Limit>, clock: Clock): Limiter {
  const buckets = new Map<LimitKind, Map<string, number>>();
  const bucketsOf = (kind: LimitKind): Map<string, number> => {
    let fullAt = buckets.get(kind);
    if (fullAt === undefined) buckets.set(kind, (fullAt = new Map()));
    return fullAt;
  };
  const inSeconds = (waitMs: number): number => (waitMs <= 0 ? 0 : Math.ceil(waitMs / 1000));
  const waitOf = ({ burst, periodMs }: Limit, from: number, now: number): number =>
    inSeconds(from + periodMs - (now + burst * periodMs));

  return {
    peek(kind, key) {
      const now = clock.monotonicMs();
      return waitOf(limits[kind], Math.max(now, bucketsOf(kind).get(key) ?? 0), now);
    },
    take(kind, key) {
      const now = clock.monotonicMs();
      const fullAt = bucketsOf(kind);
      const from = Math.max(now, fullAt.get(key) ?? 0);
      const wait = waitOf(limits[kind], from, now);
      if (wait > 0) return wait;
      if (!fullAt.delete(key)) makeRoom(fullAt, now);
      fullAt.set(key, from + limits[kind].periodMs);
      return 0;
    },
  };
}

/** Removes up to two full buckets for each new key: a full bucket is the same as none. */
function makeRoom(fullAt: Map<string, number>, now: number): void {
  let room = 2;
  for (const [key, at] of fullAt) {
    if ((at > now && fullAt.size < maximumKeys) || room-- === 0) return;
    fullAt.delete(key);
  }
}

/** The limits of a server. Failed sign-ins count per account, and more tightly per account and network. */
export const standardLimits = (tokenRequestsPerMinute: number): Record<LimitKind, Limit> => ({
  token_requests: {
    burst: Math.max(1, Math.ceil(tokenRequestsPerMinute / 4)),
    periodMs: 60_000 / tokenRequestsPerMinute,
  },
  client_failures: { burst: 20, periodMs: 3_000 },
  sign_in_failures: { burst: 100, periodMs: 30_000 },
  sign_in_failures_here: { burst: 8, periodMs: 30_000 },
  forged_tokens: { burst: 10_000, periodMs: 1 },
});
