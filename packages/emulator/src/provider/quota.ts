import type { EpochSeconds } from "@symbolon/protocol";
import { nowOf, type Provider } from "./provider.ts";

/** What is left of a quota and when it resets. `over`: this request exceeds it. */
export type Quota = { limit: number; remaining: number; resetsAt: EpochSeconds; over: boolean };

/** A sliding window: at most `limit` requests in the last `seconds`. */
export function takeRolling(provider: Provider, who: string, limit: number, seconds: number): Quota {
  const now = nowOf(provider);
  const recent = (provider.quotas.get(who) ?? []).filter((at) => at > now - seconds);
  return take(provider, who, limit, recent, (recent[0] ?? now) + seconds);
}

/** A fixed window: at most `limit` requests in each window that begins at a multiple of `seconds`. */
export function takeFixed(provider: Provider, who: string, limit: number, seconds: number): Quota {
  const startsAt = nowOf(provider) - (nowOf(provider) % seconds);
  return take(
    provider,
    who,
    limit,
    (provider.quotas.get(who) ?? []).filter((at) => at >= startsAt),
    startsAt + seconds,
  );
}

function take(provider: Provider, who: string, limit: number, recent: number[], resetsAt: EpochSeconds): Quota {
  const over = recent.length >= limit;
  if (!over) recent.push(nowOf(provider));
  provider.quotas.set(who, recent);
  return { limit, remaining: Math.max(0, limit - recent.length), resetsAt, over };
}
