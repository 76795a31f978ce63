import type { ClientId, EpochSeconds, Scope } from "@symbolon/protocol";

/** A client (RFC 6749 §2), as its operator registered it. */
export type Application = {
  id: ClientId;
  name: string;
  type: "confidential" | "public";
  /**
   * `none` for public applications. null: not bound yet; the first method that succeeds becomes it
   * (docs/decisions/0005).
   */
  authMethod: "client_secret_basic" | "client_secret_post" | "none" | null;
  /** Newest first; two while a rotation is under way. */
  secrets: readonly SecretSlot[];
  /** Compared byte for byte (redirect-uri.ts). */
  redirectUris: readonly string[];
  /** What it may ask for, and what it gets when it asks for nothing. */
  scope: Scope;
  replay: ReplayPolicy;
  /** Lifetimes in seconds that `expires_in` may ask for; the first is the default. */
  accessTokenLifetimes: readonly number[];
  createdAt: EpochSeconds;
  suspendedAt: EpochSeconds | null;
};

/** A keyed hash of a secret (keyring `digest`), safe to store. */
export type SecretSlot = { digest: Uint8Array; createdAt: EpochSeconds };

/** When a spent refresh token still brings its successor (refresh-tokens.md A6). */
export type ReplayPolicy = { preset: "lazy" } | { preset: "window"; seconds: number } | { preset: "strict" };

/** A protected API that may introspect (RFC 7662 §2.1). */
export type ResourceServer = {
  id: ClientId;
  name: string;
  secrets: readonly SecretSlot[];
  /** Its RFC 8707 identifier; null: it sees only tokens that name no audience. */
  resource: string | null;
  createdAt: EpochSeconds;
};
