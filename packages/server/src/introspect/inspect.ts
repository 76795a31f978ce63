import type { EpochSeconds, TokenPointer } from "@symbolon/protocol";
import type { Account } from "../accounts/account.ts";
import { liveOwner } from "../accounts/owner.ts";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";
import { judgeAccessToken } from "../grants/access-token.ts";
import { decideConfirm } from "../grants/confirm.ts";
import { changeGrant } from "../grants/decision.ts";
import type { Grant, Variant } from "../grants/grant.ts";
import type { PresentedToken } from "../keyring/keyring.ts";
import { fingerprintOf } from "../grants/new-grant.ts";
import type { SubjectRow } from "../store/contract.ts";

/** An active access token, with the rows that make it active. */
export type ActiveToken = {
  token: PresentedToken;
  pointer: TokenPointer;
  grant: Grant;
  variant: Variant;
  expiresAt: EpochSeconds;
  application: Application;
  /** undefined for client credentials. */
  owner: Account | SubjectRow | undefined;
  /** The generation that a use of this token would be the first to confirm. */
  confirms: number | undefined;
};

/**
 * The access token, if it is active now: MAC, grant, application, generation, expiry, owner, revocation of the token
 * alone. A token that fails the MAC touches no storage. Changes nothing.
 */
export async function inspectAccessToken(
  token: PresentedToken,
  deps: Pick<Deps, "keyring" | "store" | "clock">,
): Promise<ActiveToken | undefined> {
  const pointer = deps.keyring.read("access", token);
  if (pointer === undefined) return undefined;
  const grant = await deps.store.grants.find(pointer.grantId);
  if (grant === undefined) return undefined;
  const application = await deps.store.applications.find(grant.application);
  if (application === undefined || application.suspendedAt !== null) return undefined;
  const verdict = judgeAccessToken(grant, pointer, application.replay, nowOf(deps.clock));
  if (!verdict.active) return undefined;
  const owner = await liveOwner(grant, deps.store);
  if (grant.owner !== null && owner === undefined) return undefined;
  if (grant.hasRevokedTokens && (await deps.store.grants.isTokenRevoked(fingerprintOf(token)))) return undefined;
  const { variant, expiresAt, confirms } = verdict;
  return { token, pointer, grant, variant, expiresAt, application, owner, confirms };
}

/**
 * Confirms the generation on its first use: one write, committed before the answer leaves (refresh-tokens.md A5).
 * Returns false if the token is no longer active.
 */
export async function confirmUse(active: ActiveToken, deps: Pick<Deps, "store" | "clock" | "emit">): Promise<boolean> {
  if (active.confirms === undefined) return true;
  const { pointer, application } = active;
  const now = nowOf(deps.clock);
  return await changeGrant(active.grant.id, (grant) => decideConfirm(grant, pointer, application.replay, now), deps);
}
