import { ok, refuse, type EpochSeconds, type GrantId, type Result } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import { unchanged, type Decision } from "./decision.ts";
import type { Grant } from "./grant.ts";
import { findOrAddVariant, type GrantVariant, type Narrowing } from "./variants.ts";

/** The last second of the year 9999: a client-credentials grant ends when its application does. */
const never: EpochSeconds = 253_402_300_799;

/** The grant that all access tokens of one application for these audiences point to. @see RFC 6749 §4.4 */
export const newClientCredentialsGrant = (
  id: GrantId,
  client: Pick<Application, "id" | "scope">,
  audiences: readonly string[],
  lifetimeSeconds: number,
  now: EpochSeconds,
): Grant => ({
  id,
  application: client.id,
  owner: null,
  resource: null,
  scope: client.scope,
  audiences,
  variants: [{ scope: null, audiences: null, lifetimeSeconds }],
  state: "active",
  generation: 0,
  generationIssuedAt: now,
  confirmedAt: null,
  replays: 0,
  intent: null,
  challenge: null,
  offer: null,
  expiresAt: never,
  idleExpiresAt: never,
  revokedAt: null,
  revokedBecause: null,
  hasRevokedTokens: false,
  version: 0,
});

/** Adds the variant of a narrowing to the grant, unless it is there. */
export function decideAddVariant(
  grant: Grant | undefined,
  narrowing: Narrowing,
  now: EpochSeconds,
): Decision<Result<GrantVariant>> {
  if (grant?.state !== "active") return unchanged(refuse("grant_revoked"));
  const added = findOrAddVariant(grant, narrowing, now);
  return added.ok ? { ...unchanged(ok(added.value)), write: added.value.grant } : unchanged(added);
}
