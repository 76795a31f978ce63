import type { EpochSeconds } from "@symbolon/protocol";
import type { Grant } from "./grant.ts";

/** An authorization code that nobody redeemed stays explainable for a day. */
export const offerRetentionSeconds = 86_400;
/** An ended grant stays for a week, so that an operator can still be told why it ended. */
export const endedRetentionSeconds = 7 * 86_400;

/**
 * Whether the row of a grant may be removed: nothing that points to it can become good again, and its retention is
 * over. Removing it changes no answer, because a token whose grant is missing is as dead as one whose grant has ended.
 * A store may say the same in SQL; the contract suite compares the two.
 */
export function isSweepable(grant: Grant, now: EpochSeconds): boolean {
  if (grant.state === "offered") return grant.offer !== null && grant.offer.expiresAt <= now - offerRetentionSeconds;
  if (grant.state === "active") return Math.min(grant.expiresAt, grant.idleExpiresAt) <= now - endedRetentionSeconds;
  return grant.revokedAt !== null && grant.revokedAt <= now - endedRetentionSeconds;
}
