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
  test("counts a run without a report as a failure", () =>
    expect(countVitest(undefined, true)).toEqual({ passed: 0, failed: 1, skipped: 0 }));

  test("counts a run without tests as a failure", () =>
    expect(countVitest(report(), true)).toEqual({ passed: 0, failed: 1, skipped: 0 }));

  test("counts a file that fails to load as one failure", () =>
    expect(
      countVitest(report({ status: "failed", tests: [] }, { status: "passed", tests: ["passed"] }), false),
    ).toEqual({ passed: 1, failed: 1, skipped: 0 }));

  test("counts an error outside of the tests as a failure even if every test passed", () =>
    expect(countVitest(report({ status: "passed", tests: ["passed"] }), false)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    }));

  test("counts pending and todo tests as skipped", () =>
    expect(countVitest(report({ status: "passed", tests: ["passed", "skipped", "pending", "todo"] }), true)).toEqual({
      passed: 1,
      failed: 0,
      skipped: 3,
    }));

  test("counts a failed test once, not again for its file", () =>
    expect(countVitest(report({ status: "failed", tests: ["passed", "failed", "failed"] }), false)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 0,
    }));

  test("writes the counts as one line", () =>
    expect(closingLine({ passed: 3, failed: 1, skipped: 0 })).toBe("3 passed, 1 failed, 0 skipped"));
});
