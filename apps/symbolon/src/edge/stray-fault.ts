/**
 * An error that nobody awaits or catches, of a dependency for one, is reported and does not end the process (faults.md
 * I9, R-30). What is true is in the database, each step of it whole, so there is nothing half done in memory to be
 * afraid of.
 */
export function surviveStrayFaults(report: (cause: string) => void): void {
  const tell = (error: unknown): void => report(error instanceof Error ? placeOf(error) : String(error).slice(0, 200));
  process.on("uncaughtException", tell);
  process.on("unhandledRejection", tell);
}

const placeOf = (error: Error): string =>
  (error.stack ?? String(error)).split("\n").slice(0, 4).join(" | ").slice(0, 500);
