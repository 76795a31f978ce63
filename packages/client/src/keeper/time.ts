import type { World } from "../world.ts";
import type { GrantRecord } from "./record.ts";

/** A moment on both clocks of this process. */
export type Moment = { monotonicMs: number; wallMs: number };

export const momentOf = (world: World): Moment => ({ monotonicMs: world.monotonicMs(), wallMs: world.epochMs() });

/** The larger of the two clocks' differences: the monotonic clock may stand still while the host sleeps (C-13). */
export const elapsedMs = (since: Moment, now: Moment): number =>
  Math.max(now.monotonicMs - since.monotonicMs, now.wallMs - since.wallMs, 0);

/** What this process has observed of one grant, by its own clocks. */
export type Observation = {
  version: number;
  /** The pair's age when this version was first observed, at `since`. */
  ageMs: number;
  since: Moment;
  last: Moment;
  /** Since when a part of the record has been as it is now. */
  unchanged: Partial<Record<ObservedPart, { mark: string; sinceMs: number }>>;
};

type ObservedPart = "lease" | "intent" | "wait" | "suspicion";

/** A text for each part that changes when the part does. */
const marksOf = ({ version, fence, lease, intent, nextAttempt, suspicion }: GrantRecord) =>
  [
    ["lease", lease && `${lease.owner} ${fence} ${lease.beat}`],
    ["intent", intent && `${version} ${intent.startedAtMs}`],
    ["wait", nextAttempt && `${version} ${nextAttempt.atMs}`],
    ["suspicion", suspicion && `${version} ${suspicion.sinceMs}`],
  ] as const;

/**
 * The observation after `record` was read. A version that appeared between two reads is at most as old as the earlier
 * read, even if the clocks disagree; otherwise its age is taken from the wall clocks (B9).
 */
export function observe(
  before: Observation | undefined,
  record: GrantRecord,
  now: Moment,
  offsetMs: number | undefined,
): Observation {
  const unchanged: Observation["unchanged"] = {};
  for (const [part, mark] of marksOf(record)) {
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

/** How long this process has observed that part unchanged, on its monotonic clock. */
export const unchangedMs = ({ unchanged }: Observation, part: ObservedPart, now: Moment): number =>
  now.monotonicMs - (unchanged[part]?.sinceMs ?? now.monotonicMs);

export const ageMs = ({ ageMs, since }: Observation, now: Moment): number => ageMs + elapsedMs(since, now);

/**
 * The age by wall clocks. Where the issuer's clock offset is unknown, the writer's clock may be wrong, or ours: the
 * lower age is taken, because a 401 corrects it.
 */
function wallAgeMs({ issuedAt }: GrantRecord, now: Moment, offsetMs: number | undefined): number {
  const byServer = now.wallMs + (offsetMs ?? 0) - issuedAt.wallMs - issuedAt.offsetMs;
  return Math.max(0, offsetMs === undefined ? Math.min(byServer, now.wallMs - issuedAt.wallMs) : byServer);
}

/** What is left of the access token's life; `Infinity` where the provider gave no lifetime. */
export const lifeLeftMs = ({ lifetimeSeconds }: Pick<GrantRecord, "lifetimeSeconds">, age: number): number =>
  lifetimeSeconds === undefined ? Infinity : lifetimeSeconds * 1000 - age;

/** The same in whole seconds, for callers; undefined if there is no end. */
export const wholeSeconds = (leftMs: number): number | undefined =>
  leftMs < Infinity ? Math.max(0, Math.floor(leftMs / 1000)) : undefined;

/** The safety margin before expiry. A margin as long as the lifetime would mean endless refreshing (B9). */
export const marginMs = ({ lifetimeSeconds }: GrantRecord): number =>
  Math.min(60_000, (lifetimeSeconds ?? Infinity) * 200);

/**
 * What is left of the wait before the next attempt: by the wall clock or by having observed it: the earlier end counts,
 * so that a wrong clock cannot make it endless.
 */
export function waitLeftMs(
  { nextAttempt }: GrantRecord,
  observation: Observation,
  now: Moment,
  serverNowMs: number,
): number {
  if (nextAttempt === undefined) return 0;
  const { atMs, waitMs } = nextAttempt;
  return Math.max(0, Math.min(atMs - serverNowMs, waitMs - unchangedMs(observation, "wait", now)));
}
