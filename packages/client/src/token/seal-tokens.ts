import { Sealed } from "@symbolon/protocol";
import { invalidArgument } from "../check-arguments.ts";
import { invalidRequest } from "../errors/failures.ts";
import { unwrapSync } from "../result.ts";
import { withoutUndefined } from "../without-undefined.ts";

/** Tokens in the clear under their wire names, as `revealTokens` returns them. A member may be null. */
export type StoredTokens = {
  /** The access token. */
  access_token: string;
  /** The refresh token. */
  refresh_token?: string | null | undefined;
  /** When the access token expires: a date, or its ISO 8601 text. */
  expires_at?: string | Date | null | undefined;
  /** The names, separated by spaces. */
  scope?: string | null | undefined;
};

/** What `sealTokens` returns, and the keeper's `adopt` takes. */
export type SealedTokens = {
  /** The access token. */
  accessToken: Sealed;
  /** The refresh token. */
  refreshToken?: Sealed;
  /** When the access token expires. */
  expiresAt?: Date;
  /** The granted scopes. */
  scopes?: readonly string[];
};

/**
 * The inverse of `revealTokens`: seals tokens that your own database has in the clear, for the keeper's `adopt`. Throws
 * `ClientError` with the code `invalid_request` and the `field` that cannot be used.
 */
export function sealTokens(stored: StoredTokens): SealedTokens {
  const source = { provider: "client", operation: "sealTokens" };
  const { access_token, refresh_token, expires_at, scope } = { ...stored };
  const texts = { access_token, refresh_token: refresh_token ?? undefined, scope: scope || undefined };
  const invalid = invalidArgument(source, texts, ["access_token"]);
  if (invalid !== undefined) return unwrapSync(invalid);
  const expiresAt = (expires_at ?? undefined) === undefined ? undefined : new Date(expires_at!);
  if (Number.isNaN(expiresAt?.getTime())) return unwrapSync(invalidRequest(source, "expires_at", "must be a date"));
  return withoutUndefined({
    accessToken: new Sealed(access_token),
    refreshToken: texts.refresh_token === undefined ? undefined : new Sealed(texts.refresh_token),
    expiresAt,
    scopes: texts.scope?.split(" ").filter(Boolean),
  }) as SealedTokens;
}
