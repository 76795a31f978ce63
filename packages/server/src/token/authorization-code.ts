import { createHash } from "node:crypto";
import {
  covers,
  encodeBase64Url,
  isCodeVerifier,
  refuse,
  type EpochSeconds,
  type Reason,
  type Result,
  type TokenPointer,
} from "@symbolon/protocol";
import { isOwnerLive } from "../accounts/owner.ts";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";
import type { ServerEvent } from "../events.ts";
import { hasExpired, idleEndAfterUse, type Grant } from "../grants/grant.ts";
import { revoked } from "../grants/steps.ts";
import { coversAudiences, numberOfVariant, type Narrowing } from "../grants/variants.ts";
import type { FormRequest } from "../request.ts";
import type { Change } from "../store/contract.ts";
import { issueTokens, lifeLeft, readNarrowing, type TokenResponse } from "./response.ts";

/** Wrong verifiers that a code survives; then the grant is revoked (RFC 7636 §7.1). */
const verifierTries = 5;

/**
 * grant_type=authorization_code: `offered → active, generation 1`, at most once. @see RFC 6749 §4.1.3, RFC 7636 §4.6
 */
export async function authorizationCodeGrant(
  request: FormRequest,
  client: Application,
  deps: Deps,
): Promise<Result<TokenResponse>> {
  const { form } = request;
  const now = nowOf(deps.clock);
  const code = form.get("code");
  if (code === undefined) return refused(refuse("parameter_missing", "code"), client, deps);
  const verifier = form.get("code_verifier");
  if (verifier === undefined) return refused(refuse("verifier_missing", "code_verifier"), client, deps);
  if (!isCodeVerifier(verifier)) return refused(refuse("verifier_malformed", "code_verifier"), client, deps);
  const narrowing = await readNarrowing(form, client, deps);
  if (!narrowing.ok) return refused(narrowing, client, deps);
  const pointer = deps.keyring.read("code", code);
  if (pointer === undefined) return refused(refuse("token_not_ours"), client, deps);

  const before = await deps.store.grants.find(pointer.grantId);
  if (before !== undefined && !(await isOwnerLive(before, deps.store)))
    return refused(refuse("owner_suspended"), client, deps, pointer);

  const challenge = encodeBase64Url(createHash("sha256").update(verifier).digest());
  const ask: Redemption = {
    client,
    pointer,
    challenge,
    redirectUri: form.get("redirect_uri"),
    narrowing: narrowing.value,
  };
  const { turn, events } = await deps.store.grants.change(pointer.grantId, (grant) =>
    decideRedemption(grant, ask, now, deps.config.lifetimes.grantIdle),
  );
  events.forEach(deps.emit);
  return turn.ok ? { ok: true, value: issueTokens(turn.value, deps) } : refused(turn, client, deps, pointer);
}

type Redemption = {
  client: Application;
  pointer: TokenPointer;
  challenge: string;
  redirectUri: string | undefined;
  narrowing: Narrowing;
};
type RedemptionTurn = {
  turn: Result<{ grant: Grant; variant: number; issuedAt: EpochSeconds; expiresIn: number }>;
  events: ServerEvent[];
};

/** Everything is checked before anything is consumed; a failing request leaves the code usable (TK-04). */
export function decideRedemption(
  grant: Grant | undefined,
  ask: Redemption,
  now: EpochSeconds,
  idleSeconds: number,
): Change<RedemptionTurn> {
  if (grant === undefined) return stays("grant_unknown");
  if (grant.application !== ask.client.id) return stays("binding_mismatch");
  if (grant.state === "revoked") return stays("grant_revoked");
  if (grant.state === "offered" && now >= grant.offer!.expiresAt) return stays("code_expired");
  if (hasExpired(grant, now)) return stays("grant_expired");
  if (grant.offer !== null && ask.redirectUri !== undefined && ask.redirectUri !== grant.offer.redirectUri)
    return stays("redirect_uri_mismatch");
  if (grant.challenge !== ask.challenge) return countWrongVerifier(grant, now);
  if (ask.narrowing.scope !== undefined && !covers(grant.scope, ask.narrowing.scope))
    return stays("scope_wider_than_grant");
  if (ask.narrowing.audiences !== undefined && !coversAudiences(grant.audiences, ask.narrowing.audiences))
    return stays("resource_not_granted");
  const variant = numberOfVariant(grant, ask.narrowing, now);
  if (!variant.ok) return stays(variant.reason);
  if (grant.state === "active") return endForReplay(grant, now);

  const write: Grant = {
    ...grant,
    state: "active",
    generation: 1,
    generationIssuedAt: now,
    idleExpiresAt: idleEndAfterUse(grant, now, idleSeconds),
    offer: null,
    variants: variant.value.variants,
  };
  const { number } = variant.value;
  const issue = { grant: write, variant: number, issuedAt: now, expiresIn: lifeLeft(write, number, now, now) };
  return {
    answer: {
      turn: { ok: true, value: issue },
      events: [{ name: "code.redeemed", client: grant.application, grant: grant.id }],
    },
    write,
  };
}

const stays = (reason: Reason): Change<RedemptionTurn> => ({ answer: { turn: refuse(reason), events: [] } });

/**
 * A code that was used before, in a request that is otherwise valid: everything issued from it ends (RFC 6749 §4.1.2).
 */
function endForReplay(grant: Grant, now: EpochSeconds): Change<RedemptionTurn> {
  const { events, ...change } = revoked(grant, "code_replayed", now);
  return { answer: { turn: refuse("code_replayed"), events }, ...change };
}

function countWrongVerifier(grant: Grant, now: EpochSeconds): Change<RedemptionTurn> {
  if (grant.offer === null) return stays("verifier_wrong");
  const failures = grant.offer.failures + 1;
  if (failures < verifierTries)
    return { ...stays("verifier_wrong"), write: { ...grant, offer: { ...grant.offer, failures } } };
  const { events, ...change } = revoked(grant, "code_guessed", now);
  return { answer: { turn: refuse("code_guessed"), events }, ...change };
}

function refused<T>(
  refusal: Result<T> & { ok: false },
  client: Application,
  deps: Deps,
  pointer?: TokenPointer,
): Result<T> & { ok: false } {
  deps.emit({
    name: "code.refused",
    reason: refusal.reason,
    client: client.id,
    ...(pointer === undefined ? {} : { grant: pointer.grantId }),
  });
  return refusal;
}
