import type { ResourceName } from "@symbolon/protocol";
import type { SignedInUser } from "../accounts/session.ts";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";
import type { Grant } from "../grants/grant.ts";
import { newGrantId } from "../grants/new-grant.ts";
import { successLocation } from "./redirect.ts";
import type { Screen } from "./screen.ts";
import type { Transaction } from "./transaction.ts";

/** Stores the grant as `offered` and sends the browser back with its code. @see RFC 6749 §4.1.2 */
export async function allow(
  transaction: Transaction,
  application: Application,
  { account }: SignedInUser,
  resource: ResourceName | null,
  deps: Deps,
): Promise<Screen> {
  const now = nowOf(deps.clock);
  const { lifetimes } = deps.config;
  const grant: Grant = {
    id: newGrantId(deps.clock, deps.random),
    application: transaction.client,
    owner: account.id,
    resource,
    scope: transaction.scope,
    audiences: transaction.audiences,
    variants: [
      { scope: null, audiences: null, lifetimeSeconds: application.accessTokenLifetimes[0] ?? lifetimes.access },
    ],
    state: "offered",
    generation: 0,
    generationIssuedAt: now,
    confirmedAt: null,
    replays: 0,
    intent: null,
    challenge: transaction.challenge,
    offer: { redirectUri: transaction.redirectUri, expiresAt: now + lifetimes.code, failures: 0 },
    expiresAt: now + lifetimes.grantAbsolute,
    idleExpiresAt: now + Math.min(lifetimes.grantIdle, lifetimes.grantAbsolute),
    revokedAt: null,
    revokedBecause: null,
    hasRevokedTokens: false,
    version: 0,
  };
  await deps.store.grants.insert(grant);
  const code = deps.keyring.mint("code", { grantId: grant.id, generation: 0, issuedAt: now, variant: 0 }, now);
  deps.emit({ name: "authorize.granted", client: grant.application, grant: grant.id, account: account.id });
  return { show: "redirect", location: successLocation(transaction, code, deps.config) };
}
