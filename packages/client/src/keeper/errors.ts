import type { DeathCause, Evidence } from "./record.ts";

export type KeeperErrorCode =
  /** An argument is wrong; `field` names it. */
  | "invalid_input"
  /** Nothing was adopted under this id. */
  | "unknown_grant"
  /** The grant is dead, or being revoked: a person has to connect again, at `reconnectUrl`. */
  | "ended"
  /**
   * The provider refuses the refresh token, which is not yet believed; no access token is alive. Try again after
   * `retryAfterMs`, or ask the person.
   */
  | "suspect"
  /** The provider refuses the client itself: mend its id or secret. No access token is alive. */
  | "paused"
  /** The provider does not answer, or asked for patience, and no access token is alive. */
  | "unavailable"
  /** The store does not answer, and nothing usable is in memory. */
  | "store_unavailable"
  /**
   * The record cannot be opened: damaged beyond what its predecessor can mend, of a newer format, or sealed by a key
   * that `keys` does not hold. Nothing was changed; what a new consent brings can be adopted over it.
   */
  | "unreadable"
  /** The grant lacks `missing`; nothing was sent. */
  | "insufficient_scope"
  /** No provider was given for the grant's issuer and client. */
  | "no_provider"
  | "closed";

export type KeeperErrorFacts = {
  id?: string | undefined;
  field?: string | undefined;
  says?: string;
  retryAfterMs?: number | undefined;
  reconnectUrl?: string | undefined;
  ended?: DeathCause | undefined;
  evidence?: readonly Evidence[];
  missing?: readonly string[];
  cause?: unknown;
};

/** Why there is no token. `code` says what to do about it; nothing in it is secret. */
export class KeeperError extends Error {
  declare readonly code: KeeperErrorCode;
  declare readonly id?: string;
  declare readonly field?: string;
  declare readonly retryAfterMs?: number;
  declare readonly reconnectUrl?: string;
  /** Of `ended`. */
  declare readonly ended?: DeathCause;
  /** What the provider said, newest last. */
  declare readonly evidence?: readonly Evidence[];
  declare readonly missing?: readonly string[];

  constructor(code: KeeperErrorCode, { says, cause, ...facts }: KeeperErrorFacts = {}) {
    const { id, field, ended, missing } = facts;
    super([code.replaceAll("_", " "), id, field, ended, missing, says].filter(Boolean).join(": "), { cause });
    Object.assign(this, facts, { code, name: "KeeperError" });
  }
}

export type KeeperResult<T> = { ok: true; value: T } | { ok: false; error: KeeperError };
