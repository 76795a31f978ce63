export type Counts = { passed: number; failed: number; skipped: number };

export const noCounts: Counts = { passed: 0, failed: 0, skipped: 0 };

export const oneCheck = (ok: boolean): Counts => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });

export const addCounts = (one: Counts, other: Counts): Counts => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
  skipped: one.skipped + other.skipped,
});

export const closingLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

type Report = { testResults: readonly { status: string; assertionResults: readonly { status: string }[] }[] };

/**
 * Counts the tests of vitest's json report. Each of these counts as one failure: a file that failed to load, a run that
 * failed although every test passed (an error outside of a test), a run without a report, and a run without tests.
 */
export function countVitest(report: string | undefined, exitedWell: boolean): Counts {
  const files = report === undefined ? [] : (JSON.parse(report) as Report).testResults;
  const statuses = files.flatMap((file) => file.assertionResults.map((test) => test.status));
  const passed = statuses.filter((status) => status === "passed").length;
  const failedTests = statuses.filter((status) => status === "failed").length;
  const brokenFiles = files.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = failedTests + brokenFiles;
  const ranWell = exitedWell && statuses.length > 0;
  return { passed, failed: failed === 0 && !ranWell ? 1 : failed, skipped: statuses.length - passed - failedTests };
}
