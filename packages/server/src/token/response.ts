import { formatScope, type EpochSeconds } from "@symbolon/protocol";
import type { Issuance } from "../grants/issue.ts";
import { scopeOf } from "../grants/variants.ts";
import type { Keyring } from "../keyring/keyring.ts";

/** RFC 6749 §5.1, and `created_at`. */
export type TokenResponse = {
  access_token: string;
  token_type: "Bearer";
  /** Seconds from this answer. */
  expires_in: number;
  refresh_token?: string;
  scope: string;
  /** Seconds since 1970 at which the access token was issued. */
  created_at: EpochSeconds;
};

/** Both tokens of the grant's current generation. They are computed from the row; neither is stored. */
export function tokenPairResponse(issued: Issuance, keyring: Keyring): TokenResponse {
  const { grant } = issued;
  const pointer = { grantId: grant.id, generation: grant.generation, issuedAt: 0, variant: 0 };
  return {
    ...accessTokenMembers(issued, grant.generation, keyring),
    refresh_token: keyring.mint("refresh", pointer, grant.generationIssuedAt).reveal(),
    ...scopeMembers(issued),
  };
}

/** An access token alone. `serial`, random, takes the place of a generation in its pointer. */
export const accessTokenResponse = (issued: Issuance, serial: number, keyring: Keyring): TokenResponse => ({
  ...accessTokenMembers(issued, serial, keyring),
  ...scopeMembers(issued),
});

function accessTokenMembers(
  { grant, variant, issuedAt, expiresInSeconds }: Issuance,
  generation: number,
  keyring: Keyring,
) {
  const pointer = { grantId: grant.id, generation, issuedAt, variant };
  return {
    access_token: keyring.mint("access", pointer, issuedAt).reveal(),
    token_type: "Bearer" as const,
    expires_in: expiresInSeconds,
  };
}

const scopeMembers = ({ grant, variant, issuedAt }: Issuance) => ({
  scope: formatScope(scopeOf(grant, grant.variants[variant]!)),
  created_at: issuedAt,
});
