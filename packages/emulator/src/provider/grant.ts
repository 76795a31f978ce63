import type { EpochSeconds } from "@symbolon/protocol";

/** One consent of one person to one application, with all its token pairs. `person` is null for client credentials. */
export type Grant = {
  id: string;
  clientId: string;
  person: { id: string; name: string } | null;
  resource: { id: string; name: string } | null;
  scope: readonly string[];
  createdAt: EpochSeconds;
  ended: { at: EpochSeconds; because: EndReason } | null;
  /** The latest pairs, at most `longestHistory`; older ones are still found by their tokens. */
  pairs: Pair[];
  /** How many pairs were issued. */
  issued: number;
  /**
   * Gusto, before 2023-05: a grant for several companies. A company leaves it when a token for that company alone is
   * first used.
   */
  legacyResources?: { id: string; name: string }[];
  /** Gusto: the legacy grant that this grant was exchanged from. */
  exchangedFrom?: Grant;
};

/** An authorization code with the authorization request that it was issued for. */
export type Code = CodeInput & { value: string; expiresAt: EpochSeconds; redeemed: Grant | null };

export type CodeInput = {
  clientId: string;
  person: { id: string; name: string };
  resource: { id: string; name: string } | null;
  scope: readonly string[];
  /** The redirect_uri of the authorization request; undefined if it was left out. */
  redirectUri: string | undefined;
  state: string | undefined;
  challenge: string | undefined;
  challengeMethod: "S256" | "plain";
  withRefreshToken?: boolean;
};

export type EndReason = "revoked_by_user" | "revoked_by_client" | "refresh_token_reuse" | "code_replayed" | "replaced";

/** The tokens of one answer of the token endpoint. */
export type Pair = {
  serial: number;
  /** The pair whose refresh token was redeemed for this one. */
  parent: Pair | null;
  /** The pairs that this pair's refresh token was redeemed for. */
  children: Pair[];
  issuedAt: EpochSeconds;
  /** When this pair's access token was first used. */
  usedAt: EpochSeconds | null;
  accessToken: string;
  accessExpiresAt: EpochSeconds;
  accessEnded: boolean;
  /** null if the answer had none. */
  refreshToken: string | null;
  /** When this refresh token was issued. Pairs that share a refresh token share this time. */
  refreshIssuedAt: EpochSeconds;
  refresh: "live" | "spent" | "dead";
  spentAt: EpochSeconds | null;
  /** The body of the answer, for providers that repeat it byte for byte. */
  body: string;
};

export const isLive = (grant: Grant): boolean => grant.ended === null;

/** A grant lists this many pairs, so that an emulator can run for weeks. */
export const longestHistory = 1000;
