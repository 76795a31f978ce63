import type { RotationClass } from "@symbolon/client";
import { again, another, consentOf, reuse, rotated, type Family, type Presented, type Turn } from "./family.ts";

/** How one kind of provider rotates (refresh-tokens.md B1). */
export type Rules = {
  rotation: RotationClass;
  readsIntent: boolean;
  present(family: Family, presented: Presented, nowMs: number): Turn;
  /** Using a new access token closes the window, and ends the old access token. */
  closesOnUse: boolean;
};

export type ProviderKind = keyof typeof kinds;

/** No answer is waited for longer, and nothing that was sent is still on its way then. */
export const deadlineMs = 10_000;

const replayWindowSeconds = 120;
const graceWindowSeconds = 60;
const timedSeconds = 900;
const intentMs = 86_400_000;

type Present = Rules["present"];

/** Until the successor is seen in use, its predecessor brings it again. */
const lazy: Present = (family, presented, nowMs) => {
  if (presented.generation === family.head) return rotated(family, presented, nowMs);
  return presented.generation === family.head - 1 && !family.isDelivered ? again(family) : reuse(family);
};

/**
 * As Doorkeeper does it, and Gusto by inference: until one of the new access tokens is used, each redemption brings
 * another pair, and all of them live. Nothing is taken for theft.
 */
const lazySiblings: Present = (family, presented, nowMs) => {
  if (presented.generation === family.head) return rotated(family, presented, nowMs);
  return presented.generation === family.head - 1 && !family.isDelivered
    ? another(family)
    : { family, says: "refused" };
};

const isWithin = (family: Family, presented: Presented, nowMs: number, seconds: number): boolean =>
  presented.generation === family.head - 1 && nowMs - family.rotatedAtMs < seconds * 1000;

const replay: Present = (family, presented, nowMs) => {
  if (presented.generation === family.head) return rotated(family, presented, nowMs);
  return isWithin(family, presented, nowMs, replayWindowSeconds) ? again(family) : reuse(family);
};

/** Every sibling lives until one of them is refreshed. */
const grace: Present = (family, presented, nowMs) => {
  if (presented.generation === family.head) return rotated(family, presented, nowMs);
  return isWithin(family, presented, nowMs, graceWindowSeconds) ? another(family) : reuse(family);
};

/**
 * The value changes now and then; the one before brings the new one until that changes too, and an older one is merely
 * unknown.
 */
const timed: Present = (family, presented, nowMs) => {
  if (presented.generation === family.head - 1) return again(family);
  if (presented.generation !== family.head) return { family, says: "refused" };
  return nowMs - family.rotatedAtMs < timedSeconds * 1000
    ? { family, says: "same" }
    : rotated(family, presented, nowMs);
};

const none: Present = (family) => ({ family, says: "same" });

const strict: Present = (family, presented, nowMs) =>
  presented.generation === family.head ? rotated(family, presented, nowMs) : reuse(family);

/** A6: the same key brings the same successor until delivery, another key is theft, no key leaves it to the preset. */
const withIntent =
  (preset: Present, replays: number): Present =>
  (family, presented, nowMs) => {
    const isPredecessor = presented.generation === family.head - 1;
    if (!isPredecessor || family.intent === undefined || presented.intent === undefined)
      return preset(family, presented, nowMs);
    if (presented.intent !== family.intent) return reuse(family);
    const mayReplay = !family.isDelivered && nowMs - family.rotatedAtMs < intentMs && family.replays < replays;
    return mayReplay ? again(family) : preset(family, presented, nowMs);
  };

const kinds = {
  lazy: { rotation: { kind: "lazy" }, readsIntent: false, present: lazy, closesOnUse: true },
  "lazy siblings": { rotation: { kind: "lazy" }, readsIntent: false, present: lazySiblings, closesOnUse: true },
  replay: {
    rotation: { kind: "replay", windowSeconds: replayWindowSeconds },
    readsIntent: false,
    present: replay,
    closesOnUse: false,
  },
  grace: {
    rotation: { kind: "grace", windowSeconds: graceWindowSeconds },
    readsIntent: false,
    present: grace,
    closesOnUse: false,
  },
  timed: {
    rotation: { kind: "timed", everySeconds: timedSeconds },
    readsIntent: false,
    present: timed,
    closesOnUse: false,
  },
  none: { rotation: { kind: "none" }, readsIntent: false, present: none, closesOnUse: false },
  strict: { rotation: { kind: "strict" }, readsIntent: false, present: strict, closesOnUse: false },
  "symbolon lazy": { rotation: { kind: "lazy" }, readsIntent: true, present: withIntent(lazy, 50), closesOnUse: true },
  "symbolon window": {
    rotation: { kind: "replay", windowSeconds: replayWindowSeconds },
    readsIntent: true,
    present: withIntent(replay, 50),
    closesOnUse: false,
  },
  "symbolon strict": {
    rotation: { kind: "strict" },
    readsIntent: true,
    present: withIntent(strict, 3),
    closesOnUse: true,
  },
} as const satisfies Record<string, Rules>;

export const providerKinds = Object.keys(kinds) as readonly ProviderKind[];

export const rulesOf = (kind: ProviderKind): Rules => kinds[kind];

/** A refresh token of an earlier consent is unknown; of this one, the class decides. */
export function present(kind: ProviderKind, family: Family, presented: Presented, nowMs: number): Turn {
  const isRefused = family.endedBy !== undefined || consentOf(presented.generation) !== consentOf(family.head);
  return isRefused ? { family, says: "refused" } : kinds[kind].present(family, presented, nowMs);
}

/** How long after a rotation its spent token still brings the new one, without an intent key. */
export function windowMs({ rotation }: Rules): number {
  if (rotation.kind === "strict") return 0;
  return "windowSeconds" in rotation && rotation.windowSeconds !== undefined ? rotation.windowSeconds * 1000 : Infinity;
}
