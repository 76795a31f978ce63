import { hash } from "node:crypto";
import { BoundedMap, copyString } from "../bounded-map.ts";
import type { Clock } from "../deps.ts";
import type { Limiter, LimitKind } from "./limiter.ts";

/** `burst` requests at once, then one in each `periodMs`. */
export type Limit = { burst: number; periodMs: number };

/** Of the keys of one kind. Beyond it, keys that were not used lately leave. */
const maximumBytes = 8 * 2 ** 20;
/** Longer keys are kept as their hash. */
const longestKey = 128;
/** Of the entry of a map, the number and the header of the text; two for each character. */
const bytesOf = (key: string): number => 96 + 2 * key.length;

/**
 * Token buckets by the generic cell rate algorithm, which stores one number for each key: the time at which the bucket
 * will be full again. In memory that is bounded in bytes, for each process; two processes therefore allow up to twice
 * the rate.
 */
export function gcraLimiter(limits: Record<LimitKind, Limit>, clock: Clock): Limiter {
  const buckets = new Map<LimitKind, BoundedMap<string, number>>();
  for (const kind of Object.keys(limits) as LimitKind[])
    buckets.set(kind, new BoundedMap(maximumBytes, (_fullAt, key) => bytesOf(key)));
  const inSeconds = (waitMs: number): number => (waitMs <= 0 ? 0 : Math.ceil(waitMs / 1000));
  const waitOf = ({ burst, periodMs }: Limit, from: number, now: number): number =>
    inSeconds(from + periodMs - (now + burst * periodMs));

  return {
    peek(kind, key) {
      const now = clock.monotonicMs();
      return waitOf(limits[kind], Math.max(now, buckets.get(kind)!.get(keptKey(key)) ?? 0), now);
    },
    take(kind, key) {
      const now = clock.monotonicMs();
      const fullAt = buckets.get(kind)!;
      const kept = keptKey(key);
      const from = Math.max(now, fullAt.get(kept) ?? 0);
      const wait = waitOf(limits[kind], from, now);
      if (wait === 0) fullAt.set(kept, from + limits[kind].periodMs);
      return wait;
    },
  };
}

/** A key may hold what an attacker sent, at any length: bounded, and without the request that it was cut from. */
const keptKey = (key: string): string => (key.length > longestKey ? hash("sha256", key, "base64url") : copyString(key));

/**
 * The limits of a server. One range cannot use up the limit of an account: it has a sixth of the burst, and half of the
 * rate (OP-14).
 */
export const standardLimits = (tokenRequestsPerMinute: number): Record<LimitKind, Limit> => ({
  token_requests: {
    burst: Math.max(1, Math.ceil(tokenRequestsPerMinute / 4)),
    periodMs: 60_000 / tokenRequestsPerMinute,
  },
  client_failures: { burst: 20, periodMs: 3_000 },
  sign_in_failures: { burst: 100, periodMs: 30_000 },
  sign_in_failures_from_range: { burst: 16, periodMs: 60_000 },
  sign_in_failures_from_network: { burst: 8, periodMs: 30_000 },
  sign_in_failures_of_device: { burst: 8, periodMs: 30_000 },
  sign_in_failures_of_range: { burst: 160, periodMs: 2_500 },
  sign_in_failures_of_network: { burst: 40, periodMs: 10_000 },
  forged_tokens: { burst: 10_000, periodMs: 1 },
  page_requests: { burst: 1_000, periodMs: 20 },
  management_requests: { burst: 1_000, periodMs: 10 },
  management_failures: { burst: 20, periodMs: 3_000 },
});
