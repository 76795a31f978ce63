import type { EpochSeconds, Sealed, TokenKind, TokenPointer } from "@symbolon/protocol";

type SecretName = { access: "access token"; refresh: "refresh token"; code: "authorization code" };

/** `AccessToken`, `RefreshToken` or `AuthorizationCode`. */
export type TokenOf<K extends TokenKind> = Sealed<SecretName[K]>;

/** A token or code as a request presents it; its kind is not known yet. */
export type PresentedToken = TokenOf<TokenKind>;

/**
 * The keys that make and check tokens. They are kept outside the database, so a stolen database holds nothing that can
 * be presented (docs/decisions/0001).
 */
export interface Keyring {
  /**
   * The token for a pointer, under the key in force at `at`. Pure: the same arguments give the same token, as long as
   * the key is kept, so the successor of a rotation is recomputed rather than stored.
   */
  mint<K extends TokenKind>(kind: K, pointer: Omit<TokenPointer, "keyId">, at: EpochSeconds): TokenOf<K>;
  /**
   * The pointer of a token of this kind that this server issued; `undefined` for every other text. Touches no storage.
   */
  read(kind: TokenKind, token: PresentedToken): Readonly<TokenPointer> | undefined;
  /** Keyed hash of a random secret, to store it and to look it up. Each family has its own domain. */
  digest(family: DigestFamily, secret: string): Uint8Array;
  /** Base64url MAC over `message`, with a separate domain for each purpose: only this server can make it. */
  seal(purpose: SealPurpose, message: string): string;
  isSealed(purpose: SealPurpose, message: string, mac: string): boolean;
  /**
   * Encrypts with AES-256-GCM, under a key of its own for each purpose and `context`. `nonce`: 12 random bytes.
   */
  encrypt(purpose: EncryptPurpose, context: Uint8Array, text: string, nonce: Uint8Array): Uint8Array;
  /** `undefined` for anything that `encrypt` did not make for this purpose and context. */
  decrypt(purpose: EncryptPurpose, context: Uint8Array, sealed: Uint8Array): string | undefined;
}

export type DigestFamily =
  | "client_secret"
  | "session"
  | "intent"
  | "password"
  | "network"
  | "offer"
  | "audit"
  | "idempotency"
  | "sign_in";
export type EncryptPurpose = "idempotency";
export type SealPurpose = "transaction" | "csrf" | "device" | "cursor" | "sign_in";

/** A key of the ring. Ids are 0 to 255, never reused within the ring. */
export type KeyringKey = {
  id: number;
  /** 32 random bytes, base64url. */
  secret: string;
  createdAt: EpochSeconds;
  /** Tokens issued from this second on are made with it. It lies ahead, so that every process has read it by then. */
  activeFrom: EpochSeconds;
};

export type KeyringData = { format: 1; keys: readonly KeyringKey[]; pepper: string };
