export type KeeperErrorCode =
  /** An argument is wrong; `field` names it. */
  | "invalid_input"
  /** Nothing was adopted under this id. */
  | "unknown_grant"
  /** The grant is dead, or being revoked: the user has to connect again, at `reconnectUrl`. */
  | "ended"
  /**
   * The provider refuses the refresh token, which is not confirmed yet; no access token is alive. Try again after
   * `retryAfterMs`, or ask the user to connect again.
   */
  | "suspect"
  /** The provider refuses the client itself: correct its id or secret. No access token is alive. */
  | "paused"
  /** The provider does not answer, or asked to retry later, and no access token is alive. */
  | "unavailable"
  /** The store does not answer, or other processes keep changing the record, and no valid token is in memory. */
  | "store_unavailable"
  /**
   * The record cannot be opened: it is damaged and its predecessor cannot replace it, has a newer format, or is sealed
   * by a key that `keys` does not hold. Nothing was changed; the tokens of a new consent can be adopted over it.
   */
  | "unreadable"
  /** The grant lacks `missing`; nothing was sent. */
  | "insufficient_scope"
  /** No provider was given for the grant's issuer and client. */
  | "no_provider"
  | "closed";

/** `refused`: by the provider. `revoked`: by us. `replaced`: the same subject consented again under another id. */
export type DeathCause = "refused" | "revoked" | "replaced";

/** What the provider said about one version, and when (milliseconds since 1970, by the provider's clock). */
export type Evidence = {
  /** Milliseconds since 1970, by the provider's clock. */
  atMs: number;
  /** The token pair that it was about. */
  version: number;
  /** The provider's error code, or ours where it sent none. */
  code: string;
  /** The HTTP status, where a response came. */
  status?: number | undefined;
  /** The provider's explanation, without secrets. */
  description?: string | undefined;
};

export type KeeperErrorFacts = {
  id?: string | undefined;
  field?: string | undefined;
  /** In "invalid_input": what `field` should have been. */
  expected?: string;
  /** A sentence for people. */
  message?: string;
  retryAfterMs?: number | undefined;
  reconnectUrl?: string | undefined;
  ended?: DeathCause | undefined;
  evidence?: readonly Evidence[];
  missing?: readonly string[];
  cause?: unknown;
};

/** Why there is no token. `code` decides what to do about it. Contains no secret. */
export class KeeperError extends Error {
  declare readonly code: KeeperErrorCode;
  declare readonly id?: string;
  declare readonly field?: string;
  declare readonly retryAfterMs?: number;
  declare readonly reconnectUrl?: string;
  /** Why the grant ended, where `code` is "ended". */
  declare readonly ended?: DeathCause;
  /** What the provider said, newest last. */
  declare readonly evidence?: readonly Evidence[];
  declare readonly missing?: readonly string[];

  constructor(code: KeeperErrorCode, { expected, message, cause, ...facts }: KeeperErrorFacts = {}) {
    const { id, field, ended, missing } = facts;
    super([code.replaceAll("_", " "), id, field, ended, missing, expected, message].filter(Boolean).join(": "), {
      cause,
    });
    Object.assign(this, facts, { code, name: "KeeperError" });
  }
}

export type KeeperResult<T> = { ok: true; value: T } | { ok: false; error: KeeperError };
