import type { ClientId, EpochSeconds } from "@symbolon/protocol";
import type { ServerEvent } from "../events.ts";
import { unchanged, type Decision } from "./decision.ts";
import type { Grant, RevocationReason } from "./grant.ts";
import { hashOfGrant } from "./new-grant.ts";

/** `unchanged`: the grant was revoked before. */
export type RevokeOutcome = "revoked" | "unchanged" | "not_found";

/** Revokes a grant in any state. */
export const decideRevoke =
  (because: RevocationReason, now: EpochSeconds) =>
  (grant: Grant | undefined): Decision<RevokeOutcome> => {
    if (grant === undefined) return unchanged("not_found");
    return grant.state === "revoked" ? unchanged("unchanged") : endGrant(grant, because, now, "revoked");
  };

/** The client gives its refresh token back. A grant of another client stays as it is. @see RFC 7009 §2.1 */
export const decideRevokeByClient =
  (client: ClientId, now: EpochSeconds) =>
  (grant: Grant | undefined): Decision<RevokeOutcome> =>
    grant?.application === client ? decideRevoke("revoked_by_client", now)(grant) : unchanged("not_found");

/**
 * One write that ends the grant and every token that points to it, with its entry in the revocation feed. `before` are
 * the events that led to it.
 */
export function endGrant<T>(
  grant: Grant,
  because: RevocationReason,
  now: EpochSeconds,
  result: T,
  before: readonly ServerEvent[] = [],
): Decision<T> {
  const longestLifetimeSeconds = Math.max(0, ...grant.variants.map((variant) => variant.lifetimeSeconds));
  return {
    answer: { result, events: [...before, { name: "grant.revoked", grant: grant.id, because }] },
    write: { ...grant, state: "revoked", revokedAt: now, revokedBecause: because, offer: null, intent: null },
    feed: { at: now, until: now + longestLifetimeSeconds, kind: "grant", hash: hashOfGrant(grant.id) },
  };
}
