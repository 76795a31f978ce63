import { describe, expect, test } from "vitest";
import { decide, type CallerNeeds, type Facts, type Step } from "./decide.ts";
import type { GrantRecord } from "./record.ts";
import { grace, hour, lazy, strict } from "./testing/given.ts";

const minute = 60_000;

/** A pair of one hour that is due after 50 minutes; its margin is one minute. */
const record = (changes: Partial<GrantRecord> = {}): GrantRecord => ({
  format: 1,
  id: "1",
  issuer: "https://provider.example",
  clientId: "app",
  version: 3,
  fence: 4,
  state: "active",
  class: lazy,
  clientGeneration: 1,
  current: "sealed",
  issuedAt: { wallMs: 0, offsetMs: 0 },
  lifetimeSeconds: 3600,
  refreshAfterMs: 50 * minute,
  boughtUnder: 4,
  streak: 0,
  evidence: [],
  ...changes,
});

const step = (changes: Partial<GrantRecord>, facts: Partial<Facts>, needs: CallerNeeds = {}): Step =>
  decide(
    record(changes),
    { ageMs: 0, leased: false, intentSeenMs: 0, waitLeftMs: 0, readsIntent: false, ...facts },
    needs,
  );

const serve: Step = { do: "serve" };
const wait: Step = { do: "wait" };
const refreshLater: Step = { do: "refresh", urgent: false };
const refreshNow: Step = { do: "refresh", urgent: true };
const intent = { intent: { startedAtMs: 0 } };

describe("refresh-tokens.md B9, B10: when a pair is refreshed", () => {
  test.each<[string, Partial<GrantRecord>, Partial<Facts>, CallerNeeds, Step]>([
    ["a fresh token is served", {}, {}, {}, serve],
    ["a token is served until its refresh point", {}, { ageMs: 50 * minute - 1 }, {}, serve],
    ["a token is due at its refresh point", {}, { ageMs: 50 * minute }, {}, refreshLater],
    ["a token without a refresh point is served", { refreshAfterMs: undefined }, { ageMs: 58 * minute }, {}, serve],
    ["a due token is not urgent before its margin", {}, { ageMs: 59 * minute - 1 }, {}, refreshLater],
    ["a token is urgent at its margin", {}, { ageMs: 59 * minute }, {}, refreshNow],
    ["a token without a lifetime is served", { lifetimeSeconds: undefined, refreshAfterMs: undefined }, {}, {}, serve],
    ["a token with more life than is needed is served", {}, {}, { minimumLifeMs: 40 * minute }, serve],
    [
      "a token with as much life as is needed is not",
      {},
      { ageMs: 20 * minute },
      { minimumLifeMs: 40 * minute },
      refreshNow,
    ],
    [
      "four fifths of the lifetime are enough for any need",
      {},
      { ageMs: 12 * minute - 1 },
      { minimumLifeMs: hour },
      serve,
    ],
    ["a rejected token is refreshed", {}, {}, { rejectedVersion: 3 }, refreshNow],
    ["a token is served to a caller whose earlier one was rejected", {}, {}, { rejectedVersion: 2 }, serve],
    [
      "a pair that a 401 brought is not refreshed for a minute (C-10)",
      { forced: true },
      { ageMs: minute - 1 },
      { rejectedVersion: 3 },
      serve,
    ],
    [
      "a pair that a 401 brought is refreshed after a minute (C-10)",
      { forced: true },
      { ageMs: minute },
      { rejectedVersion: 3 },
      refreshNow,
    ],
    ["an open intent is finished though the token is fresh", intent, {}, {}, refreshLater],
  ])("%s", (_, changes, facts, needs, expected) => expect(step(changes, facts, needs)).toEqual(expected));
});

describe("refresh-tokens.md B9: the token that a call's own refresh brought", () => {
  const own = { refreshedVersion: 3, hasTried: true };
  test.each<[string, Partial<GrantRecord>, Partial<Facts>, CallerNeeds, Step]>([
    [
      "is served though a clock says that it has expired",
      { refreshAfterMs: undefined },
      { ageMs: 3 * hour },
      own,
      serve,
    ],
    [
      "is served with less life than is needed",
      {},
      { ageMs: 40 * minute },
      { ...own, minimumLifeMs: 30 * minute },
      serve,
    ],
    ["is served while another process refreshes it", {}, { ageMs: 3 * hour, leased: true }, own, serve],
    [
      "is not served once it was replaced by an expired one",
      {},
      { ageMs: 3 * hour },
      { refreshedVersion: 2, hasTried: true },
      { do: "refuse", code: "unavailable", retryAfterMs: 0 },
    ],
  ])("%s", (_, changes, facts, needs, expected) => expect(step(changes, facts, needs)).toEqual(expected));
});

