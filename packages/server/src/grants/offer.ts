import type { AccountId, ClientId, EpochSeconds, GrantId, ResourceName, Scope } from "@symbolon/protocol";
import type { Lifetimes } from "../config.ts";
import type { Grant } from "./grant.ts";

/** What an account consented to, and what the authorization code will be bound to. */
export type Consent = {
  client: ClientId;
  account: AccountId;
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
  owner: consent.account,
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
