import { UsageError } from "./failure.ts";

/** The number of rows that --limit asks for. */
export function readLimit(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > 10_000) throw new UsageError(`--limit must be a whole number from 1 to 10000, not ${text}.`);
  return limit;
}
