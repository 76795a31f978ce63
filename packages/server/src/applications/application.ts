import type { ClientId, EpochSeconds, Scope } from "@symbolon/protocol";

/** A client (RFC 6749 §2) that a developer registered. */
export type Application = {
  id: ClientId;
  name: string;
  type: "confidential" | "public";
  /** `none` for public applications. null: header or body (docs/decisions/0058). */
  authMethod: "client_secret_basic" | "client_secret_post" | "none" | null;
  /** Newest first; two during a rotation. */
  secrets: readonly SecretSlot[];
  /** Compared byte for byte (redirect-uri.ts). */
  redirectUris: readonly string[];
  /** The scope that it may request, and gets if it requests none. */
  scope: Scope;
  replay: ReplayPolicy;
  /** Lifetimes in seconds that `expires_in` may request; the first is the default. */
  accessTokenLifetimes: readonly number[];
  createdAt: EpochSeconds;
  suspendedAt: EpochSeconds | null;
  /** How often it was changed. */
  version: number;
};

/** A keyed hash of a secret (keyring `digest`), safe to store. */
export type SecretSlot = { digest: Uint8Array; createdAt: EpochSeconds };

/** When a spent refresh token still gets its successor (refresh-tokens.md A6). */
export type ReplayPolicy = { preset: "lazy" } | { preset: "window"; seconds: number } | { preset: "strict" };

/** A protected API that may introspect (RFC 7662 §2.1). */
export type ResourceServer = {
  id: ClientId;
  name: string;
  secrets: readonly SecretSlot[];
  /** Its RFC 8707 identifier; null: it may introspect only tokens without an audience. */
  resource: string | null;
  createdAt: EpochSeconds;
  /** How often it was changed. */
  version: number;
};
