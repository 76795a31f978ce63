import type { EndReason, Grant, Pair } from "./grant.ts";
import { nowOf, type Provider } from "./provider.ts";

type GrantInput = Pick<Grant, "clientId" | "scope"> & { person: Grant["person"]; resource: Grant["resource"] };

export function openGrant(provider: Provider, { clientId, scope, person, resource }: GrantInput): Grant {
  const id = `grant_${provider.grants.size + 1}`;
  const grant: Grant = { id, clientId, person, resource, scope, createdAt: nowOf(provider), ended: null, pairs: [] };
  provider.grants.set(id, grant);
  return grant;
}

/** The input for a new token pair. The refresh token is new, absent, or that of the pair `keeps`. */
export type PairAsk = { parent: Pair | null; keeps?: Pair; withRefreshToken: boolean; lifetimeSeconds?: number };

export function issuePair(
  provider: Provider,
  grant: Grant,
  { parent, keeps, withRefreshToken, lifetimeSeconds }: PairAsk,
): Pair {
  const { profile, seed } = provider;
  const now = nowOf(provider);
  const serial = grant.pairs.length + 1;
  const label = `${grant.id} pair ${serial}`;
  const accessExpiresAt = now + (lifetimeSeconds ?? profile.accessLifetimeSeconds);
  const pair: Pair = {
    serial,
    parent: (keeps === undefined ? parent?.serial : keeps.parent) ?? null,
    issuedAt: now,
    usedAt: null,
    accessToken: profile.dialect.shapes.accessToken({
      seed,
      label,
      grant,
      issuedAt: now,
      expiresAt: accessExpiresAt,
      provider,
    }),
    accessExpiresAt,
    accessEnded: false,
    refreshToken: keeps?.refreshToken ?? (withRefreshToken ? profile.dialect.shapes.refreshToken(seed, label) : null),
    refreshIssuedAt: keeps?.refreshIssuedAt ?? now,
    refresh: "live",
    spentAt: null,
    body: "",
  };
  grant.pairs.push(pair);
  provider.accessTokens.set(pair.accessToken, { grant, pair });
  if (pair.refreshToken !== null && keeps === undefined) provider.refreshTokens.set(pair.refreshToken, { grant, pair });
  return pair;
}

/** Ends a grant with all its tokens. A grant that has ended keeps its first reason. */
export function endGrant(provider: Provider, grant: Grant, because: EndReason): void {
  grant.ended ??= { at: nowOf(provider), because };
}
