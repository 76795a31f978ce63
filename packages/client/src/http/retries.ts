/** The retry strategy of the seeds; times in milliseconds. */
export type Retries =
  | { strategy: "none" }
  | {
      strategy: "backoff";
      /** Default: 500, 60000, 1.5, 3600000. Absent members take the default each. */
      backoff?: { initialInterval?: number; maxInterval?: number; exponent?: number; maxElapsedTime?: number };
      /** Also when no answer came: no connection, a broken one, a timeout. Default false. */
      retryConnectionErrors?: boolean;
    };

export const usualBackoff = { initialInterval: 500, maxInterval: 60_000, exponent: 1.5, maxElapsedTime: 3_600_000 };
const usualCodes: readonly (number | string)[] = [429, 500, 502, 503, 504];

/** Whether a status is among the codes; `5XX` stands for all from 500 to 599. */
export const isAmong = (status: number, codes: readonly (number | string)[] = usualCodes): boolean =>
  codes.some((code) => (/^\dxx$/i.test(String(code)) ? Math.floor(status / 100) === Number(String(code)[0]) : Number(code) === status));

/**
 * How long to wait before the next attempt, `failed` of them so far: what the provider asks for, else the interval grown
 * geometrically and up to a second of `jitter` (0 to 1); never more than the maximum.
 */
export function waitMs(backoff: typeof usualBackoff, failed: number, jitter: number, retryAfterMs?: number): number {
  const grown = backoff.initialInterval * backoff.exponent ** (failed - 1) + jitter * 1000;
  return Math.min(retryAfterMs ?? grown, backoff.maxInterval);
}

/** What is wrong with it, as the name of the member. */
export function whyBadRetries(retries: Retries): string | undefined {
  if (retries.strategy === "none") return undefined;
  if (retries.strategy !== "backoff") return "retries.strategy";
  const bad = Object.entries(retries.backoff ?? {}).find(([, value]) => value !== undefined && !(Number.isFinite(value) && value >= 0));
  return bad === undefined ? undefined : `retries.backoff.${bad[0]}`;
}
