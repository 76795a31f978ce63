import { parseToken, type EpochSeconds, type GrantId, type Reason, type TokenKind } from "@symbolon/protocol";
import { isOwnerLive } from "../accounts/owner.ts";
import type { Application } from "../applications/application.ts";
import { nowOf, type Clock, type Deps } from "../deps.ts";
import { hasExpired, type Grant } from "../grants/grant.ts";
import type { PresentedToken } from "../keyring/keyring.ts";
import { accessTokenExpiry, judgeAccessToken, type AccessTokenVerdict } from "../grants/access-token.ts";
import { fingerprintOf } from "../grants/new-grant.ts";
import {
  familyState,
  mayReplay,
  positionInFamily,
  type FamilyPosition,
  type FamilyState,
} from "../grants/token-family.ts";

/**
 * What the server knows about a token, for an operator who asks why it was refused. Never holds the token itself.
 */
export type TokenExplanation = {
  kind?: TokenKind;
  key?: { id: number; genuine: boolean };
  grant?: GrantId;
  generation?: number;
  issuedAt?: EpochSeconds;
  expiresAt?: EpochSeconds;
  application?: { id: string; name: string };
  row?: Grant;
  position?: FamilyPosition;
  family?: FamilyState;
  verdict: { good: true; note?: string } | { good: false; reason: Reason; note?: string };
};

type ExplainDeps = Pick<Deps, "store" | "keyring"> & { clock: Clock };

/** What a token is, which grant it points to, and why it would be refused now. Changes nothing. */
export async function explainToken(token: PresentedToken, deps: ExplainDeps): Promise<TokenExplanation> {
  const parsed = parseToken(token.reveal());
  if (parsed === undefined) return refused("token_not_ours", {});
  const { kind, pointer } = parsed;
  const genuine = deps.keyring.read(kind, token) !== undefined;
  const known: Omit<TokenExplanation, "verdict"> = {
    kind,
    key: { id: pointer.keyId, genuine },
    grant: pointer.grantId,
    generation: pointer.generation,
    ...(kind === "refresh" ? {} : { issuedAt: pointer.issuedAt }),
  };
  if (!genuine) return refused("token_not_ours", known);
  const row = await deps.store.grants.find(pointer.grantId);
  if (row === undefined) return refused("grant_unknown", known);
  const application = await deps.store.applications.find(row.application);
  const now = nowOf(deps.clock);
  const facts = {
    ...known,
    row,
    ...(application === undefined
      ? {}
      : {
          application: { id: application.id, name: application.name },
          family: familyState(row, application.replay, now),
        }),
  };
  if (application === undefined || application.suspendedAt !== null)
    return refused(application === undefined ? "client_unknown" : "client_suspended", facts);
  if (row.state === "revoked") return refused("grant_revoked", facts);
  if (!(await isOwnerLive(row, deps.store))) return refused("owner_suspended", facts);
  if (kind === "code") return explainCode(row, facts, now);
  if (hasExpired(row, now)) return refused("grant_expired", facts);
  if (kind === "refresh")
    return explainRefresh(row, application, { ...facts, position: positionInFamily(row, pointer) }, now);

  const verdict = judgeAccessToken(row, pointer, application.replay, now);
  const variant = row.variants[pointer.variant];
  const timed =
    variant === undefined ? facts : { ...facts, expiresAt: accessTokenExpiry(row, variant, pointer.issuedAt) };
  if (!verdict.active) return refused("bearer_inactive", timed, whyInactive[verdict.because]);
  const isRevoked = row.hasRevokedTokens && (await deps.store.grants.isTokenRevoked(fingerprintOf(token)));
  return isRevoked
    ? refused("bearer_inactive", timed, "revoked; its grant is still active")
    : { ...timed, verdict: { good: true } };
}

/** All of these are one reason on the wire; an operator may know which it was. */
const whyInactive: Partial<Record<(AccessTokenVerdict & { active: false })["because"], string>> = {
  expired: "expired; its grant is still active",
  superseded: "of an older generation, and a newer one has been used",
  variant_unknown: "has a narrowing that the grant does not know: the database was restored from a backup",
};

type Facts = Omit<TokenExplanation, "verdict">;

const refused = (reason: Reason, facts: Facts, note?: string): TokenExplanation => ({
  ...facts,
  verdict: { good: false, reason, ...(note === undefined ? {} : { note }) },
});

function explainCode(row: Grant, facts: Facts, now: EpochSeconds): TokenExplanation {
  if (row.offer === null) return refused("code_replayed", facts);
  const { expiresAt } = row.offer;
  return now >= expiresAt
    ? refused("code_expired", { ...facts, expiresAt })
    : { ...facts, expiresAt, verdict: { good: true } };
}

function explainRefresh(
  row: Grant,
  { replay }: Application,
  facts: Facts & { position: FamilyPosition },
  now: EpochSeconds,
): TokenExplanation {
  const expiresAt = Math.min(row.expiresAt, row.idleExpiresAt);
  switch (facts.position) {
    case "ahead":
      return {
        ...facts,
        expiresAt,
        verdict: { good: true, note: "newer than the row: the database was restored from a backup" },
      };
    case "head":
      return { ...facts, expiresAt, verdict: { good: true } };
    case "predecessor":
      if (facts.family === "settling") return refused("refresh_token_late_retry", facts);
      return mayReplay(row, replay, undefined, now)
        ? { ...facts, expiresAt, verdict: { good: true, note: "spent, but still gets the same successor" } }
        : refused(
            "refresh_token_reuse",
            facts,
            facts.family === "overlap" ? "unless it comes with the refresh_intent of its rotation" : undefined,
          );
    case "ancestor":
      return refused("refresh_token_reuse", facts);
  }
}
