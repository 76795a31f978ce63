import type { ClientId, EpochSeconds, GrantId, Owner, ResourceName, Scope } from "@symbolon/protocol";
import type { Lifetimes } from "../config.ts";
import type { OfferDecision } from "../store/contract.ts";
import type { Grant } from "./grant.ts";
import { requestOf } from "./new-grant.ts";

/** What a person consented to, and what the authorization code will be bound to. */
export type Consent = {
  client: ClientId;
  owner: Owner;
  resource: ResourceName | null;
  scope: Scope;
  audiences: readonly string[];
  redirectUri: string;
  /** S256, base64url. */
  challenge: string;
  accessTokenLifetimeSeconds: number;
};

/** The grant of a consent: it waits, `offered`, for its authorization code to be redeemed. @see RFC 6749 §4.1.2 */
export const newOfferedGrant = (
  id: GrantId,
  consent: Consent,
  lifetimes: Pick<Lifetimes, "code" | "grantIdle" | "grantAbsolute">,
  now: EpochSeconds,
): Grant => ({
  id,
  application: consent.client,
  owner: consent.owner,
  resource: consent.resource,
  scope: consent.scope,
  audiences: consent.audiences,
  variants: [{ scope: null, audiences: null, lifetimeSeconds: consent.accessTokenLifetimeSeconds }],
  state: "offered",
  generation: 0,
  generationIssuedAt: now,
  confirmedAt: null,
  replays: 0,
  intent: null,
  challenge: consent.challenge,
  offer: { redirectUri: consent.redirectUri, expiresAt: now + lifetimes.code, failures: 0 },
  expiresAt: now + lifetimes.grantAbsolute,
  idleExpiresAt: now + Math.min(lifetimes.grantIdle, lifetimes.grantAbsolute),
  revokedAt: null,
  revokedBecause: null,
  hasRevokedTokens: false,
  version: 0,
});

/** Of one owner; the person may have so many codes under way at once. */
const maximumOffers = 32;

/**
 * Uses an offer that was stored for the same request of the same browser, so that a form that is posted twice, or a
 * request that is repeated, brings the same code. It must be fresh enough to be redeemed, and untried with a wrong
 * verifier. If the owner has too many offers, the oldest are removed: a browser that asks again and again
 * leaves a bounded number of rows (OP-16).
 */
export function decideOffer(fresh: Grant, offers: readonly Grant[], codeSeconds: number): OfferDecision {
  const same = offers.find(
    ({ id, application, challenge, offer, generationIssuedAt }) =>
      requestOf(id) === requestOf(fresh.id) &&
      application === fresh.application &&
      challenge === fresh.challenge &&
      offer?.failures === 0 &&
      Math.abs(fresh.generationIssuedAt - generationIssuedAt) < codeSeconds / 2,
  );
  if (same !== undefined) return { use: same };
  return { remove: offers.slice(maximumOffers - 1).map(({ id }) => id) };
}
