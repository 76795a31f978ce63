import type { EpochSeconds, TokenKind, TokenPointer } from "@symbolon/protocol";

/**
 * The keys that make and check tokens. They live outside the database: a stolen database holds nothing that can be
 * presented (docs/decisions/0001).
 */
export interface Keyring {
  /**
   * The token for a pointer, under the key in force at `at`. Pure: the same arguments give the same token, as long as
   * the key is kept, so the successor of a rotation is recomputed rather than stored.
   */
  mint(kind: TokenKind, pointer: Omit<TokenPointer, "keyId">, at: EpochSeconds): string;
  /** The pointer of a token that we made, of exactly this kind; `undefined` for anything else. Touches no storage. */
  read(kind: TokenKind, token: string): Readonly<TokenPointer> | undefined;
  /** Keyed hash of a random secret, for storing and looking up. Each family has its own domain. */
  digest(family: DigestFamily, secret: string): Uint8Array;
  /**
   * A value that only this server can have made: base64url MAC over `message` under a key of its own for each purpose.
   */
  seal(purpose: SealPurpose, message: string): string;
  isSealed(purpose: SealPurpose, message: string, mac: string): boolean;
}

export type DigestFamily = "client_secret" | "session" | "intent" | "password";
export type SealPurpose = "transaction" | "csrf";

/** A key of the ring. Ids are 0 to 255, never reused within the ring. */
export type KeyringKey = {
  id: number;
  /** 32 random bytes, base64url. */
  secret: string;
  createdAt: EpochSeconds;
  /** Tokens issued from this second on are made with it; lies ahead, so that every process has read it by then. */
  activeFrom: EpochSeconds;
};

export type KeyringData = { format: 1; keys: readonly KeyringKey[]; pepper: string };
