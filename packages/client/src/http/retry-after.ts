/**
 * How many milliseconds the provider asks to wait: `retry-after-ms`, or `Retry-After` in seconds (fractions too) or as a
 * date. @see RFC 9110 §10.2.3
 */
export function retryAfterMs(headers: Headers, nowEpochMs: number): number | undefined {
  const said = headers.get("retry-after") ?? "";
  const untilDate = Math.max(0, Date.parse(said) - nowEpochMs);
  return [amountIn(headers.get("retry-after-ms") ?? ""), amountIn(said) * 1000, untilDate].find((wait) => !Number.isNaN(wait));
}

const amountIn = (text: string): number => (/^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN);
