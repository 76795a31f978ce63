import type { ClientId, EpochSeconds, TokenPointer } from "@symbolon/protocol";
import type { ReplayPolicy } from "../applications/application.ts";
import { accessTokenExpiry, judgeAccessToken } from "./access-token.ts";
import { confirmGeneration } from "./confirm.ts";
import { unchanged, type Decision } from "./decision.ts";
import type { Grant } from "./grant.ts";

export type AccessTokenRevocation = {
  client: { id: ClientId; replay: ReplayPolicy };
  pointer: TokenPointer;
  fingerprint: Uint8Array;
};

/**
 * Two clocks may each be wrong by a day (faults.md R-19): a token that has expired by this clock may still be active on
 * another server.
 */
const maximumClockDifferenceSeconds = 2 * 86_400;

/**
 * Inactive now, but perhaps active later: by another clock, or because a restored backup does not know the narrowing
 * yet.
 */
const mayBecomeActive: ReadonlySet<string> = new Set(["expired", "grant_expired", "variant_unknown"]);

/**
 * Revokes one access token. The client has received it, so its generation is confirmed as well. The fingerprint is kept
 * until the token is expired by every clock; a flag on the row says that there is one. @see RFC 7009 §2.1
 */
export function decideRevokeAccessToken(
  grant: Grant | undefined,
  { client, pointer, fingerprint }: AccessTokenRevocation,
  now: EpochSeconds,
): Decision<"revoked" | "unchanged"> {
  if (grant?.application !== client.id) return unchanged("unchanged");
  const verdict = judgeAccessToken(grant, pointer, client.replay, now);
  if (!verdict.active && !mayBecomeActive.has(verdict.because)) return unchanged("unchanged");
  const variant = grant.variants[pointer.variant];
  const expiresAt = variant === undefined ? grant.expiresAt : accessTokenExpiry(grant, variant, pointer.issuedAt);
  const until = expiresAt + maximumClockDifferenceSeconds;
  const confirmed =
    verdict.active && verdict.confirms !== undefined
      ? confirmGeneration(grant, pointer, now)
      : { write: grant, events: [] };
  return {
    answer: {
      result: "revoked",
      events: [...confirmed.events, { name: "token.revoked", client: client.id, grant: grant.id }],
    },
    write: { ...confirmed.write, hasRevokedTokens: true },
    revokedToken: { fingerprint, until },
    feed: { at: now, until: expiresAt, kind: "token", hash: fingerprint },
  };
}
