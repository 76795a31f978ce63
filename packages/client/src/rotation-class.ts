/**
 * What a provider does when a spent refresh token is presented again (refresh-tokens.md B1). It decides what a client
 * may do after a lost response, so it is part of the provider's profile. Use `strict` where you do not know.
 */
export type RotationClass =
  /** The old token stays valid until the new one is first used, or for `windowSeconds`. */
  | { kind: "lazy"; windowSeconds?: number }
  /** For `windowSeconds` the old token returns the same new tokens again. */
  | { kind: "replay"; windowSeconds: number }
  /** For `windowSeconds` the old token returns another new pair. */
  | { kind: "grace"; windowSeconds: number }
  /** The refresh token changes about every `everySeconds`, not with each refresh. */
  | { kind: "timed"; everySeconds: number }
  /** The refresh token never changes. */
  | { kind: "none" }
  /** A spent refresh token ends the grant. */
  | { kind: "strict" };
