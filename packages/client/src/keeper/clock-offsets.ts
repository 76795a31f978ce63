import type { World } from "../world.ts";
import type { RefreshOutcome } from "./provider.ts";

/** By issuer: how many milliseconds its clock is ahead of ours, by the `Date` of its latest answer (B9). */
export type ClockOffsets = Map<string, number>;

/** The issuer's time as far as it is known; ours where it is not. */
export const serverNowMs = (
  { world, clockOffsets }: { world: World; clockOffsets: ReadonlyMap<string, number> },
  issuer: string,
): number => world.epochMs() + (clockOffsets.get(issuer) ?? 0);

export function noteClockOffset(
  { clockOffsets }: { clockOffsets: ClockOffsets },
  issuer: string,
  offsetMs: number | undefined,
): void {
  if (offsetMs !== undefined && Number.isFinite(offsetMs)) clockOffsets.set(issuer, offsetMs);
}

/** The offset that came with an answer, if one did. */
export function clockOffsetOf(outcome: RefreshOutcome): number | undefined {
  const dated = outcome.kind === "tokens" ? outcome.tokens : outcome;
  return "clockOffsetMs" in dated ? dated.clockOffsetMs : undefined;
}
