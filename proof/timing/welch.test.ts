import { expect, test } from "vitest";
import { seededRandom } from "@symbolon/testing";
import { Sample, welchT } from "./welch.ts";

const sampleOf = (values: readonly number[]): Sample => {
  const sample = new Sample();
  for (const value of values) sample.add(value);
  return sample;
};

test("OP-06: Welch's t by hand: means 3 and 6, variances 2.5 and 10", () => {
  const [one, other] = [sampleOf([1, 2, 3, 4, 5]), sampleOf([2, 4, 6, 8, 10])];
  expect([one.mean, one.variance, other.variance]).toEqual([3, 2.5, 10]);
  expect(welchT(one, other)).toBeCloseTo(-3 / Math.sqrt(0.5 + 2), 10);
});

test("OP-06: many samples show a difference of a hundredth, and no difference between equal distributions", () => {
  const random = seededRandom(7);
  const noisy = (shift: number) => sampleOf(Array.from({ length: 200_000 }, () => random.below(1000) / 1000 + shift));
  expect(Math.abs(welchT(noisy(0), noisy(0.01)))).toBeGreaterThan(4.5);
  expect(Math.abs(welchT(noisy(0), noisy(0)))).toBeLessThan(4.5);
});

test("samples without variance do not differ", () => expect(welchT(sampleOf([1, 1]), sampleOf([1, 1]))).toBe(0));
