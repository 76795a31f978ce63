import type { AccountId, ClientId, EpochSeconds, GrantId, ResourceName, Scope } from "@symbolon/protocol";

/**
 * The one row that decides (docs/decisions/0001). Every token points here; every step of the protocol is one
 * conditional write to it. Times are whole seconds since 1970.
 */
export type Grant = {
  id: GrantId;
  application: ClientId;
  /** Who allowed it; null for client credentials, whose grant is *standing*: it has no lineage and no refresh token. */
  owner: AccountId | null;
  /** On what, such as `Company/uuid`; null where there is nothing to pick. */
  resource: ResourceName | null;
  scope: Scope;
  /** RFC 8707 resource indicators that were consented to; empty: tokens are for every resource server. */
  audiences: readonly string[];
  /** The narrowings that access tokens refer to by number; grows only. */
  variants: readonly Variant[];
  state: "offered" | "active" | "revoked";
  /** The head of the lineage; 0 while offered, 1 on redemption. */
  generation: number;
  generationIssuedAt: EpochSeconds;
  /** When the head was first seen in use (delivery), or null: not yet. */
  confirmedAt: EpochSeconds | null;
  /** How often the predecessor was presented again since the last rotation. */
  replays: number;
  /** SHA-256 of the `refresh_intent` that made this generation (refresh-tokens.md A6). */
  intent: Uint8Array | null;
  /** Of the redeemed or offered code: base64url S256 challenge. Outlives redemption, so that a replay can be judged. */
  challenge: string | null;
  /** What the authorization code is bound to; null once redeemed. */
  offer: Offer | null;
  /** Absolute end; rotation never moves it. */
  expiresAt: EpochSeconds;
  /** Idle end; each rotation moves it on, never back and never beyond `expiresAt`. */
  idleExpiresAt: EpochSeconds;
  revokedAt: EpochSeconds | null;
  revokedBecause: RevocationReason | null;
  /** Whether the table of singly revoked access tokens has an entry of this grant. */
  hasRevokedTokens: boolean;
  /** Counts the writes; a write names the version it read. */
  version: number;
};

export type Variant = {
  /** null: the scope of the grant. */
  scope: Scope | null;
  /** null: the audiences of the grant. */
  audiences: readonly string[] | null;
  lifetimeSeconds: number;
  /**
   * When it was added to the grant; absent: with the grant. A token that is older names a narrowing of the same number
   * that was lost with a restored database, and means nothing any more.
   */
  since?: EpochSeconds;
};

export type Offer = { redirectUri: string; expiresAt: EpochSeconds; failures: number };

export type RevocationReason =
  | "refresh_token_reuse"
  | "code_replayed"
  | "code_guessed"
  | "revoked_by_client"
  | "revoked_by_owner"
  | "revoked_by_operator"
  | "application_deleted"
  | "account_deleted"
  | "account_suspended"
  | "password_changed"
  | "restored"
  | "token_leaked";

export const isStanding = (grant: Grant): boolean => grant.owner === null;

/** A grant is dead in the very second that it ends. */
export const hasExpired = (grant: Grant, now: EpochSeconds): boolean =>
  now >= Math.min(grant.expiresAt, grant.idleExpiresAt);

/**
 * The idle end after a use at `now`. It never moves back: whoever is served while the clock is behind would otherwise
 * be signed out when it is set right (docs/decisions/0020-the-idle-end-never-moves-back.md).
 */
export const idleEndAfterUse = (grant: Grant, now: EpochSeconds, idleSeconds: number): EpochSeconds =>
  Math.min(Math.max(now + idleSeconds, grant.idleExpiresAt), grant.expiresAt);
