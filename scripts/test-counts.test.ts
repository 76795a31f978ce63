import { describe, expect, test } from "vitest";
import { closingLine, countVitest } from "./test-counts.ts";

const report = (...files: { status: string; tests: string[] }[]): string =>
  JSON.stringify({
    testResults: files.map(({ status, tests }) => ({
      status,
      assertionResults: tests.map((one) => ({ status: one })),
    })),
  });

describe("the closing line of npm test", () => {
  test("a run without a report is a failure", () =>
    expect(countVitest(undefined, true)).toEqual({ passed: 0, failed: 1, skipped: 0 }));

  test("a run without tests is a failure", () =>
    expect(countVitest(report(), true)).toEqual({ passed: 0, failed: 1, skipped: 0 }));

  test("a file that fails to load is a failure of its own", () =>
    expect(
      countVitest(report({ status: "failed", tests: [] }, { status: "passed", tests: ["passed"] }), false),
    ).toEqual({ passed: 1, failed: 1, skipped: 0 }));

  test("an error outside of the tests is a failure even where every test passed", () =>
    expect(countVitest(report({ status: "passed", tests: ["passed"] }), false)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    }));

  test("skipped, pending and todo tests are skipped tests", () =>
    expect(countVitest(report({ status: "passed", tests: ["passed", "skipped", "pending", "todo"] }), true)).toEqual({
      passed: 1,
      failed: 0,
      skipped: 3,
    }));

  test("a failed test counts once, not again for its file", () =>
    expect(countVitest(report({ status: "failed", tests: ["passed", "failed", "failed"] }), false)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 0,
    }));

  test("it reads like a sentence", () =>
    expect(closingLine({ passed: 3, failed: 1, skipped: 0 })).toBe("3 passed, 1 failed, 0 skipped"));
});
