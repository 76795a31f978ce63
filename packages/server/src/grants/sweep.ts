import type { EpochSeconds } from "@symbolon/protocol";
import type { Grant } from "./grant.ts";

/** An authorization code that was not redeemed can be explained for a day. */
export const offerRetentionSeconds = 86_400;
/** An ended grant is kept for a week, so that an operator can still see why it ended. */
export const endedRetentionSeconds = 7 * 86_400;

/**
 * Whether the row of a grant may be removed: no token that points to it can become active again, and its retention is
 * over. Removing it changes no answer: a token without a grant is as inactive as one whose grant has ended. A store may
 * express the same rule in SQL; the contract suite compares the two.
 */
export function isSweepable(grant: Grant, now: EpochSeconds): boolean {
  if (grant.state === "offered") return grant.offer !== null && grant.offer.expiresAt <= now - offerRetentionSeconds;
  if (grant.state === "active") return Math.min(grant.expiresAt, grant.idleExpiresAt) <= now - endedRetentionSeconds;
  return grant.revokedAt !== null && grant.revokedAt <= now - endedRetentionSeconds;
}
