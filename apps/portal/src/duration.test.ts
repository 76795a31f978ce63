import { describe, expect, test } from "vitest";
import { duration, describeLifetime, describeWait } from "./duration.ts";

const day = 86_400;

describe("duration", () => {
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
  ])("writes %d seconds as %s", (seconds, words) => expect(duration(seconds)).toBe(words));

  test("rounds down if no unit divides it", () => {
    expect(duration(180 * day - 1)).toBe("179 days");
    expect(duration(3601)).toBe("60 minutes");
    expect(duration(12 * 3600 + 900)).toBe("12 hours");
  });

  test("describeWait rounds up", () => {
    expect(describeWait(0.2)).toBe("1 second");
    expect(describeWait(841)).toBe("15 minutes");
  });
});

describe("WB-09: describeLifetime", () => {
  test("names both limits if idleness ends the access sooner", () => {
    expect(describeLifetime(180 * day, 30 * day)).toBe(
      "Until it is ended, at most 180 days. Ends sooner after 30 days without use.",
    );
  });

  test("names one limit if idleness cannot come first", () => {
    expect(describeLifetime(30 * day, 30 * day)).toBe("Until it is ended, at most 30 days.");
  });
});
