/**
 * How long the provider asks to wait: `retry-after-ms`, or `Retry-After` in seconds (fractions too) or as a date.
 * @see RFC 9110 §10.2.3
 */
export function retryAfterMs(headers: Headers, nowEpochMs: number): number | undefined {
  const exact = atLeastZero(headers.get("retry-after-ms"));
  if (exact !== undefined) return exact;
  const said = headers.get("retry-after");
  const seconds = atLeastZero(said);
  if (seconds !== undefined) return seconds * 1000;
  const date = said === null ? Number.NaN : Date.parse(said);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowEpochMs);
}

const atLeastZero = (text: string | null): number | undefined => (text !== null && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined);
