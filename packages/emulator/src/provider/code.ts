import { createHash } from "node:crypto";
import { endGrant, openGrant } from "./issue.ts";
import type { Code, CodeInput, Grant } from "./grant.ts";
import { nowOf, type Provider } from "./provider.ts";

export function newCode(provider: Provider, input: CodeInput): Code {
  const value = provider.profile.dialect.shapes.code(provider.seed, `code ${provider.codes.size + 1}`);
  const code: Code = {
    ...input,
    value,
    expiresAt: nowOf(provider) + provider.profile.codeLifetimeSeconds,
    redeemed: null,
  };
  provider.codes.set(value, code);
  return code;
}

export type Redemption = {
  clientId: string;
  code: string;
  redirectUri: string | undefined;
  verifier: string | undefined;
};

export type RedemptionProblem =
  | "code_unknown"
  | "code_expired"
  | "code_replayed"
  | "redirect_uri_mismatch"
  | "verifier_wrong";

/**
 * Redeems a code. Every check comes before the code is consumed, so a failed request leaves it usable. A replayed code
 * ends the grant that it was redeemed for, if the profile says so.
 */
export function redeem(
  provider: Provider,
  { clientId, code: value, redirectUri, verifier }: Redemption,
): Grant | RedemptionProblem {
  const code = provider.codes.get(value);
  if (code === undefined || code.clientId !== clientId) return "code_unknown";
  if (code.redirectUri !== undefined && redirectUri !== code.redirectUri) return "redirect_uri_mismatch";
  if (!answersChallenge(code, verifier)) return "verifier_wrong";
  if (code.redeemed !== null) {
    if (provider.profile.codeReplayEndsGrant) endGrant(provider, code.redeemed, "code_replayed");
    return "code_replayed";
  }
  if (nowOf(provider) >= code.expiresAt) return "code_expired";
  code.redeemed = openGrant(provider, code);
  return code.redeemed;
}

/** @see RFC 7636 §4.6 */
function answersChallenge({ challenge, challengeMethod }: Code, verifier: string | undefined): boolean {
  if (challenge === undefined) return true;
  if (verifier === undefined) return false;
  return (
    (challengeMethod === "plain" ? verifier : createHash("sha256").update(verifier).digest("base64url")) === challenge
  );
}
