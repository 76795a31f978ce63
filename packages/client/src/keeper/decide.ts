import type { KeeperErrorCode } from "./errors.ts";
import { isOver, type GrantRecord } from "./record.ts";
import { lifeLeftMs, marginMs } from "./time.ts";

/** What one caller wants. */
export type Ask = {
  /** The version whose token a resource server refused. */
  rejected?: number;
  minimumLifeMs?: number;
  /** The version that this call's own refresh brought: good, whatever a clock says. */
  bought?: number;
  /** This call has had its refresh; whatever came of it, it does not get another. */
  tried?: boolean;
  /** For nobody who waits: finish what was begun. */
  recovering?: boolean;
};

/** What is known beside the record. */
export type Facts = {
  ageMs: number;
  /** Somebody else holds the lease and may be alive. */
  leased: boolean;
  /** How long this process has watched the open intent. */
  intentSeenMs: number;
  waitLeftMs: number;
  readsIntent: boolean;
};

export type Step =
  | { do: "serve" }
  /** Somebody else is at it. */
  | { do: "wait" }
  /** `urgent`: there is nothing to serve meanwhile. */
  | { do: "spend"; urgent: boolean }
  /** Somebody died over a refresh that must not be repeated yet. */
  | { do: "mark_ambiguous" }
  | { do: "refuse"; code: KeeperErrorCode; retryAfterMs?: number };

/**
 * After a forced refresh, another one only after this: a resource server that refuses everything must not drive a loop
 * (C-10).
 */
const forcedApartMs = 60_000;

/** What to do next about a grant: B5 and B9 as one function of record, time and question. */
export function decide(record: GrantRecord, facts: Facts, ask: Ask): Step {
  if (isOver(record)) return { do: "refuse", code: "ended" };
  const leftMs = lifeLeftMs(record, facts.ageMs);
  const rejected = ask.rejected === record.version && !(record.forced && facts.ageMs < forcedApartMs);
  const usable = !rejected && (leftMs > 0 || ask.bought === record.version);
  const enough =
    usable &&
    (leftMs >
      Math.max(marginMs(record), Math.min(ask.minimumLifeMs ?? 0, (record.lifetimeSeconds ?? Infinity) * 800)) ||
      ask.bought === record.version);
  const due = !enough || facts.ageMs >= (record.refreshAfterMs ?? Infinity) || record.intent !== undefined;

  if (!due) return { do: "serve" };
  if (facts.leased) return enough && !ask.recovering ? { do: "serve" } : { do: "wait" };
  const without = (code: KeeperErrorCode, retryAfterMs = facts.waitLeftMs): Step =>
    usable ? { do: "serve" } : { do: "refuse", code, retryAfterMs };
  if (record.accessOnly) return without("ended", 0);
  if (ask.tried || facts.waitLeftMs > 0) return without(record.state === "suspect" ? "suspect" : "unavailable");
  if (record.intent !== undefined && !mayReplay(record, facts) && !rejected && leftMs > marginMs(record))
    return record.state === "refreshing" ? { do: "mark_ambiguous" } : { do: "serve" };
  return { do: "spend", urgent: !enough };
}

/** Whether a token that was perhaps spent can be sent again without harm (B1, B3.2). */
export function mayReplay(
  { class: rotation }: GrantRecord,
  { readsIntent, intentSeenMs }: Pick<Facts, "readsIntent" | "intentSeenMs">,
): boolean {
  if (readsIntent) return true;
  if (rotation.kind === "strict") return false;
  return intentSeenMs < replayWindowMs(rotation);
}

export const replayWindowMs = (rotation: { kind: GrantRecord["class"]["kind"]; windowSeconds?: number }): number =>
  (rotation.windowSeconds ?? Infinity) * 1000;
