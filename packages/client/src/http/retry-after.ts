/**
 * Milliseconds that the provider asks to wait, from `retry-after-ms`, or from `Retry-After` in seconds (fractions
 * allowed) or as a date. Undefined if neither header can be read.
 * @see RFC 9110 §10.2.3
 */
export function retryAfterMs(headers: Headers, nowEpochMs: number): number | undefined {
  const header = headers.get("retry-after");
  const untilDate = Math.max(0, Date.parse(`${header}`) - nowEpochMs);
  return [parseNumber(headers.get("retry-after-ms")), parseNumber(header) * 1000, untilDate].find(
    (wait) => wait < Infinity,
  );
}

const parseNumber = (text: string | null): number => Number(/^\d+(?:\.\d+)?$/.exec(`${text}`)?.[0]);
