import type { EpochSeconds, TokenPointer } from "@symbolon/protocol";
import type { ReplayPolicy } from "../applications/application.ts";
import { hasExpired, isClientCredentialsGrant, type Grant, type Variant } from "./grant.ts";
import { existedAt } from "./variants.ts";

export type AccessTokenVerdict =
  /** `confirms`: the generation that a use of this token would be the first to confirm. */
  | { active: true; variant: Variant; expiresAt: EpochSeconds; confirms?: number }
  | {
      active: false;
      because: "unknown" | "not_redeemed" | "revoked" | "grant_expired" | "expired" | "superseded" | "variant_unknown";
    };

/**
 * Whether an access token is active, by its pointer and the row of its grant. Revocation of the token alone is not
 * looked at: it is in another table.
 */
export function judgeAccessToken(
  grant: Grant | undefined,
  pointer: TokenPointer,
  policy: ReplayPolicy,
  now: EpochSeconds,
): AccessTokenVerdict {
  if (grant === undefined) return { active: false, because: "unknown" };
  if (grant.state === "revoked") return { active: false, because: "revoked" };
  if (grant.state === "offered" && pointer.generation === 0) return { active: false, because: "not_redeemed" };
  if (hasExpired(grant, now)) return { active: false, because: "grant_expired" };
  const variant = grant.variants[pointer.variant];
  if (variant === undefined || !existedAt(variant, pointer.issuedAt))
    return { active: false, because: "variant_unknown" };
  const expiresAt = accessTokenExpiry(grant, variant, pointer.issuedAt);
  if (now >= expiresAt) return { active: false, because: "expired" };
  if (isClientCredentialsGrant(grant)) return { active: true, variant, expiresAt };
  if (pointer.generation < grant.generation) {
    const outlives =
      policy.preset !== "lazy" || (pointer.generation === grant.generation - 1 && grant.confirmedAt === null);
    return outlives ? { active: true, variant, expiresAt } : { active: false, because: "superseded" };
  }
  const isFirstUse = pointer.generation > grant.generation || grant.confirmedAt === null;
  return { active: true, variant, expiresAt, ...(isFirstUse ? { confirms: pointer.generation } : {}) };
}

/** The end of an access token of this variant: never later than the end of its grant (TK-15). */
export const accessTokenExpiry = (grant: Grant, variant: Variant, issuedAt: EpochSeconds): EpochSeconds =>
  Math.min(issuedAt + variant.lifetimeSeconds, grant.expiresAt);
