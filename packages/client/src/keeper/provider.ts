import type { Sealed } from "@symbolon/protocol";
import type { RotationClass } from "../rotation-class.ts";
import { KeeperError } from "./errors.ts";
import type { GrantRecord } from "./record.ts";

/** One client at one provider, as the keeper uses it. */
export type KeeperProvider = {
  /** Issuer and client id are part of what every record is sealed to. */
  issuer: string;
  /** The `client_id` that the provider issued. */
  clientId: string;
  /** Increases when client id or secret changes: until a refresh succeeds again, no refusal ends a grant (B8). */
  clientGeneration: number;
  /** What the provider does with a spent refresh token. */
  rotation: RotationClass;
  /** Whether the provider reads `refresh_intent`; with it every preset of Symbolon is replayable (A6). */
  readsIntent: boolean;
  /** Longer than the provider's slowest answer; the keeper's lease is longer still. */
  deadlineMs: number;
  /** Sends one POST, once; the HTTP layer must not repeat it. Never rejects: what happened is the outcome. */
  refresh(ask: RefreshAsk): Promise<RefreshOutcome>;
  /** Revokes a token (RFC 7009), where the provider supports it. */
  revoke?(ask: { token: Sealed; signal: AbortSignal }): Promise<"revoked" | "unknown">;
  /** The page where the user can connect again. */
  reconnectUrl?: string;
};

/** What a provider is asked to refresh. */
export type RefreshAsk = {
  /** The refresh token to send. */
  refreshToken: Sealed;
  /** The same for every attempt to spend this token (refresh-tokens.md A6). Sent where `readsIntent`. */
  intent?: string | undefined;
  /** Ends the request at the deadline. */
  signal: AbortSignal;
};

export type RefreshOutcome =
  | { kind: "tokens"; tokens: FreshTokens }
  /**
   * The provider refused the grant (`invalid_grant`), or its client (`invalid_client`, `unauthorized_client`). `final`:
   * the profile says that this answer is never taken back.
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
  /** Possibly processed: a timeout, a reset, 5xx, or an answer that cannot be read. */
  | { kind: "unknown"; code: string; status?: number; retryAfterMs?: number };

/** A successful answer. What is absent stays as before. */
export type FreshTokens = {
  /** The access token. */
  accessToken: Sealed;
  /** Absent: the refresh token that the keeper has stays valid. */
  refreshToken?: Sealed;
  /** From the start of the request (B9). */
  lifetimeSeconds?: number;
  /** Absent: as before. */
  scope?: readonly string[];
  /** Server's clock minus ours, from the `Date` header. */
  clockOffsetMs?: number;
};

type HasProviders = { providers: readonly KeeperProvider[] };
type OfClient = Pick<GrantRecord, "issuer" | "clientId">;

export const findProvider = ({ providers }: HasProviders, { issuer, clientId }: OfClient): KeeperProvider | undefined =>
  providers.find((provider) => provider.issuer === issuer && provider.clientId === clientId);

/** The provider of a record. Throws "no_provider". */
export function providerOf(context: HasProviders, record: OfClient & { id: string }): KeeperProvider {
  const found = findProvider(context, record);
  if (found !== undefined) return found;
  throw new KeeperError("no_provider", { id: record.id, message: `${record.issuer} ${record.clientId}` });
}
