import type { World } from "../world.ts";
import type { GrantRecord } from "./record.ts";

/** A moment on both clocks of this process. */
export type Moment = { monotonicMs: number; wallMs: number };

export const momentOf = (world: World): Moment => ({ monotonicMs: world.monotonicMs(), wallMs: world.epochMs() });

/** What went by: the monotonic clock may stand still while the host sleeps, so the larger of the two counts (C-13). */
export const elapsedMs = (since: Moment, now: Moment): number =>
  Math.max(now.monotonicMs - since.monotonicMs, now.wallMs - since.wallMs, 0);

/** What this process has seen of one grant, by its own clocks. */
export type Sight = {
  version: number;
  /** The pair's age when this version was first seen, at `since`. */
  ageMs: number;
  since: Moment;
  /** The last look. */
  last: Moment;
  /** Since when a part of the record has been as it is now. */
  unchanged: Record<string, { mark: string; sinceMs: number }>;
};

const watched = (record: GrantRecord): Record<string, string | undefined> => ({
  lease: record.lease && `${record.lease.owner} ${record.fence} ${record.lease.beat}`,
  intent: record.intent && `${record.version} ${record.intent.startedAtMs}`,
  wait: record.nextAttempt && `${record.version} ${record.nextAttempt.atMs}`,
  suspicion: record.suspicion && `${record.version} ${record.suspicion.sinceMs}`,
});

/**
 * The sight after a look at `record`. A version that appeared while we watched is at most as old as our last look at
 * its predecessor, whatever any clock says; otherwise the wall clocks are asked (B9).
 */
export function look(before: Sight | undefined, record: GrantRecord, now: Moment, offsetMs: number | undefined): Sight {
  const unchanged: Sight["unchanged"] = {};
  for (const [part, mark] of Object.entries(watched(record))) {
    if (mark === undefined) continue;
    const known = before?.unchanged[part];
    unchanged[part] = known?.mark === mark ? known : { mark, sinceMs: now.monotonicMs };
  }
  if (before?.version === record.version) return { ...before, last: now, unchanged };
  const byWall = wallAgeMs(record, now, offsetMs);
  const ageMs =
    before !== undefined && before.version < record.version
      ? Math.min(byWall, elapsedMs(before.last, now) + (record.issuedAt.ageMs ?? 0))
      : byWall;
  return { version: record.version, ageMs, since: now, last: now, unchanged };
}

/** How long this process has seen that part unchanged, on its monotonic clock. */
export const unchangedMs = (sight: Sight, part: "lease" | "intent" | "wait" | "suspicion", now: Moment): number => {
  const seen = sight.unchanged[part];
  return seen === undefined ? 0 : now.monotonicMs - seen.sinceMs;
};

export const ageMs = (sight: Sight, now: Moment): number => sight.ageMs + elapsedMs(sight.since, now);

/**
 * Without an offset of our own: the wrong clock is perhaps the writer's too, or ours alone. The younger guess wins,
 * because a 401 corrects it.
 */
function wallAgeMs({ issuedAt }: GrantRecord, now: Moment, offsetMs: number | undefined): number {
  const byServer = now.wallMs + (offsetMs ?? 0) - issuedAt.wallMs - issuedAt.offsetMs;
  return Math.max(0, offsetMs === undefined ? Math.min(byServer, now.wallMs - issuedAt.wallMs) : byServer);
}

/** What is left of the access token; without a lifetime there is no end. */
export const lifeLeftMs = ({ lifetimeSeconds }: Pick<GrantRecord, "lifetimeSeconds">, age: number): number =>
  lifetimeSeconds === undefined ? Infinity : lifetimeSeconds * 1000 - age;

/** What a caller is told of it; nothing where there is no end. */
export const wholeSeconds = (leftMs: number): number | undefined =>
  leftMs < Infinity ? Math.max(0, Math.floor(leftMs / 1000)) : undefined;

/** As long as the lifetime it would mean endless refreshing. */
export const marginMs = ({ lifetimeSeconds }: GrantRecord): number =>
  Math.min(60_000, (lifetimeSeconds ?? Infinity) * 200);

/**
 * What is left of the wait: by the wall clock or by having watched it, whichever ends first, so that no wrong clock
 * waits for ever.
 */
export function waitLeftMs({ nextAttempt }: GrantRecord, sight: Sight, now: Moment, serverNowMs: number): number {
  if (nextAttempt === undefined) return 0;
  return Math.max(0, Math.min(nextAttempt.atMs - serverNowMs, nextAttempt.waitMs - unchangedMs(sight, "wait", now)));
}
