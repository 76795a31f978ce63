import { describe, expect, test } from "vitest";
import { wreak } from "./chaos.ts";
import { letExpire } from "./expiries.ts";
import { rules } from "./rules.ts";
import { openStage, storeKinds } from "./stage.ts";

/** The full size is `npm run keeper-processes -- --full`. */
describe.each(storeKinds)("C-04: real processes that share grants in %s", (kind) => {
  test("are all served when the grants expire together, with no refusal and one refresh per expiry", async () => {
    const report = await letExpire({ kind, processes: 6, expiries: 20 });
    expect(report.violations).toEqual([]);
    expect(report.refreshes).toEqual(Object.fromEntries(rules.map((rule) => [rule, 20])));
    expect(report.served).toBe(6 * 20 * rules.length);
  }, 120_000);

  test("keep I1 to I5 while they are killed, stopped past their lease, cut off, slowed down and wrong by an hour, and are all served afterwards", async () => {
    const report = await wreak({ kind, processes: 5, rounds: 6, seed: 20_261_125 });
    expect(report.violations).toEqual([]);
    expect(report.kills).toBeGreaterThan(0);
    expect(report.suspensions).toBeGreaterThan(0);
    expect(report.spoiled).toBeGreaterThan(0);
  }, 120_000);
});

describe("C-13: a process that is stopped while its answer comes", () => {
  test("gets the answer when it continues, long after the deadline, so that even a strict provider keeps the grant", async () => {
    const stage = await openStage({
      kind: "files",
      processes: 2,
      rules: ["strict", "grace", "intent"],
      deadlineMs: 300,
      pace: 4,
    });
    const stops: Promise<void>[] = [];
    stage.provider.mishap = ({ rule, process }) => {
      if (rule === "strict") stops.push(stage.crew.suspend(Number(process.split(".")[0]), 2000));
      return undefined;
    };
    const heard = await stage.round(1.05);
    await Promise.all(stops);
    const { seen, ended } = stage.history();
    await stage.stop();
    const ofStrict = heard.filter((one) => one.say === "done").filter(({ grant }) => grant === "strict");
    expect(ofStrict.map(({ status }) => status)).toEqual([200, 200]);
    expect(seen.filter(({ rule }) => rule === "strict").map(({ outcome }) => outcome)).toEqual(["rotated"]);
    expect(ended).toEqual([]);
  }, 60_000);
});
