import { formatScope } from "@symbolon/protocol";
import { hasExpired, isClientCredentialsGrant, type Grant } from "@symbolon/server";
import { labelledLines, timeText } from "../command/print.ts";

/** A grant as JSON; times in seconds since 1970. Holds no credential. */
export function describeGrant(grant: Grant, now: number) {
  return {
    id: grant.id,
    client_id: grant.application,
    owner: grant.owner,
    resource: grant.resource,
    scope: formatScope(grant.scope),
    audiences: grant.audiences,
    state: grant.state,
    expired: hasExpired(grant, now),
    standing: isClientCredentialsGrant(grant),
    generation: grant.generation,
    generation_issued_at: grant.generationIssuedAt,
    generation_used_at: grant.confirmedAt,
    replays: grant.replays,
    expires_at: grant.expiresAt,
    idle_expires_at: grant.idleExpiresAt,
    revoked_at: grant.revokedAt,
    revoked_because: grant.revokedBecause,
  };
}

export const grantLines = (grant: Grant, now: number): string[] =>
  labelledLines([
    ["grant", grant.id],
    ["state", stateText(grant, now)],
    ["application", grant.application],
    ["user", grant.owner ?? "none: client credentials"],
    ["resource", grant.resource ?? undefined],
    ["scope", formatScope(grant.scope) || "none"],
    ["audiences", grant.audiences.join("  ") || undefined],
    ["generation", isClientCredentialsGrant(grant) ? undefined : generationText(grant)],
    [
      "ends",
      isClientCredentialsGrant(grant)
        ? undefined
        : `${timeText(grant.expiresAt)}, or ${timeText(grant.idleExpiresAt)} without a refresh`,
    ],
  ]);

export function stateText(grant: Grant, now: number): string {
  if (grant.state === "revoked")
    return `revoked ${timeText(grant.revokedAt ?? 0)}: ${(grant.revokedBecause ?? "unknown").replaceAll("_", " ")}`;
  if (hasExpired(grant, now)) return "expired";
  return grant.state === "offered" ? "offered: its code has not been redeemed yet" : "active";
}

function generationText({ generation, generationIssuedAt, confirmedAt, replays }: Grant): string {
  const used = confirmedAt === null ? "not used yet" : `first used ${timeText(confirmedAt)}`;
  return `${generation}, since ${timeText(generationIssuedAt)}, ${used}${replays === 0 ? "" : `, returned again ${replays} times`}`;
}
