import type { EpochSeconds } from "@symbolon/protocol";
import type { Pair } from "./grant.ts";

/**
 * How a provider rotates refresh tokens (refresh-tokens.md B1). `reuse`: whether a spent token is only refused after
 * its replay window, or ends the grant.
 */
export type Rotation = { reuse: "refuse" | "end_grant" } &
  /**
   * The old pair stays valid until the new one is first used. `again`: another refresh before that issues another pair,
   * as Doorkeeper does, or repeats the same.
   */
  (
    | { kind: "lazy"; again: "another_pair" | "same_pair"; closedBy: "access_use" | "any_use"; windowSeconds?: number }
    /** A spent token gets the same answer, byte for byte, for `windowSeconds`. */
    | { kind: "replay"; windowSeconds: number }
    /** The predecessor gets another pair for `windowSeconds`. */
    | { kind: "grace"; windowSeconds: number }
    /** The refresh token changes every `everySeconds`; the previous one stays valid for `overlapSeconds`. */
    | { kind: "timed"; everySeconds: number; overlapSeconds: number }
    /** No rotation: the refresh token never changes. */
    | { kind: "none" }
    /** Single use: a spent token is refused at once. */
    | { kind: "strict" }
  );

export type Decision =
  /** Issue a new pair. `retires`: the presented one is spent at once. */
  | { do: "mint"; retires: boolean }
  /** Repeat the pair that this token got before. */
  | { do: "repeat"; pair: Pair }
  /** Issue a new access token and keep the refresh token of `pair`. */
  | { do: "keep"; pair: Pair }
  | { do: "refuse"; endsGrant: boolean };

/** Decides on the refresh token of `pair`, presented by its own client at `now`. The grant is active. */
export function decideRefresh(pair: Pair, rotation: Rotation, now: EpochSeconds): Decision {
  const reuse: Decision = { do: "refuse", endsGrant: rotation.reuse === "end_grant" };
  if (pair.refresh === "dead") return reuse;
  const { children } = pair;
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

/** Whether the first use of a pair ends its predecessor with its access token. */
export const closesPredecessor = (rotation: Rotation, use: "access" | "refresh"): boolean =>
  rotation.kind === "lazy" && (use === "access" || rotation.closedBy === "any_use");
