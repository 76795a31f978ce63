import type { Clock } from "@symbolon/server";

/** A wall clock that was set ahead by more than this is believed only after it has stayed ahead. */
const believedAtOnceMs = 3_600_000;
const believedAfterMs = 600_000;

/** A clock whose time never goes back (docs/decisions/0064-time-does-not-go-back.md). */
export type SteadyClock = Clock & {
  /**
   * The time that has certainly been reached. It is the wall-clock time, except while that is behind, and for ten
   * minutes after it was set ahead by more than an hour. Rows are swept by it, and the mark keeps it.
   */
  provenMs(): number;
  /** How far the wall clock is behind the proven time; 0 if it is not. */
  behindMs(): number;
  /** Takes over a time that the database or another server has reached. */
  reach(epochMs: number): void;
};

/**
 * `reachedMs`: the latest time that the database knows; 0 if it knows none. `epochMs` is the later of wall-clock time
 * and proven time, so what has expired stays expired when the wall clock is set back. While the wall clock is behind,
 * the time goes on at half its pace until the wall clock has caught up.
 */
export function steadyClock(source: Clock, reachedMs: number): SteadyClock {
  let provenMs = reachedMs === 0 ? source.epochMs() : reachedMs;
  let lookedAtMs = source.monotonicMs();
  let aheadSinceMs: number | undefined;

  const look = (): number => {
    const [wallMs, nowMs] = [source.epochMs(), source.monotonicMs()];
    const elapsedMs = nowMs - lookedAtMs;
    lookedAtMs = nowMs;
    if (wallMs <= provenMs) {
      aheadSinceMs = undefined;
      provenMs += elapsedMs / 2;
      return wallMs;
    }
    const expectedMs = provenMs + elapsedMs;
    if (wallMs - expectedMs <= believedAtOnceMs) aheadSinceMs = undefined;
    else aheadSinceMs ??= nowMs;
    const isBelieved = aheadSinceMs === undefined || nowMs - aheadSinceMs >= believedAfterMs;
    provenMs = isBelieved ? wallMs : expectedMs;
    return wallMs;
  };

  return {
    epochMs: () => Math.floor(Math.max(look(), provenMs)), // whole, as ids need it
    monotonicMs: () => source.monotonicMs(),
    provenMs: () => {
      look();
      return provenMs;
    },
    behindMs: () => {
      const wallMs = look();
      return Math.max(0, provenMs - wallMs);
    },
    reach: (epochMs) => void (provenMs = Math.max(provenMs, epochMs)),
  };
}
