import { serverNowMs } from "./clock-offsets.ts";
import type { KeeperContext } from "./context.ts";
import type { StoredGrant } from "./grants.ts";
import { findProvider, providerOf } from "./provider.ts";
import { isOver, replayWindowMs, type GrantRecord } from "./record.ts";
import { ageMs, lifeLeftMs, marginMs, momentOf, unchangedMs, waitLeftMs } from "./time.ts";

/** What one caller needs. */
export type CallerNeeds = {
  /** The version whose token a resource server answered with 401. */
  rejectedVersion?: number | undefined;
  minimumLifeMs?: number;
  /** The version that this call's own refresh brought: usable, even if a clock says otherwise. */
  refreshedVersion?: number | undefined;
  /** This call has had its refresh, successful or not; it does not get another. */
  hasTried?: boolean | undefined;
  /** No caller waits: finish what other processes left. */
  recovering?: boolean;
};

/** What is known beside the record. */
export type Facts = {
  ageMs: number;
  /** Another process holds the lease and may be alive. */
  leased: boolean;
  /** How long this process has observed the open intent. */
  intentSeenMs: number;
  waitLeftMs: number;
  readsIntent: boolean;
};

export type Step =
  | { do: "serve" }
  /** Another process holds the lease. */
  | { do: "wait" }
  /** `urgent`: there is no token to serve meanwhile. */
  | { do: "refresh"; urgent: boolean }
  /** A process died during a refresh that must not be repeated yet. */
  | { do: "mark_ambiguous" }
  | { do: "refuse"; code: "ended"; retryAfterMs?: number }
  | { do: "refuse"; code: "suspect" | "unavailable"; retryAfterMs: number };

/** Least time between forced refreshes: a resource server that rejects every token must not cause a loop (C-10). */
const forcedApartMs = 60_000;
/** A lease in a record is respected up to this, so that a damaged one cannot block a grant. */
const longestLeaseMs = 3_600_000;
/** What a process sent right before it ended has arrived by then, even if a packet had to be sent again. */
const goneMs = 5000;

/** What to do next about a grant: B5 and B9 as one function of record, time and need. */
export function decide(record: GrantRecord, facts: Facts, needs: CallerNeeds): Step {
  if (isOver(record)) return { do: "refuse", code: "ended" };
  const leftMs = lifeLeftMs(record, facts.ageMs);
  const isRejected = needs.rejectedVersion === record.version && !(record.forced && facts.ageMs < forcedApartMs);
  const isOwnRefresh = needs.refreshedVersion === record.version;
  const isUsable = !isRejected && (leftMs > 0 || isOwnRefresh);
  const neededMs = Math.max(
    marginMs(record),
    Math.min(needs.minimumLifeMs ?? 0, (record.lifetimeSeconds ?? Infinity) * 800),
  );
  const isEnough = isUsable && (leftMs > neededMs || isOwnRefresh);
  const isDue = !isEnough || facts.ageMs >= (record.refreshAfterMs ?? Infinity) || record.intent !== undefined;

  if (!isDue) return { do: "serve" };
  if (facts.leased) return isEnough && !needs.recovering ? { do: "serve" } : { do: "wait" };
  if (record.accessOnly) return isUsable ? { do: "serve" } : { do: "refuse", code: "ended", retryAfterMs: 0 };
  if (needs.hasTried || facts.waitLeftMs > 0) {
    const code = record.state === "suspect" ? "suspect" : "unavailable";
    return isUsable ? { do: "serve" } : { do: "refuse", code, retryAfterMs: facts.waitLeftMs };
  }
  if (record.intent !== undefined && !mayReplay(record, facts) && !isRejected && leftMs > marginMs(record))
    return { do: record.state === "refreshing" ? "mark_ambiguous" : "serve" };
  return { do: "refresh", urgent: !isEnough };
}

/** Whether a token that was possibly spent can be sent again without ending the grant (B1, B3.2). */
export function mayReplay(
  { class: rotation }: GrantRecord,
  { readsIntent, intentSeenMs }: Pick<Facts, "readsIntent" | "intentSeenMs">,
): boolean {
  return readsIntent || (rotation.kind !== "strict" && intentSeenMs < replayWindowMs(rotation));
}

/** Throws "no_provider". */
export function factsOf(
  context: Pick<KeeperContext, "world" | "owner" | "providers" | "clockOffsets" | "isGone">,
  stored: StoredGrant,
): Facts {
  const now = momentOf(context.world);
  const { record, observation } = stored;
  const { lease } = record;
  return {
    ageMs: ageMs(observation, now),
    // This process runs one task on a grant at a time, so a lease of its own was left by a task that failed.
    leased:
      lease !== undefined &&
      lease.owner !== context.owner &&
      unchangedMs(observation, "lease", now) <
        Math.min(lease.ms, context.isGone(lease.owner) ? goneMs : longestLeaseMs),
    intentSeenMs: unchangedMs(observation, "intent", now),
    waitLeftMs: untilNextAttemptMs(context, stored),
    readsIntent: providerOf(context, record).readsIntent,
  };
}

/** What is left of the wait before the next attempt; 0 for a client that has changed since the last refusal. */
export function untilNextAttemptMs(
  context: Pick<KeeperContext, "world" | "providers" | "clockOffsets">,
  { record, observation }: StoredGrant,
): number {
  const { suspicion, streak, issuer } = record;
  const generation = findProvider(context, record)?.clientGeneration ?? 0;
  if (streak === 0 && suspicion?.generation !== undefined && suspicion.generation < generation) return 0;
  return waitLeftMs(record, observation, momentOf(context.world), serverNowMs(context, issuer));
}
