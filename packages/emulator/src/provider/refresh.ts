import { covers } from "@symbolon/protocol";
import type { Grant, Pair } from "./grant.ts";
import { endGrant, issuePair } from "./issue.ts";
import { nowOf, type Provider } from "./provider.ts";
import { closesPredecessor, decideRefresh } from "./rotation.ts";

export type RefreshInput = {
  clientId: string;
  refreshToken: string;
  /** A narrower scope for the new access token. undefined: the scope of the grant. */
  scope?: readonly string[];
  lifetimeSeconds?: number;
};

export type RefreshResult =
  | { kind: "fresh"; grant: Grant; pair: Pair; keptRefreshToken: boolean }
  /** The answer that this refresh token got before. */
  | { kind: "repeated"; grant: Grant; pair: Pair }
  | { kind: "refused"; because: RefreshProblem };

export type RefreshProblem = "unknown" | "foreign" | "ended" | "expired" | "spent" | "wider_scope";

/**
 * Redeems a refresh token. Every other check comes first, so a failed request changes nothing (refresh-tokens.md A3).
 */
export function refresh(provider: Provider, request: RefreshInput): RefreshResult {
  const held = provider.refreshTokens.get(request.refreshToken);
  if (held === undefined) return refused("unknown");
  const { grant, pair } = held;
  if (grant.clientId !== request.clientId) return refused("foreign");
  if (grant.ended !== null) return refused("ended");
  const { rotation, refreshLifetimeSeconds } = provider.profile;
  const now = nowOf(provider);
  if (refreshLifetimeSeconds !== null && now >= pair.refreshIssuedAt + refreshLifetimeSeconds)
    return refused("expired");
  if (request.scope !== undefined && !covers(grant.scope, request.scope)) return refused("wider_scope");

  const decision = decideRefresh(pair, rotation, now);
  if (decision.do === "refuse") {
    if (decision.endsGrant) endGrant(provider, grant, "refresh_token_reuse");
    return refused("spent");
  }
  if (closesPredecessor(rotation, "refresh")) endPredecessor(pair);
  if (decision.do === "repeat") return { kind: "repeated", grant, pair: decision.pair };
  const lifetime = request.lifetimeSeconds === undefined ? {} : { lifetimeSeconds: request.lifetimeSeconds };
  if (decision.do === "keep") {
    const kept = issuePair(provider, grant, {
      parent: null,
      keeps: decision.pair,
      withRefreshToken: true,
      ...lifetime,
    });
    return { kind: "fresh", grant, pair: kept, keptRefreshToken: true };
  }
  pair.spentAt ??= now;
  if (decision.retires) pair.refresh = "spent";
  return {
    kind: "fresh",
    grant,
    pair: issuePair(provider, grant, { parent: pair, withRefreshToken: true, ...lifetime }),
    keptRefreshToken: false,
  };
}

/** Ends the pair that this pair replaced: its refresh token and its access token. */
export function endPredecessor(pair: Pair): void {
  const predecessor = pair.parent;
  if (predecessor === null) return;
  predecessor.refresh = "dead";
  predecessor.accessEnded = true;
}

const refused = (because: RefreshProblem): RefreshResult => ({ kind: "refused", because });
