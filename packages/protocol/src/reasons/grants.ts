import { closed, open, type ReasonEntry } from "./entry.ts";

/** Codes, refresh tokens, and the grants behind them. */
export const grantReasons = {
  token_not_ours: closed(
    "invalid_grant",
    "Not a token of this server: forged, truncated, of another kind, or its key was dropped.",
    "Compare it with the token that was issued; `symbolon keys list` shows the keys in use.",
    "RFC 6749 §5.2",
  ),
  grant_unknown: closed(
    "invalid_grant",
    "The grant does not exist: it expired long ago and was deleted, or another database issued the token.",
    "Ask the user for consent again.",
    "RFC 6749 §5.2",
  ),
  grant_revoked: closed(
    "invalid_grant",
    "The grant was revoked.",
    "`symbolon grant show` tells when and why. Ask the user for consent again.",
    "RFC 6749 §5.2",
  ),
  grant_expired: closed("invalid_grant", "The grant has expired.", "Ask the user for consent again.", "RFC 6749 §5.2"),
  grant_not_redeemed: closed(
    "invalid_grant",
    "The authorization code of this grant has not been redeemed.",
    "Redeem the code first.",
    "RFC 6749 §5.2",
  ),
  binding_mismatch: closed(
    "invalid_grant",
    "The token was issued to another client.",
    "Use the credentials of the application that the token was issued to.",
    "RFC 6749 §5.2",
  ),
  owner_suspended: closed(
    "invalid_grant",
    "The account is suspended or deleted.",
    "The client cannot change this; an operator can resume the account.",
    "RFC 6749 §5.2",
  ),
  code_expired: closed(
    "invalid_grant",
    "The authorization code has expired.",
    "Redeem the code at once; it is valid for a minute.",
    "RFC 6749 §4.1.2",
  ),
  code_replayed: closed(
    "invalid_grant",
    "The authorization code was used before; the grant is now revoked.",
    "Redeem each code once, and keep the response.",
    "RFC 6749 §4.1.2",
  ),
  code_guessed: closed(
    "invalid_grant",
    "Too many wrong verifiers for this code.",
    "Start a new authorization request.",
    "RFC 7636 §7.1",
  ),
  verifier_missing: open(
    "invalid_grant",
    "The code_verifier is missing.",
    "Send the verifier that belongs to the code_challenge.",
    "RFC 7636 §4.5",
  ),
  verifier_malformed: open(
    "invalid_grant",
    "The code_verifier must be 43 to 128 unreserved characters.",
    "Send the verifier exactly as it was made.",
    "RFC 7636 §4.1",
  ),
  verifier_wrong: closed(
    "invalid_grant",
    "The code_verifier does not match the code_challenge.",
    "Send the verifier of the same authorization request.",
    "RFC 7636 §4.6",
  ),
  redirect_uri_mismatch: closed(
    "invalid_grant",
    "The redirect_uri differs from the one of the authorization request.",
    "Send the same string, or omit the parameter.",
    "RFC 6749 §4.1.3",
  ),
  refresh_token_reuse: closed(
    "invalid_grant",
    "A refresh token was used again after its successor; the grant is now revoked.",
    "Keep the newest refresh token of each grant, and send one refresh request at a time.",
    "RFC 9700 §4.14.2",
  ),
  refresh_token_late_retry: closed(
    "invalid_grant",
    "A refresh token was used again within seconds of its successor's first use; nothing was revoked.",
    "Read the stored tokens again: another process has refreshed them.",
    "RFC 9700 §4.14.2",
  ),
} as const satisfies Record<string, ReasonEntry>;