describe("refresh-tokens.md B6: while another process refreshes", () => {
  const leased = { leased: true };
  test.each<[string, Partial<GrantRecord>, Partial<Facts>, CallerNeeds, Step]>([
    ["a token that is due but alive is served", {}, { ageMs: 55 * minute, ...leased }, {}, serve],
    ["a caller without a token waits", {}, { ageMs: 2 * hour, ...leased }, {}, wait],
    ["recovery waits even with a good token", intent, leased, { recovering: true }, wait],
    ["a token that is not due is served", {}, leased, { recovering: true }, serve],
  ])("%s", (_, changes, facts, needs, expected) => expect(step(changes, facts, needs)).toEqual(expected));
});

describe("refresh-tokens.md B5: where nothing can be sent", () => {
  const accessOnly = { accessOnly: true } as const;
  const waiting = { waitLeftMs: 700 };
  test.each<[string, Partial<GrantRecord>, Partial<Facts>, CallerNeeds, Step]>([
    ["a dead grant is refused", { state: "dead" }, {}, {}, { do: "refuse", code: "ended" }],
    ["a grant that is being revoked is refused", { state: "revoking" }, {}, {}, { do: "refuse", code: "ended" }],
    ["without a refresh token the last minute is served too", accessOnly, { ageMs: hour - 1 }, {}, serve],
    [
      "without a refresh token the grant ends with its token",
      accessOnly,
      { ageMs: hour },
      {},
      { do: "refuse", code: "ended", retryAfterMs: 0 },
    ],
    [
      "without a refresh token a rejected token ends the grant",
      accessOnly,
      {},
      { rejectedVersion: 3 },
      { do: "refuse", code: "ended", retryAfterMs: 0 },
    ],
    ["a live token is served during the wait", {}, { ageMs: 59.5 * minute, ...waiting }, {}, serve],
    [
      "a dead token is refused during the wait, with what is left of it",
      {},
      { ageMs: hour, ...waiting },
      {},
      { do: "refuse", code: "unavailable", retryAfterMs: 700 },
    ],
    [
      "a suspect grant is refused as such",
      { state: "suspect" },
      { ageMs: hour, ...waiting },
      {},
      { do: "refuse", code: "suspect", retryAfterMs: 700 },
    ],
    [
      "a rejected token is refused during the wait",
      {},
      waiting,
      { rejectedVersion: 3 },
      { do: "refuse", code: "unavailable", retryAfterMs: 700 },
    ],
    [
      "a live token is served to a call that has had its attempt",
      {},
      { ageMs: 59.5 * minute },
      { hasTried: true },
      serve,
    ],
  ])("%s", (_, changes, facts, needs, expected) => expect(step(changes, facts, needs)).toEqual(expected));
});

describe("refresh-tokens.md B3.2: an open intent of a process that has died", () => {
  const doomed = { ...intent, class: strict, state: "refreshing" } as const;
  const window = { ...intent, class: grace, state: "refreshing" } as const;
  test.each<[string, Partial<GrantRecord>, Partial<Facts>, CallerNeeds, Step]>([
    ["is marked ambiguous where a repetition could end the grant (strict)", doomed, {}, {}, { do: "mark_ambiguous" }],
    ["is left alone once it is marked (strict)", { ...doomed, state: "ambiguous" }, {}, {}, serve],
    ["is repeated where the provider reads the intent (A6)", doomed, { readsIntent: true }, {}, refreshLater],
    ["is repeated when the margin is reached (strict)", doomed, { ageMs: 59 * minute }, {}, refreshNow],
    [
      "is left alone right before the margin (strict)",
      doomed,
      { ageMs: 59 * minute - 1 },
      {},
      { do: "mark_ambiguous" },
    ],
    ["is repeated at once where the token was rejected (strict)", doomed, {}, { rejectedVersion: 3 }, refreshNow],
    ["is repeated inside the replay window (grace)", window, { intentSeenMs: 29_999 }, {}, refreshLater],
    [
      "is not repeated when the replay window is over (grace)",
      window,
      { intentSeenMs: 30_000 },
      {},
      { do: "mark_ambiguous" },
    ],
    [
      "is repeated for ever without a window (lazy)",
      { ...window, class: lazy },
      { intentSeenMs: 1e12 },
      {},
      refreshLater,
    ],
  ])("%s", (_, changes, facts, needs, expected) => expect(step(changes, facts, needs)).toEqual(expected));
});
