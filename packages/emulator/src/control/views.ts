import type { EpochSeconds } from "@symbolon/protocol";
import { inspectAccess } from "../provider/access.ts";
import type { EndReason, Grant, Pair } from "../provider/grant.ts";
import { nowOf, type Provider } from "../provider/provider.ts";
import { fingerprint } from "./log.ts";

/** A grant for tests and pages. Tokens are fingerprints; times are seconds since 1970. */
export type GrantView = {
  /** Names it for `revoke` and `narrow`. */
  id: string;
  /** The client_id. */
  client: string;
  /** Who consented. null: a grant of the application itself. */
  person: string | null;
  /** What it covers, such as a company. */
  resource: string | null;
  /** Separated by spaces. */
  scope: string;
  /** Whether its tokens are accepted. */
  state: "active" | "ended";
  /** Why it ended. */
  because: EndReason | null;
  /** Seconds since 1970. */
  createdAt: EpochSeconds;
  /** Seconds since 1970. */
  endedAt: EpochSeconds | null;
  /** The latest token pairs. */
  pairs: PairView[];
};

export type PairView = {
  /** Counted from 1. */
  serial: number;
  /** The serial of the pair that it was refreshed from. */
  parent: number | null;
  /** Seconds since 1970. */
  issuedAt: EpochSeconds;
  /** When the access token was first used. */
  usedAt: EpochSeconds | null;
  /** The access token. */
  access: { fingerprint: string; state: "live" | "expired" | "revoked"; expiresAt: EpochSeconds };
  /** The refresh token. null: there was none. */
  refresh: { fingerprint: string; state: "live" | "spent" | "dead"; spentAt: EpochSeconds | null } | null;
};

export const viewGrant = (provider: Provider, grant: Grant): GrantView => ({
  id: grant.id,
  client: grant.clientId,
  person: grant.person?.name ?? null,
  resource: grant.resource?.name ?? null,
  scope: grant.scope.join(" "),
  state: grant.ended === null ? "active" : "ended",
  because: grant.ended?.because ?? null,
  createdAt: grant.createdAt,
  endedAt: grant.ended?.at ?? null,
  pairs: grant.pairs.map((pair) => viewPair(provider, grant, pair)),
});

function viewPair(provider: Provider, grant: Grant, pair: Pair): PairView {
  const access = inspectAccess(provider, pair.accessToken);
  const accessState = access.ok ? "live" : access.because === "expired" ? "expired" : "revoked";
  return {
    serial: pair.serial,
    parent: pair.parent?.serial ?? null,
    issuedAt: pair.issuedAt,
    usedAt: pair.usedAt,
    access: { fingerprint: fingerprint(pair.accessToken), state: accessState, expiresAt: pair.accessExpiresAt },
    refresh: pair.refreshToken === null ? null : viewRefresh(provider, grant, pair.refreshToken),
  };
}

/** A refresh token shared by several pairs has the state of the pair that it was issued with. */
function viewRefresh(provider: Provider, grant: Grant, refreshToken: string): PairView["refresh"] {
  const { pair } = provider.refreshTokens.get(refreshToken)!;
  const lifetime = provider.profile.refreshLifetimeSeconds;
  const isExpired = lifetime !== null && nowOf(provider) >= pair.refreshIssuedAt + lifetime;
  return {
    fingerprint: fingerprint(refreshToken),
    state: grant.ended !== null || isExpired ? "dead" : pair.refresh,
    spentAt: pair.spentAt,
  };
}
