import { describe, expect, test } from "vitest";
import { checkHistory, lateSends, type History } from "./check-history.ts";
import type { Seen } from "./provider.ts";

const seen = (differs: Partial<Seen>): Seen => ({
  grant: "lazy",
  rule: "lazy",
  process: "0.1",
  depth: 1,
  newest: 1,
  beganMs: 1000,
  endedMs: 1200,
  outcome: "rotated",
  delivered: true,
  ...differs,
});
const member = (name: string, differs: Partial<History["members"][number]> = {}): History["members"][number] => ({
  name,
  place: 0,
  startedAtMs: 0,
  stops: [],
  ...differs,
});
const judged = (history: Partial<History>): string[] =>
  checkHistory({
    seen: [],
    heard: [],
    members: [member("0.1"), member("1.1")],
    ended: [],
    deadlineMs: 600,
    ...history,
  }).map(({ invariant }) => invariant);

describe("refresh-tokens.md B11: the checker finds", () => {
  const overlapping = [seen({}), seen({ process: "1.1", beganMs: 1100, endedMs: 1300 })];

  test("I1: two processes that send the token of one grant at once", () => {
    expect(judged({ seen: overlapping })).toEqual(["I1"]);
    expect(
      judged({ seen: [overlapping[0]!, seen({ process: "1.1", beganMs: 1200, endedMs: 1300, depth: 2, newest: 2 })] }),
    ).toEqual([]);
  });

  test("I1: but not where the first of them was dead or stopped", () => {
    expect(judged({ seen: overlapping, members: [member("0.1", { killedAtMs: 1050 }), member("1.1")] })).toEqual([]);
    expect(
      judged({ seen: overlapping, members: [member("0.1", { stops: [{ fromMs: 1050 }] }), member("1.1")] }),
    ).toEqual([]);
    expect(
      judged({ seen: overlapping, members: [member("0.1", { stops: [{ fromMs: 3000, toMs: 4000 }] }), member("1.1")] }),
    ).toEqual(["I1"]);
  });

  test("I2: a pair that is older than one handed out in an earlier round", () => {
    const done = (round: number, depth: number, volatile = false) =>
      ({ say: "done", round, grant: "lazy", status: 200, depth, volatile, atMs: 0, from: "0.1" }) as const;
    expect(judged({ heard: [done(1, 5), done(2, 4)] })).toEqual(["I2"]);
    expect(judged({ heard: [done(1, 5, true), done(2, 4)] })).toEqual([]);
    expect(judged({ heard: [done(1, 5), { ...done(2, 4), storeFailed: true }] })).toEqual([]);
    expect(judged({ heard: [done(1, 5), done(1, 4), done(2, 5)] })).toEqual([]);
  });

  test("I3: a token two generations old", () => {
    expect(judged({ seen: [seen({ depth: 3, newest: 5, outcome: "not_processed" })] })).toEqual(["I3"]);
    expect(judged({ seen: [seen({ depth: 4, newest: 5, outcome: "sibling" })] })).toEqual([]);
  });

  test("I4: a grant declared dead while another process waits for its answer", () => {
    const dead = { say: "event", type: "dead", grant: "strict", atMs: 1100, from: "1.1" } as const;
    const strict = seen({ grant: "strict", rule: "strict" });
    expect(judged({ seen: [strict], heard: [dead] })).toEqual(["I4"]);
    expect(judged({ seen: [strict], heard: [{ ...dead, atMs: 1500 }] })).toEqual([]);
  });

  test("I5: a refusal, a death and an end outside class S", () => {
    expect(judged({ seen: [seen({ outcome: "refused" })] })).toEqual(["I5"]);
    expect(judged({ heard: [{ say: "event", type: "dead", grant: "grace", atMs: 0, from: "0.1" }] })).toEqual(["I5"]);
    expect(judged({ ended: [{ grant: "replay", rule: "replay", why: "reuse" }] })).toEqual(["I5"]);
    expect(judged({ ended: [{ grant: "strict", rule: "strict", why: "reuse" }] })).toEqual([]);
  });

  test("B3.2: a spent token of class S presented again though its answer had arrived", () => {
    const again = seen({
      grant: "strict",
      rule: "strict",
      process: "1.1",
      newest: 2,
      beganMs: 5000,
      endedMs: 5010,
      outcome: "refused",
    });
    const first = seen({ grant: "strict", rule: "strict" });
    expect(judged({ seen: [first, again] })).toEqual(["S"]);
    expect(judged({ seen: [{ ...first, mishap: "cut_after" }, again] })).toEqual([]);
    expect(judged({ seen: [{ ...first, endedMs: 1601 }, again] })).toEqual([]);
    expect(judged({ seen: [first, again], members: [member("0.1", { killedAtMs: 1190 }), member("1.1")] })).toEqual([]);
  });

  test("no violation in what a stopped process had begun to send, and counts it where it was too late", () => {
    const members = [member("0.1"), member("1.1", { stops: [{ fromMs: 900, toMs: 1100 }] })];
    for (const outcome of ["sibling", "refused"] as const) {
      const history = {
        seen: [seen({}), seen({ process: "1.1", newest: 2, beganMs: 1102, endedMs: 1300, outcome })],
        heard: [],
        members,
        ended: [],
        deadlineMs: 600,
      } satisfies History;
      expect(checkHistory(history)).toEqual([]);
      expect(lateSends(history)).toHaveLength(1);
    }
  });
});
