import type { EpochSeconds, TokenPointer } from "@symbolon/protocol";
import type { Account } from "../accounts/account.ts";
import { liveOwner } from "../accounts/owner.ts";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";
import type { ServerEvent } from "../events.ts";
import type { Grant, Variant } from "../grants/grant.ts";
import { judgeAccess } from "../grants/lineage.ts";
import { fingerprintOf } from "../grants/new-grant.ts";
import { delivered } from "../grants/steps.ts";
import type { Change } from "../store/contract.ts";

/** A good access token and all that stands behind it. */
export type LiveToken = {
  token: string;
  pointer: TokenPointer;
  grant: Grant;
  variant: Variant;
  expiresAt: EpochSeconds;
  application: Application;
  /** undefined: client credentials. */
  owner: Account | undefined;
  /** The generation whose delivery a use of this token would be the first to prove. */
  proves: number | undefined;
};

/**
 * Whether an access token is good at this moment: MAC, grant, application, owner, generation, time, single revocation.
 * Garbage dies at the MAC, before any storage is touched. Changes nothing.
 */
export async function inspectAccessToken(token: string, deps: Deps): Promise<LiveToken | undefined> {
  const pointer = deps.keyring.read("access", token);
  if (pointer === undefined) return undefined;
  const grant = await deps.store.grants.find(pointer.grantId);
  if (grant === undefined) return undefined;
  const application = await deps.store.applications.find(grant.application);
  if (application === undefined || application.suspendedAt !== null) return undefined;
  const verdict = judgeAccess(grant, pointer, application.replay, nowOf(deps.clock));
  if (!verdict.active) return undefined;
  const owner = await liveOwner(grant, deps.store);
  if (grant.owner !== null && owner === undefined) return undefined;
  if (grant.hasRevokedTokens && (await deps.store.grants.isTokenRevoked(fingerprintOf(token)))) return undefined;
  const { variant, expiresAt, proves } = verdict;
  return { token, pointer, grant, variant, expiresAt, application, owner, proves };
}

/**
 * Notes the first use of a generation: one write, once, committed before the answer leaves (refresh-tokens.md A5).
 * Answers false where the token died in the meantime.
 */
export async function noteUse(live: LiveToken, deps: Deps): Promise<boolean> {
  if (live.proves === undefined) return true;
  const now = nowOf(deps.clock);
  const { active, events } = await deps.store.grants.change(live.grant.id, (grant) => decideUse(grant, live, now));
  events.forEach(deps.emit);
  return active;
}

function decideUse(
  grant: Grant | undefined,
  live: LiveToken,
  now: EpochSeconds,
): Change<{ active: boolean; events: ServerEvent[] }> {
  const verdict = judgeAccess(grant, live.pointer, live.application.replay, now);
  if (!verdict.active || verdict.proves === undefined) return { answer: { active: verdict.active, events: [] } };
  const { write, events } = delivered(grant!, verdict.proves, live.pointer.issuedAt, now);
  return { answer: { active: true, events }, write };
}
