import { ok, refuse, type ClientId, type EpochSeconds, type Result } from "@symbolon/protocol";
import { unchanged, type Decision } from "./decision.ts";
import { hasExpired, idleEndAfterUse, type Grant } from "./grant.ts";
import { issuance, type Issuance } from "./issue.ts";
import { endGrant } from "./revoke.ts";
import { narrowGrant, type GrantVariant, type Narrowing } from "./variants.ts";

export type RedeemRequest = {
  client: ClientId;
  redirectUri: string | undefined;
  /** S256 of the code verifier. */
  challenge: string;
  narrowing: Narrowing;
};

/** With this many wrong verifiers the grant is revoked (RFC 7636 §7.1). */
const maximumWrongVerifiers = 5;

/**
 * Redeems an authorization code: `offered` becomes `active`, generation 1, at most once. Everything is checked before
 * the code is consumed, so that a refused request leaves it usable (TK-04). A second, otherwise valid request revokes
 * the grant. @see RFC 6749 §4.1.2, §4.1.3
 */
export function decideRedeem(
  grant: Grant | undefined,
  request: RedeemRequest,
  now: EpochSeconds,
  idleSeconds: number,
): Decision<Result<Issuance>> {
  if (grant === undefined) return unchanged(refuse("grant_unknown"));
  if (grant.application !== request.client) return unchanged(refuse("binding_mismatch"));
  if (grant.state === "revoked") return unchanged(refuse("grant_revoked"));
  if (grant.state === "offered" && now >= grant.offer!.expiresAt) return unchanged(refuse("code_expired"));
  if (hasExpired(grant, now)) return unchanged(refuse("grant_expired"));
  if (grant.offer !== null && request.redirectUri !== undefined && request.redirectUri !== grant.offer.redirectUri)
    return unchanged(refuse("redirect_uri_mismatch"));
  if (grant.challenge !== request.challenge) return countWrongVerifier(grant, now);
  const narrowed = narrowGrant(grant, request.narrowing, now);
  if (!narrowed.ok) return unchanged(narrowed);
  if (grant.state === "active") return endGrant(grant, "code_replayed", now, refuse("code_replayed"));
  return activate(narrowed.value, now, idleSeconds);
}

function activate(
  { grant, variant }: GrantVariant,
  now: EpochSeconds,
  idleSeconds: number,
): Decision<Result<Issuance>> {
  const write: Grant = {
    ...grant,
    state: "active",
    generation: 1,
    generationIssuedAt: now,
    idleExpiresAt: idleEndAfterUse(grant, now, idleSeconds),
    offer: null,
  };
  return {
    answer: {
      result: ok(issuance({ grant: write, variant }, now)),
      events: [{ name: "code.redeemed", client: grant.application, grant: grant.id }],
    },
    write,
  };
}

function countWrongVerifier(grant: Grant, now: EpochSeconds): Decision<Result<Issuance>> {
  if (grant.offer === null) return unchanged(refuse("verifier_wrong"));
  const failures = grant.offer.failures + 1;
  if (failures >= maximumWrongVerifiers) return endGrant(grant, "code_guessed", now, refuse("code_guessed"));
  return { ...unchanged(refuse("verifier_wrong")), write: { ...grant, offer: { ...grant.offer, failures } } };
}
