import type { AccountId, EpochSeconds, Owner, ResourceName } from "@symbolon/protocol";

/** A built-in account of a user. */
export type Account = {
  id: AccountId;
  /** Normalised (NFKC, lower case) before it is stored or looked up. */
  email: string;
  /** PHC string of argon2id under a keyed hash: docs/decisions/0021-password-hashes-are-bound-to-their-account.md. */
  passwordHash: string;
  /** What the user can give access to. If there are several, the consent page asks which. */
  resources: readonly AccountResource[];
  createdAt: EpochSeconds;
  suspendedAt: EpochSeconds | null;
  /** How often it was changed. */
  version: number;
};

export type AccountResource = { name: ResourceName; label: string };

/** A signed-in browser. The cookie holds a random secret, the row its keyed hash. */
export type Session = {
  digest: Uint8Array;
  owner: Owner;
  /** When the person proved who they are, which may be before the session began. */
  authenticatedAt: EpochSeconds;
  idleExpiresAt: EpochSeconds;
  expiresAt: EpochSeconds;
  /** What the provider's own sign-in said of the person; null for a built-in account, whose row says it. */
  person: ExternalPerson | null;
};

/** `acr`: the authentication context class that the sign-in reached; null if it did not say. */
export type ExternalPerson = { name: string; resources: readonly AccountResource[]; acr: string | null };
