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

describe("R-21: the numbers of the soak", () => {
  test("computes a slope of sixty an hour from one a minute, without the warm-up", () => {
    const leaking = Array.from({ length: 60 }, (_, minute) =>
      sample(60 * minute, minute < 20 ? 5 * minute : 100 + minute),
    );
    expect(slopePerHour(leaking, "rssMb")).toBeCloseTo(60);
    expect(slopePerHour(leaking, "handles")).toBeCloseTo(0);
  });

  test("computes no slope from one sample", () => expect(slopePerHour([sample(1, 1)], "rssMb")).toBe(0));

  test("computes a quantile as one of the values", () => {
    expect(
      quantile(
        Array.from({ length: 100 }, (_, index) => index),
        0.99,
      ),
    ).toBe(99);
    expect(quantile([], 0.99)).toBe(0);
  });

  test("shows every measure in chart and page, and the command to run it again", () => {
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
 * `npm run soak` takes an hour; two minutes show that connections are closed, the log is bounded and no request fails.
 */
test(`R-21: for ${seconds} seconds at half load, with churning clients, tokens and errors, handles and log stay bounded and no request fails`, async () => {
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
