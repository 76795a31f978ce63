import type { Sealed } from "@symbolon/protocol";
import type { RotationClass } from "../rotation-class.ts";

/** What the keeper asks of one application at one provider. A client of any profile can answer; so can a simulation. */
export type KeeperProvider = {
  /** Names the provider and the application: part of what every record is sealed to. */
  issuer: string;
  clientId: string;
  /** Grows when client id or secret changes: after that, every refusal is suspect (B8). */
  clientGeneration: number;
  rotation: RotationClass;
  /** Whether the provider reads `refresh_intent`; with it every preset of Symbolon is replayable (A6). */
  readsIntent: boolean;
  /** Longer than the provider's slowest answer; the keeper's lease is longer still. */
  deadlineMs: number;
  /** One POST, sent once, never repeated by the layers below. Never rejects: what happened is the answer. */
  refresh(ask: RefreshAsk): Promise<RefreshOutcome>;
  /** RFC 7009, where the provider has it. */
  revoke?(ask: { token: Sealed; signal: AbortSignal }): Promise<"revoked" | "unknown">;
  /** Where a person can connect again. */
  reconnectUrl?: string;
};

export type RefreshAsk = { refreshToken: Sealed; intent?: string | undefined; signal: AbortSignal };

export type RefreshOutcome =
  | { kind: "tokens"; tokens: FreshTokens }
  /**
   * The provider judged the grant (`invalid_grant`), or its client (`invalid_client`, `unauthorized_client`). `final`:
   * the profile knows this answer as the last word.
   */
  | {
      kind: "refused";
      about: "grant" | "client";
      code: string;
      status: number;
      final: boolean;
      description?: string;
      clockOffsetMs?: number;
    }
  /** Certainly not processed: no connection, or 429 with its wait. */
  | { kind: "not_processed"; code: string; status?: number; retryAfterMs?: number }
  /** Maybe processed: a timeout, a reset, 5xx, or an answer that cannot be read. */
  | { kind: "unknown"; code: string; status?: number; retryAfterMs?: number };

/** A successful answer. Absent means: as before. */
export type FreshTokens = {
  accessToken: Sealed;
  refreshToken?: Sealed;
  /** From the start of the request (B9). */
  lifetimeSeconds?: number;
  scope?: readonly string[];
  /** Server's clock minus ours, from the `Date` header. */
  clockOffsetMs?: number;
};
