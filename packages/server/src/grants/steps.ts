import type { EpochSeconds } from "@symbolon/protocol";
import type { ServerEvent } from "../events.ts";
import type { Change, RevocationEntry } from "../store/contract.ts";
import type { Grant, RevocationReason } from "./grant.ts";
import { hashOfGrant } from "./new-grant.ts";

/** One write that kills everything that points here, with its entry in the feed. Revoking twice changes nothing. */
export function revoked(
  grant: Grant,
  because: RevocationReason,
  now: EpochSeconds,
): { write?: Grant; feed?: RevocationEntry; events: ServerEvent[] } {
  if (grant.state === "revoked") return { events: [] };
  const longest = Math.max(0, ...grant.variants.map((variant) => variant.lifetimeSeconds));
  return {
    write: { ...grant, state: "revoked", revokedAt: now, revokedBecause: because, offer: null, intent: null },
    feed: { at: now, until: now + longest, kind: "grant", hash: hashOfGrant(grant.id) },
    events: [{ name: "grant.revoked", grant: grant.id, because }],
  };
}

/** The first proof that a generation reached its client; `proven` may lie ahead of a row that came from a backup. */
export function delivered(
  grant: Grant,
  proven: number,
  issuedAt: EpochSeconds,
  now: EpochSeconds,
): { write: Grant; events: ServerEvent[] } {
  if (proven > grant.generation) {
    return {
      write: {
        ...grant,
        state: "active",
        offer: null,
        generation: proven,
        generationIssuedAt: issuedAt,
        confirmedAt: now,
        replays: 0,
        intent: null,
      },
      events: [{ name: "grant.caught_up", grant: grant.id, from: grant.generation, to: proven }],
    };
  }
  return {
    write: { ...grant, confirmedAt: now },
    events: [{ name: "refresh.delivered", grant: grant.id, generation: grant.generation }],
  };
}

/** Revokes whatever state the grant is in; answers what happened, for the caller to emit after the commit. */
export const decideRevoke =
  (because: RevocationReason, now: EpochSeconds) =>
  (grant: Grant | undefined): Change<{ found: boolean; events: ServerEvent[] }> => {
    if (grant === undefined) return { answer: { found: false, events: [] } };
    const { events, ...change } = revoked(grant, because, now);
    return { answer: { found: true, events }, ...change };
  };
