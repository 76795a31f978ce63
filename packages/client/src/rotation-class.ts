/**
 * What a provider does when a spent refresh token is presented again (refresh-tokens.md B1). It decides what may be
 * done after an answer that got lost, so it is data of the provider's profile. An unlisted provider is `strict` until
 * shown otherwise.
 */
export type RotationClass =
  /** The old token stays good until the new one is first used, or for `windowSeconds`. */
  | { kind: "lazy"; windowSeconds?: number }
  /** The same answer again for a while. */
  | { kind: "replay"; windowSeconds: number }
  /** Another pair for a while. */
  | { kind: "grace"; windowSeconds: number }
  /** The value changes now and then. */
  | { kind: "timed"; everySeconds: number }
  /** The same token for ever. */
  | { kind: "none" }
  /** A spent token ends the grant. */
  | { kind: "strict" };
