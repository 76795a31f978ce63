import type { ClientId, EpochSeconds, GrantId, Owner, ResourceName, Scope } from "@symbolon/protocol";

/**
 * The row that every token points to and that decides whether it is good (docs/decisions/0001). Every step of the
 * protocol is one conditional write to it. Times are whole seconds since 1970.
 */
export type Grant = {
  id: GrantId;
  application: ClientId;
  /** Who allowed it; null for client credentials, whose grant has no token family and no refresh token. */
  owner: Owner | null;
  /** What it gives access to, such as `Company/uuid`; null if the owner has no resources. */
  resource: ResourceName | null;
  scope: Scope;
  /** RFC 8707 resource indicators that were consented to; empty means every resource server. */
  audiences: readonly string[];
  /** The narrowings that access tokens refer to by number; variants are only added. */
  variants: readonly Variant[];
  state: "offered" | "active" | "revoked";
  /** Of the current refresh token; 0 while offered, 1 on redemption. */
  generation: number;
  generationIssuedAt: EpochSeconds;
  /** When this generation was first used, which proves that it was delivered; null if it has not been used. */
  confirmedAt: EpochSeconds | null;
  /** How often the predecessor was replayed since the last rotation. */
  replays: number;
  /** First 16 bytes of SHA-256 of the `refresh_intent` of the last rotation (refresh-tokens.md A6). */
  intent: Uint8Array | null;
  /** S256 code challenge, base64url. Kept after redemption, to judge a replay of the code. */
  challenge: string | null;
  /** What the authorization code is bound to; null after redemption. */
  offer: Offer | null;
  /** Absolute end; rotation does not move it. */
  expiresAt: EpochSeconds;
  /** Idle end; each rotation moves it forward, up to `expiresAt`. */
  idleExpiresAt: EpochSeconds;
  revokedAt: EpochSeconds | null;
  revokedBecause: RevocationReason | null;
  /** Whether an access token of this grant was revoked alone. */
  hasRevokedTokens: boolean;
  /** Number of writes; a write names the version that it read. */
  version: number;
};

export type Variant = {
  /** null means the scope of the grant. */
  scope: Scope | null;
  /** null means the audiences of the grant. */
  audiences: readonly string[] | null;
  lifetimeSeconds: number;
  /**
   * When it was added to the grant; absent if the grant began with it. An older token refers to a variant that had the
   * same number and was lost when a backup was restored; such a token is inactive.
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

export const isClientCredentialsGrant = (grant: Grant): boolean => grant.owner === null;

/** A grant has expired in the second of its end. */
export const hasExpired = (grant: Grant, now: EpochSeconds): boolean =>
  now >= Math.min(grant.expiresAt, grant.idleExpiresAt);

/**
 * The idle end after a use at `now`. It never moves back: otherwise a use while the clock is behind would end the grant
 * once the clock is corrected (docs/decisions/0020-the-idle-end-never-moves-back.md).
 */
export const idleEndAfterUse = (grant: Grant, now: EpochSeconds, idleSeconds: number): EpochSeconds =>
  Math.min(Math.max(now + idleSeconds, grant.idleExpiresAt), grant.expiresAt);
