import type { EpochSeconds } from "@symbolon/protocol";
import { childrenOf, type Grant, type Pair } from "./grant.ts";

/**
 * What a provider does with a refresh token that is presented, and with one that was presented before: data, so that a
 * profile is a line (refresh-tokens.md B1). `reuse` says what a spent token brings after its time: a refusal, or the
 * end of the whole grant.
 */
export type Rotation = { reuse: "refuse" | "end_grant" } &
  /**
   * The old pair stays good until the new one is first used; `again` brings another pair, as Doorkeeper does, or the
   * same.
   */
  (
    | { kind: "lazy"; again: "another_pair" | "same_pair"; closedBy: "access_use" | "any_use"; windowSeconds?: number }
    /** The same answer again, to the byte, for a while. */
    | { kind: "replay"; windowSeconds: number }
    /** Another pair for a while, from the predecessor only. */
    | { kind: "grace"; windowSeconds: number }
    /** The value changes now and then; the one before it still works for `overlapSeconds`. */
    | { kind: "timed"; everySeconds: number; overlapSeconds: number }
    /** The same token for ever. */
    | { kind: "none" }
    /** Once, and never again. */
    | { kind: "strict" }
  );

export type Decision =
  /** A new pair; `retires` the presented one at once. */
  | { do: "mint"; retires: boolean }
  /** The pair that this token brought before. */
  | { do: "repeat"; pair: Pair }
  /** A new access token beside the refresh token of `pair`. */
  | { do: "keep"; pair: Pair }
  | { do: "refuse"; endsGrant: boolean };

/** What becomes of the refresh token of `pair`, presented by its own client at `now`. The grant is live. */
export function decideRefresh(grant: Grant, pair: Pair, rotation: Rotation, now: EpochSeconds): Decision {
  const reuse: Decision = { do: "refuse", endsGrant: rotation.reuse === "end_grant" };
  if (pair.refresh === "dead") return reuse;
  const children = childrenOf(grant, pair);
  const isOpen = (seconds: number): boolean => pair.spentAt !== null && now < pair.spentAt + seconds;
  switch (rotation.kind) {
    case "lazy": {
      if (pair.spentAt !== null && rotation.windowSeconds !== undefined && !isOpen(rotation.windowSeconds))
        return reuse;
      const [child] = children;
      return rotation.again === "same_pair" && child !== undefined
        ? { do: "repeat", pair: child }
        : { do: "mint", retires: false };
    }
    case "replay":
      if (pair.refresh === "live") return { do: "mint", retires: true };
      return isOpen(rotation.windowSeconds) ? { do: "repeat", pair: children[0]! } : reuse;
    case "grace":
      if (pair.refresh === "live") return { do: "mint", retires: true };
      return isOpen(rotation.windowSeconds) && children.every(({ refresh }) => refresh === "live")
        ? { do: "mint", retires: true }
        : reuse;
    case "timed":
      if (pair.refresh === "live")
        return now < pair.refreshIssuedAt + rotation.everySeconds
          ? { do: "keep", pair }
          : { do: "mint", retires: true };
      return isOpen(rotation.overlapSeconds) && children[0]!.refresh === "live"
        ? { do: "keep", pair: children[0]! }
        : reuse;
    case "none":
      return { do: "keep", pair };
    case "strict":
      return pair.refresh === "live" ? { do: "mint", retires: true } : reuse;
  }
}

/** Whether the first use of a pair's tokens ends the pair that it came from, and its access token with it. */
export const closesPredecessor = (rotation: Rotation, use: "access" | "refresh"): boolean =>
  rotation.kind === "lazy" && (use === "access" || rotation.closedBy === "any_use");
