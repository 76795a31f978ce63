/**
 * Reports uncaught exceptions and unhandled rejections, of a dependency for example, and keeps the process running
 * (faults.md I9, R-30). That is safe because each change is one database transaction: memory holds no half-done state.
 */
export function surviveUncaughtErrors(report: (cause: string) => void): void {
  const reportError = (error: unknown): void =>
    report(error instanceof Error ? stackOf(error) : String(error).slice(0, 200));
  process.on("uncaughtException", reportError);
  process.on("unhandledRejection", reportError);
}

const stackOf = (error: Error): string =>
  (error.stack ?? String(error)).split("\n").slice(0, 4).join(" | ").slice(0, 500);
