/**
 * How many milliseconds the provider asks to wait: `retry-after-ms`, or `Retry-After` in seconds (fractions too) or as
 * a date. @see RFC 9110 §10.2.3
 */
export function retryAfterMs(headers: Headers, nowEpochMs: number): number | undefined {
  const said = headers.get("retry-after");
  const untilDate = Math.max(0, Date.parse(`${said}`) - nowEpochMs);
  return [amountIn(headers.get("retry-after-ms")), amountIn(said) * 1000, untilDate].find((wait) => wait < Infinity);
}

const amountIn = (text: string | null): number => Number(/^\d+(?:\.\d+)?$/.exec(`${text}`)?.[0]);
