import { describe, expect, test } from "vitest";
import { makeDurations } from "./durations.ts";

const day = 86_400;
const { lasting, from } = makeDurations("en", "a moment");

describe("How long something lasts", () => {
  test.each([
    [0, "a moment"],
    [-5, "a moment"],
    [Number.NaN, "a moment"],
    [1, "1 second"],
    [59, "59 seconds"],
    [60, "1 minute"],
    [90, "90 seconds"],
    [600, "10 minutes"],
    [3600, "1 hour"],
    [5400, "90 minutes"],
    [day, "1 day"],
    [36 * 3600, "36 hours"],
    [30 * day, "30 days"],
    [180 * day, "180 days"],
    [365 * day, "1 year"],
    [3650 * day, "10 years"],
  ])("writes %d seconds as %s", (seconds, words) => expect(lasting(seconds)).toBe(words));

  test("rounds down if no unit divides it", () => {
    expect(lasting(180 * day - 1)).toBe("179 days");
    expect(lasting(3601)).toBe("60 minutes");
    expect(lasting(12 * 3600 + 900)).toBe("12 hours");
  });

  test("follows the language: numbers, plurals and cases", () => {
    const german = makeDurations("de", "einen Moment");
    expect([day, 180 * day, 3650 * day * 365].map(german.lasting)).toEqual(["1 Tag", "180 Tage", "3.650 Jahre"]);
    expect([1, 2 * day].map(german.from)).toEqual(["in 1 Sekunde", "in 2 Tagen"]);
    const arabic = makeDurations("ar", "لحظة");
    expect(arabic.lasting(3 * day)).toBe("3 أيام");
    expect(arabic.lasting(12 * day)).toBe("12 يومًا");
  });
});

describe("When to try again", () => {
  test("rounds up", () => {
    expect(from(0)).toBe("in 1 second");
    expect(from(0.2)).toBe("in 1 second");
    expect(from(841)).toBe("in 15 minutes");
  });
});
