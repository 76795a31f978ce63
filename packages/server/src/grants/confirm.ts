import type { EpochSeconds, TokenPointer } from "@symbolon/protocol";
import type { ReplayPolicy } from "../applications/application.ts";
import type { ServerEvent } from "../events.ts";
import { judgeAccessToken } from "./access-token.ts";
import { unchanged, type Decision } from "./decision.ts";
import type { Grant } from "./grant.ts";

/**
 * An access token is used: the first use confirms that its generation has reached the client, which closes the overlap
 * with the generation before (refresh-tokens.md A5). The result tells whether the token is active.
 */
export function decideConfirm(
  grant: Grant | undefined,
  pointer: TokenPointer,
  policy: ReplayPolicy,
  now: EpochSeconds,
): Decision<boolean> {
  if (grant === undefined) return unchanged(false);
  const verdict = judgeAccessToken(grant, pointer, policy, now);
  if (!verdict.active || verdict.confirms === undefined) return unchanged(verdict.active);
  const { write, events } = confirmGeneration(grant, pointer, now);
  return { answer: { result: true, events }, write };
}

/** Confirms the generation of the pointer; it is ahead of the row if the row comes from an older backup. */
export function confirmGeneration(
  grant: Grant,
  { generation, issuedAt }: TokenPointer,
  now: EpochSeconds,
): { write: Grant; events: ServerEvent[] } {
  if (generation <= grant.generation) {
    return {
      write: { ...grant, confirmedAt: now },
      events: [{ name: "refresh.delivered", grant: grant.id, generation: grant.generation }],
    };
  }
  return {
    write: {
      ...grant,
      state: "active",
      offer: null,
      generation,
      generationIssuedAt: issuedAt,
      confirmedAt: now,
      replays: 0,
      intent: null,
    },
    events: [{ name: "grant.caught_up", grant: grant.id, from: grant.generation, to: generation }],
  };
}
