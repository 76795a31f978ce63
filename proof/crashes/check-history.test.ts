import { describe, expect, test } from "vitest";
import { checkHistory } from "./check-history.ts";
import type { Ask, Outcome, Step } from "./history.ts";

const redeem: Ask = { kind: "redeem" };
const revoke: Ask = { kind: "revoke" };
const look: Ask = { kind: "look" };
const refresh = (generation: number): Ask => ({ kind: "refresh", generation });
const introspect = (generation: number): Ask => ({ kind: "introspect", generation });

const tokens = (generation: number, refreshToken = `r${generation}`): Outcome => ({
  is: "tokens",
  generation,
  refreshToken,
});
const row = (state: "offered" | "active" | "revoked" | "gone", generation: number): Outcome => ({
  is: "row",
  state,
  generation,
});
const [active, inactive]: Outcome[] = [
  { is: "verdict", active: true },
  { is: "verdict", active: false },
];
const [done, refused, unknown]: Outcome[] = [{ is: "done" }, { is: "refused" }, { is: "unknown" }];

/** One after the other. */
const inOrder = (...steps: [Ask, Outcome][]): Step[] =>
  steps.map(([ask, outcome], index) => ({ ask, outcome, from: 2 * index, to: 2 * index + 1 }));
/** All begin before any ends. */
const atOnce = (...steps: [Ask, Outcome][]): Step[] =>
  steps.map(([ask, outcome], index) => ({ ask, outcome, from: index, to: 100 + index }));
/** `second` as a whole after `first`. */
const then = (first: Step[], second: Step[]): Step[] => [
  ...first,
  ...second.map((step) => ({ ...step, from: step.from + 1000, to: step.to + 1000 })),
];

const good: Record<string, Step[]> = {
  "nothing at all": [],
  "a whole life": inOrder(
    [redeem, tokens(1)],
    [introspect(1), active!],
    [refresh(1), tokens(2)],
    [look, row("active", 2)],
    [revoke, done!],
    [introspect(2), inactive!],
    [refresh(2), refused!],
    [look, row("revoked", 2)],
  ),
  "a lost answer, and the same token again": inOrder(
    [redeem, tokens(1)],
    [refresh(1), unknown!],
    [look, row("active", 2)],
    [refresh(1), tokens(2)],
    [refresh(2), tokens(3)],
  ),
  "a lost request, and the same token again": inOrder(
    [redeem, tokens(1)],
    [refresh(1), unknown!],
    [look, row("active", 1)],
    [refresh(1), tokens(2)],
  ),
  "a row that is ahead of what was acknowledged": inOrder([redeem, unknown!], [look, row("active", 1)]),
  "two presenters at once": then(
    inOrder([redeem, tokens(1)]),
    atOnce([refresh(1), tokens(2)], [refresh(1), tokens(2)]),
  ),
  "a code that is sent again after its answer was lost ends the grant": inOrder(
    [redeem, unknown!],
    [redeem, refused!],
    [redeem, refused!],
  ),
  "one of two parallel redemptions, and then the end": then(
    atOnce([redeem, tokens(1)], [redeem, refused!]),
    inOrder([refresh(1), refused!], [introspect(1), inactive!]),
  ),
  "a spent token after delivery ends the grant": inOrder(
    [redeem, tokens(1)],
    [refresh(1), tokens(2)],
    [introspect(2), active!],
    [refresh(1), refused!],
    [refresh(2), refused!],
  ),
  "an older access token dies when the newer is used": inOrder(
    [redeem, tokens(1)],
    [refresh(1), tokens(2)],
    [introspect(1), active!],
    [introspect(2), active!],
    [introspect(1), inactive!],
  ),
  "a revocation whose answer was lost, done": inOrder(
    [redeem, tokens(1)],
    [revoke, unknown!],
    [refresh(1), refused!],
    [revoke, done!],
  ),
  "a revocation whose answer was lost, not done": inOrder(
    [redeem, tokens(1)],
    [revoke, unknown!],
    [refresh(1), tokens(2)],
    [revoke, done!],
  ),
  "a refresh that began before the acknowledgement": then(
    inOrder([redeem, tokens(1)]),
    atOnce([revoke, done!], [refresh(1), tokens(2)]),
  ),
};

const bad: [string, string, Step[]][] = [
  ["I1", "a code that is redeemed twice, one after the other", inOrder([redeem, tokens(1)], [redeem, tokens(1)])],
  ["I1", "a code that is redeemed twice at once", atOnce([redeem, tokens(1)], [redeem, tokens(1)])],
  [
    "I2",
    "two successors of one token",
    then(inOrder([redeem, tokens(1)]), atOnce([refresh(1), tokens(2)], [refresh(1), tokens(2, "other")])),
  ],
  [
    "I2",
    "another successor after the crash",
    inOrder([redeem, tokens(1)], [refresh(1), tokens(2)], [refresh(1), tokens(2, "other")]),
  ],
  ["I2", "a generation that is left out", inOrder([redeem, tokens(1)], [refresh(1), tokens(3)])],
  ["I2", "a code that brings no first generation", inOrder([redeem, tokens(2)])],
  ["I3", "an unused code is refused", inOrder([redeem, refused!])],
  ["I3", "what was sent last is refused after a lost answer", inOrder([redeem, unknown!], [refresh(1), refused!])],
  ["I4", "the newest token is refused", inOrder([redeem, tokens(1)], [refresh(1), tokens(2)], [refresh(2), refused!])],
  [
    "I4",
    "the token whose answer was lost is refused",
    inOrder([redeem, tokens(1)], [refresh(1), unknown!], [refresh(1), refused!]),
  ],
  ["I4", "the newest access token is dead", inOrder([redeem, tokens(1)], [introspect(1), inactive!])],
  [
    "I4",
    "a rotation is not in the row",
    inOrder([redeem, tokens(1)], [refresh(1), tokens(2)], [look, row("active", 1)]),
  ],
  ["I4", "a redemption is not in the row", inOrder([redeem, tokens(1)], [look, row("offered", 1)])],
  ["I4", "a revocation is not in the row", inOrder([redeem, tokens(1)], [revoke, done!], [look, row("active", 1)])],
  ["I4", "the row is gone", inOrder([redeem, tokens(1)], [look, row("gone", 0)])],
  [
    "I5",
    "a refresh after the acknowledged revocation",
    inOrder([redeem, tokens(1)], [revoke, done!], [refresh(1), tokens(2)]),
  ],
  [
    "I5",
    "an active token after the acknowledged revocation",
    inOrder([redeem, tokens(1)], [revoke, done!], [introspect(1), active!]),
  ],
  ["I5", "a redemption after the acknowledged revocation", inOrder([revoke, done!], [redeem, tokens(1)])],
  [
    "I6",
    "an access token that comes back",
    inOrder([redeem, tokens(1)], [revoke, unknown!], [introspect(1), inactive!], [introspect(1), active!]),
  ],
  [
    "I6",
    "a refresh token that comes back",
    inOrder([redeem, tokens(1)], [revoke, unknown!], [refresh(1), refused!], [refresh(1), tokens(2)]),
  ],
];

describe("the history checker", () => {
  test.each(Object.entries(good))("accepts %s", (_, steps) => expect(checkHistory(steps)).toEqual([]));

  test.each(bad)("%s: rejects: %s", (invariant, _, steps) =>
    expect(checkHistory(steps).map((found) => found.invariant)).toContain(invariant),
  );
});
