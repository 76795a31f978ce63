import { longestHistory, type EndReason, type Grant, type Pair } from "./grant.ts";
import { nowOf, type Provider } from "./provider.ts";

type GrantInput = Pick<Grant, "clientId" | "scope"> & { person: Grant["person"]; resource: Grant["resource"] };

export function openGrant(provider: Provider, { clientId, scope, person, resource }: GrantInput): Grant {
  const id = `grant_${provider.grants.size + 1}`;
  const createdAt = nowOf(provider);
  const grant: Grant = { id, clientId, person, resource, scope, createdAt, ended: null, pairs: [], issued: 0 };
  provider.grants.set(id, grant);
  return grant;
}

/** The input for a new token pair. The refresh token is new, absent, or that of the pair `keeps`. */
export type PairInput = { parent: Pair | null; keeps?: Pair; withRefreshToken: boolean; lifetimeSeconds?: number };

export function issuePair(
  provider: Provider,
  grant: Grant,
  { parent, keeps, withRefreshToken, lifetimeSeconds }: PairInput,
): Pair {
  const { profile, seed } = provider;
  const now = nowOf(provider);
  const serial = ++grant.issued;
  const label = `${grant.id} pair ${serial}`;
  const accessExpiresAt = now + (lifetimeSeconds ?? profile.accessLifetimeSeconds);
  const pair: Pair = {
    serial,
    parent: keeps === undefined ? parent : keeps.parent,
    children: [],
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
  pair.parent?.children.push(pair);
  grant.pairs.push(pair);
  if (grant.pairs.length > longestHistory) grant.pairs.shift();
  provider.accessTokens.set(pair.accessToken, { grant, pair });
  if (pair.refreshToken !== null && keeps === undefined) provider.refreshTokens.set(pair.refreshToken, { grant, pair });
  return pair;
}

/** Ends a grant with all its tokens. A grant that has ended keeps its first reason. */
export function endGrant(provider: Provider, grant: Grant, because: EndReason): void {
  grant.ended ??= { at: nowOf(provider), because };
}
