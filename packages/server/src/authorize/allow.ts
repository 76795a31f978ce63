import type { ResourceName } from "@symbolon/protocol";
import { nameOfSession, type SignedInUser } from "../accounts/session.ts";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";
import { newGrantId } from "../grants/new-grant.ts";
import { decideOffer, newOfferedGrant } from "../grants/offer.ts";
import { successLocation } from "./redirect.ts";
import type { Screen } from "./screen.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Stores the grant as `offered`, or finds the one of the same request, and redirects to the application with a code.
 * @see RFC 6749 §4.1.2
 */
export async function allow(
  transaction: Transaction,
  application: Application,
  { owner, session }: SignedInUser,
  resource: ResourceName | null,
  deps: Pick<Deps, "clock" | "config" | "emit" | "keyring" | "random" | "store">,
): Promise<Screen> {
  const now = nowOf(deps.clock);
  const { lifetimes } = deps.config;
  const consent = {
    client: transaction.client,
    owner,
    resource,
    scope: transaction.scope,
    audiences: transaction.audiences,
    redirectUri: transaction.redirectUri,
    challenge: transaction.challenge,
    accessTokenLifetimeSeconds: application.accessTokenLifetimes[0] ?? lifetimes.access,
  };
  const request = deps.keyring.digest("offer", JSON.stringify([nameOfSession(session), transaction.state, consent]));
  const offer = newOfferedGrant(newGrantId(deps.clock, deps.random, request), consent, lifetimes, now);
  const grant = await deps.store.grants.offer(offer, (offers) => decideOffer(offer, offers, lifetimes.code));
  const issuedAt = grant.generationIssuedAt;
  const code = deps.keyring.mint("code", { grantId: grant.id, generation: 0, issuedAt, variant: 0 }, issuedAt);
  deps.emit({ name: "authorize.granted", client: grant.application, grant: grant.id, account: owner });
  return { show: "redirect", location: successLocation(transaction, code, deps.config) };
}
