import type { EpochSeconds } from "@symbolon/protocol";

/**
 * One consent of one person to one application, with every pair of tokens that ever came of it. `person` is null where
 * the application acts for itself.
 */
export type Grant = {
  id: string;
  clientId: string;
  person: { id: string; name: string } | null;
  resource: { id: string; name: string } | null;
  scope: readonly string[];
  createdAt: EpochSeconds;
  ended: { at: EpochSeconds; because: EndReason } | null;
  pairs: Pair[];
  /**
   * Gusto, from before 2023-05: one grant for several companies, each of which leaves it when a strict token of its own
   * is used.
   */
  legacyResources?: { id: string; name: string }[];
  /** Gusto: the legacy grant that this one was exchanged for. */
  exchangedFrom?: Grant;
};

export type EndReason = "revoked_by_user" | "revoked_by_client" | "refresh_token_reuse" | "code_replayed" | "replaced";

/** What one answer of the token endpoint handed out. */
export type Pair = {
  serial: number;
  /** The serial of the pair whose refresh token bought this one. */
  parent: number | null;
  issuedAt: EpochSeconds;
  /** When this pair's access token was first used. */
  usedAt: EpochSeconds | null;
  accessToken: string;
  accessExpiresAt: EpochSeconds;
  accessEnded: boolean;
  /** null where the answer had none. */
  refreshToken: string | null;
  /** When this refresh token came into being: pairs that share one share this too. */
  refreshIssuedAt: EpochSeconds;
  refresh: "live" | "spent" | "dead";
  spentAt: EpochSeconds | null;
  /** The answer as it went out, for a provider that repeats it to the byte. */
  body: string;
};

export const isLive = (grant: Grant): boolean => grant.ended === null;

export const childrenOf = (grant: Grant, pair: Pair): Pair[] =>
  grant.pairs.filter(({ parent }) => parent === pair.serial);
