import type { EpochSeconds } from "@symbolon/protocol";
import { accessTokenExpiry } from "./access-token.ts";
import type { GrantVariant } from "./variants.ts";

/** The access token to issue: for which variant of the grant, when it counts as issued, and its `expires_in`. */
export type Issuance = GrantVariant & { issuedAt: EpochSeconds; expiresInSeconds: number };

/** `expires_in` counts from `countedFrom`; it lies before the time of the answer where an answer is repeated. */
export const issuance = (
  { grant, variant }: GrantVariant,
  issuedAt: EpochSeconds,
  countedFrom: EpochSeconds = issuedAt,
): Issuance => ({
  grant,
  variant,
  issuedAt,
  expiresInSeconds: accessTokenExpiry(grant, grant.variants[variant]!, issuedAt) - countedFrom,
});
