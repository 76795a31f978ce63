import { describe, expect, test } from "vitest";
import { makeGrant } from "../../test/grant.ts";
import type { ReplayPolicy } from "../applications/application.ts";
import type { Grant } from "./grant.ts";
import { familyState, hasReplayWindowExpired, mayReplay, positionInFamily } from "./token-family.ts";

const lazy: ReplayPolicy = { preset: "lazy" };
const window: ReplayPolicy = { preset: "window", seconds: 60 };
const strict: ReplayPolicy = { preset: "strict" };
const intent = Uint8Array.of(1, 2, 3);
const intentEnd = 1000 + 24 * 3600;

describe("A7: the state of a token family", () => {
  test.each<[string, Partial<Grant>, ReplayPolicy, number, string]>([
    ["one generation has no predecessor", { generation: 1 }, lazy, 1000, "settled"],
    ["the second generation has one", { generation: 2 }, lazy, 1000, "overlap"],
    ["lazy: unused", {}, lazy, 499_999, "overlap"],
    ["lazy: used this second", { confirmedAt: 1000 }, lazy, 1000, "settling"],
    ["lazy: used 9 seconds ago", { confirmedAt: 1000 }, lazy, 1009, "settling"],
    ["lazy: used 10 seconds ago", { confirmedAt: 1000 }, lazy, 1010, "settled"],
    ["window: within, unused", {}, window, 1059, "overlap"],
    ["window: within, used", { confirmedAt: 1005 }, window, 1059, "overlap"],
    ["window: over", {}, window, 1060, "settled"],
    ["window: over, used this second", { confirmedAt: 1060 }, window, 1060, "settled"],
    ["window: over, with an intent", { intent }, window, 1060, "overlap"],
    ["window: over, with an intent, used", { intent, confirmedAt: 1005 }, window, 1060, "settled"],
    ["strict: no intent", {}, strict, 1000, "settled"],
    ["strict: no intent, used this second", { confirmedAt: 1000 }, strict, 1000, "settled"],
    ["strict: intent", { intent }, strict, intentEnd - 1, "overlap"],
    ["strict: intent, used", { intent, confirmedAt: 1000 }, strict, 1000, "settled"],
    ["strict: intent, a day later", { intent }, strict, intentEnd, "settled"],
  ])("%s", (_, changes, policy, now, state) => expect(familyState(makeGrant(changes), policy, now)).toBe(state));
});

describe("A7: a replay window has expired", () => {
  test.each<[string, Partial<Grant>, ReplayPolicy, number, boolean]>([
    ["window: over", {}, window, 1060, true],
    ["window: open", {}, window, 1059, false],
    ["window: over, but no predecessor", { generation: 1 }, window, 1060, false],
    ["window: over, after the first rotation", { generation: 2 }, window, 1060, true],
    ["strict: intent a day old", { intent }, strict, intentEnd, true],
    ["strict: intent", { intent }, strict, intentEnd - 1, false],
    ["strict: ended by use", { intent, confirmedAt: 1001 }, strict, intentEnd, false],
    ["strict: had none", {}, strict, intentEnd, false],
    ["lazy: ends by use only", { confirmedAt: 1001, intent }, lazy, intentEnd, false],
  ])("%s", (_, changes, policy, now, expected) =>
    expect(hasReplayWindowExpired(makeGrant(changes), policy, now)).toBe(expected),
  );
});

describe("A6: the predecessor gets its successor again", () => {
  const other = Uint8Array.of(1, 2, 4);
  test.each<[string, Partial<Grant>, ReplayPolicy, Uint8Array | undefined, number, boolean]>([
    ["lazy: 50 times", { replays: 49 }, lazy, undefined, 1000, true],
    ["lazy: not 51 times", { replays: 50 }, lazy, undefined, 1000, false],
    ["window: 50 times", { replays: 49 }, window, undefined, 1000, true],
    ["strict: 3 times", { replays: 2, intent }, strict, intent, 1000, true],
    ["strict: not 4 times", { replays: 3, intent }, strict, intent, 1000, false],
    ["strict: not without an intent", {}, strict, undefined, 1000, false],
    ["strict: not if only the replay has an intent", {}, strict, intent, 1000, false],
    ["strict: not if only the rotation had one", { intent }, strict, undefined, 1000, false],
    ["lazy: if only the replay has an intent", {}, lazy, intent, 1000, true],
    ["lazy: if only the rotation had one", { intent }, lazy, undefined, 1000, true],
    ["lazy: not once it is used", { confirmedAt: 1000 }, lazy, undefined, 1000, false],
    ["lazy: the same intent, a day later", { intent }, lazy, intent, intentEnd, true],
    ["not with another intent", { intent }, lazy, other, 1000, false],
    ["not with a part of the intent", { intent }, lazy, intent.subarray(0, 2), 1000, false],
    ["not with more than the intent", { intent: intent.subarray(0, 2) }, lazy, intent, 1000, false],
    ["window: the same intent after the window", { intent }, window, intent, 1060, true],
    ["window: the same intent, used, within", { intent, confirmedAt: 1000 }, window, intent, 1059, true],
    ["window: the same intent, used, after", { intent, confirmedAt: 1000 }, window, intent, 1060, false],
  ])("%s", (_, changes, policy, presented, now, expected) =>
    expect(mayReplay(makeGrant(changes), policy, presented, now)).toBe(expected),
  );
});

test.each([
  [7, "ahead"],
  [6, "ahead"],
  [5, "head"],
  [4, "predecessor"],
  [3, "ancestor"],
])("A3: generation %i of a family at generation 5: %s", (generation, position) => {
  const { id: grantId } = makeGrant();
  expect(positionInFamily(makeGrant(), { keyId: 1, grantId, generation, issuedAt: 0, variant: 0 })).toBe(position);
});
