import type { EpochSeconds, TokenPointer } from "@symbolon/protocol";
import type { ReplayPolicy } from "../applications/application.ts";
import type { Grant } from "./grant.ts";

/**
 * The state of a token family, the generations of refresh tokens of one grant (refresh-tokens.md A6, A7):
 *
 * - `settled`: no spent refresh token can be replayed.
 * - `overlap`: rotated, and the predecessor still gets the same successor.
 * - `settling`: of the preset `lazy` only. The successor was first used a moment ago; the predecessor is refused, but
 *   not treated as reuse.
 */
export type FamilyState = "settled" | "overlap" | "settling";

/** A second process of the client often retries one second late, and is not a thief (docs/decisions/0004). */
export const settlingSeconds = 10;
/** How long a `refresh_intent` keeps the overlap open where the preset alone would not. */
export const intentWindowSeconds = 24 * 3600;

export function familyState(grant: Grant, policy: ReplayPolicy, now: EpochSeconds): FamilyState {
  if (grant.generation <= 1) return "settled";
  if (isOpenByPreset(grant, policy, now) || isOpenByIntent(grant, now)) return "overlap";
  const settles = policy.preset === "lazy" && grant.confirmedAt !== null && now < grant.confirmedAt + settlingSeconds;
  return settles ? "settling" : "settled";
}

/** Whether the overlap that the last rotation opened has ended by time, not by use of the successor. */
export function hasReplayWindowExpired(grant: Grant, policy: ReplayPolicy, now: EpochSeconds): boolean {
  const hadWindow =
    policy.preset === "window" || (policy.preset === "strict" && grant.intent !== null && grant.confirmedAt === null);
  return hadWindow && grant.generation > 1 && familyState(grant, policy, now) === "settled";
}

/** Whether the predecessor, presented at `now` with this intent, gets its successor again. */
export function mayReplay(
  grant: Grant,
  policy: ReplayPolicy,
  intent: Uint8Array | undefined,
  now: EpochSeconds,
): boolean {
  const limit = policy.preset === "strict" ? 3 : 50;
  if (grant.replays >= limit) return false;
  if (grant.intent === null || intent === undefined) return isOpenByPreset(grant, policy, now);
  if (!sameBytes(grant.intent, intent)) return false;
  return isOpenByIntent(grant, now) || isOpenByPreset(grant, policy, now);
}

function isOpenByPreset(grant: Grant, policy: ReplayPolicy, now: EpochSeconds): boolean {
  if (policy.preset === "lazy") return grant.confirmedAt === null;
  return policy.preset === "window" && now < grant.generationIssuedAt + policy.seconds;
}

const isOpenByIntent = (grant: Grant, now: EpochSeconds): boolean =>
  grant.intent !== null && grant.confirmedAt === null && now < grant.generationIssuedAt + intentWindowSeconds;

/** Where a refresh token stands among the generations of its grant; `head` is the current one. */
export type FamilyPosition = "ahead" | "head" | "predecessor" | "ancestor";

/** `ahead`: the row comes from an older backup; the MAC proves that this server issued the token. */
export function positionInFamily(grant: Grant, presented: TokenPointer): FamilyPosition {
  if (presented.generation > grant.generation) return "ahead";
  if (presented.generation === grant.generation) return "head";
  return presented.generation === grant.generation - 1 ? "predecessor" : "ancestor";
}

const sameBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);
