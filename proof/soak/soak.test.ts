import { describe, expect, test } from "vitest";
import { soakChart, soakPage } from "./chart.ts";
import { runSoak } from "./run-soak.ts";
import { quantile, slopePerHour, type Sample } from "./samples.ts";

const sample = (seconds: number, rssMb: number): Sample => ({
  seconds,
  rssMb,
  liveMb: 30,
  handles: 40,
  databaseMb: 5,
  walMb: 16,
  p99Ms: 3,
  perSecond: 900,
});

describe("R-21: what the soak computes", () => {
  test("a leak of a megabyte a minute is sixty an hour; the warm-up does not count", () => {
    const leaking = Array.from({ length: 60 }, (_, minute) =>
      sample(60 * minute, minute < 20 ? 5 * minute : 100 + minute),
    );
    expect(slopePerHour(leaking, "rssMb")).toBeCloseTo(60);
    expect(slopePerHour(leaking, "handles")).toBeCloseTo(0);
  });

  test("one sample has no slope", () => expect(slopePerHour([sample(1, 1)], "rssMb")).toBe(0));

  test("a quantile is one of the values", () => {
    expect(
      quantile(
        Array.from({ length: 100 }, (_, index) => index),
        0.99,
      ),
    ).toBe(99);
    expect(quantile([], 0.99)).toBe(0);
  });

  test("chart and page show every measure, and how to run it again", () => {
    const samples = [1, 2, 3].map((second) => sample(second, second));
    expect(soakChart(samples).match(/<polyline/g)).toHaveLength(7);
    const page = soakPage(
      { seconds: 600, fullPerSecond: 2000, halfPerSecond: 1000, samples, answers: { "refresh 200": 3 }, newGrants: 7 },
      "A machine.",
    );
    expect(page).toContain("npm run soak -- --minutes 10 --out docs");
    expect(page).toContain("| refresh 200 | 3 |");
  });
});

const seconds = 120;

/**
 * The hour is `npm run soak`; two minutes show that nothing runs away: connections are given back, the log is bounded,
 * nothing fails.
 */
test(`R-21: for ${seconds} seconds at half load, with churning clients, tokens and errors, handles and log stay bounded and nothing fails`, async () => {
  const { samples, answers, halfPerSecond } = await runSoak({ seconds, grants: 5_000, sampleSeconds: 3 });
  const [early, late] = [samples[Math.floor(samples.length / 3)]!, samples.at(-1)!];
  expect(late.handles).toBeLessThanOrEqual(early.handles + 8);
  expect(late.walMb).toBeLessThanOrEqual(64);
  expect(late.databaseMb).toBeLessThan(Math.max(12, 1.5 * early.databaseMb));
  expect(late.liveMb).toBeLessThan(early.liveMb + 20);
  expect(late.rssMb).toBeLessThan(600);
  expect(Object.keys(answers).filter((name) => / 5\d\d$/.test(name))).toEqual([]);
  expect(Object.keys(answers)).toEqual(
    expect.arrayContaining([
      "refresh 200",
      "introspect 200",
      "disconnect 200",
      "credentials 200",
      "connect 200",
      "error 400",
      "error 401",
      "error 404",
    ]),
  );
  expect(halfPerSecond).toBeGreaterThan(0);
}, 300_000);
