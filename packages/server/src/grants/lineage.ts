import type { EpochSeconds, TokenPointer } from "@symbolon/protocol";
import type { ReplayPolicy } from "../applications/application.ts";
import { hasExpired, isStanding, type Grant, type Variant } from "./grant.ts";
import { wasThere } from "./variants.ts";

/**
 * The state table of refresh-tokens.md A6 and A7, as plain functions of a row and a time.
 *
 * settled   no spent token is replayable overlap   rotated, and the predecessor still brings the same answer settling
 * `lazy` only: delivered a moment ago; a predecessor is refused, yet is not taken for theft
 */
export type LineageState = "settled" | "overlap" | "settling";

/** A second process is often one second late, and is not a thief (docs/decisions/0004). */
export const settlingSeconds = 10;
/** How long a `refresh_intent` keeps the overlap open where the preset alone would not. */
export const intentWindowSeconds = 24 * 3600;

export function lineageState(grant: Grant, policy: ReplayPolicy, now: EpochSeconds): LineageState {
  if (grant.generation <= 1) return "settled";
  if (isOpenByPreset(grant, policy, now) || isOpenByIntent(grant, now)) return "overlap";
  const settles = policy.preset === "lazy" && grant.confirmedAt !== null && now < grant.confirmedAt + settlingSeconds;
  return settles ? "settling" : "settled";
}

/** Whether time, not use, has closed the overlap that the last rotation opened. */
export function hasWindowClosed(grant: Grant, policy: ReplayPolicy, now: EpochSeconds): boolean {
  const hadWindow =
    policy.preset === "window" || (policy.preset === "strict" && grant.intent !== null && grant.confirmedAt === null);
  return hadWindow && grant.generation > 1 && lineageState(grant, policy, now) === "settled";
}

/** Whether the predecessor, presented now with this intent, brings its successor again. */
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

export type Place = "ahead" | "head" | "predecessor" | "ancestor";

/** `ahead`: the row comes from an older backup; the MAC proves that we issued the token all the same. */
export function placeInLineage(grant: Grant, presented: TokenPointer): Place {
  if (presented.generation > grant.generation) return "ahead";
  if (presented.generation === grant.generation) return "head";
  return presented.generation === grant.generation - 1 ? "predecessor" : "ancestor";
}

export type AccessVerdict =
  /** `proves` names the generation whose delivery this use is the first to prove. */
  | { active: true; variant: Variant; expiresAt: EpochSeconds; proves?: number }
  | {
      active: false;
      because: "unknown" | "not_redeemed" | "revoked" | "grant_expired" | "expired" | "superseded" | "variant_unknown";
    };

/**
 * Whether an access token is good, by its pointer and the row; the caller asks separately whether it was revoked
 * singly.
 */
export function judgeAccess(
  grant: Grant | undefined,
  pointer: TokenPointer,
  policy: ReplayPolicy,
  now: EpochSeconds,
): AccessVerdict {
  if (grant === undefined) return { active: false, because: "unknown" };
  if (grant.state === "revoked") return { active: false, because: "revoked" };
  if (grant.state === "offered" && pointer.generation === 0) return { active: false, because: "not_redeemed" };
  if (hasExpired(grant, now)) return { active: false, because: "grant_expired" };
  const variant = grant.variants[pointer.variant];
  if (variant === undefined || !wasThere(variant, pointer.issuedAt))
    return { active: false, because: "variant_unknown" };
  const expiresAt = accessExpiry(grant, variant, pointer.issuedAt);
  if (now >= expiresAt) return { active: false, because: "expired" };
  if (isStanding(grant)) return { active: true, variant, expiresAt };
  if (pointer.generation < grant.generation) {
    const outlives =
      policy.preset !== "lazy" || (pointer.generation === grant.generation - 1 && grant.confirmedAt === null);
    return outlives ? { active: true, variant, expiresAt } : { active: false, because: "superseded" };
  }
  const isProof = pointer.generation > grant.generation || grant.confirmedAt === null;
  return { active: true, variant, expiresAt, ...(isProof ? { proves: pointer.generation } : {}) };
}

/** A grant's end caps its tokens (TK-15). */
export const accessExpiry = (grant: Grant, variant: Variant, issuedAt: EpochSeconds): EpochSeconds =>
  Math.min(issuedAt + variant.lifetimeSeconds, grant.expiresAt);

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
