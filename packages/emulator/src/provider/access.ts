import { closesPredecessor } from "./rotation.ts";
import { endPredecessor } from "./refresh.ts";
import { endGrant } from "./issue.ts";
import type { Grant } from "./grant.ts";
import { nowOf, type IssuedPair, type Provider } from "./provider.ts";

export type Access = { ok: true; held: IssuedPair } | { ok: false; because: "unknown" | "expired" | "revoked" };

/** Whether an access token is valid. Does not count as a use. */
export function inspectAccess(provider: Provider, token: string): Access {
  const held = provider.accessTokens.get(token);
  if (held === undefined) return { ok: false, because: "unknown" };
  const { grant, pair } = held;
  const isSuspended = provider.applications.get(grant.clientId)?.suspended !== false;
  if (grant.ended !== null || pair.accessEnded || isSuspended) return { ok: false, because: "revoked" };
  if (nowOf(provider) >= pair.accessExpiresAt) return { ok: false, because: "expired" };
  return { ok: true, held };
}

/** Checks the token of an API call. The first use of a pair ends its predecessor if the rotation says so. */
export function useAccess(provider: Provider, token: string): Access {
  const access = inspectAccess(provider, token);
  if (!access.ok) return access;
  const { grant, pair } = access.held;
  if (pair.usedAt === null && closesPredecessor(provider.profile.rotation, "access")) endPredecessor(pair);
  pair.usedAt ??= nowOf(provider);
  if (grant.exchangedFrom !== undefined) leaveLegacy(provider, grant.exchangedFrom, grant);
  return access;
}

/** Removes from the legacy grant the company of the strict token that was used. */
function leaveLegacy(provider: Provider, legacy: Grant, { resource }: Grant): void {
  legacy.legacyResources = legacy.legacyResources!.filter(({ id }) => id !== resource?.id);
  if (legacy.legacyResources.length === 0) endGrant(provider, legacy, "replaced");
}
