import { present } from "../present.ts";

/** The retry strategy of the seeds; times in milliseconds. */
export type Retries =
  | { strategy: "none" }
  | {
      strategy: "backoff";
      /** Default: 500, 60000, 1.5, 3600000. Absent members take the default each. */
      backoff?: Partial<Backoff>;
      /** Also when no answer came: no connection, a broken one, a timeout. Default false. */
      retryConnectionErrors?: boolean;
    };

export type Backoff = { initialInterval: number; maxInterval: number; exponent: number; maxElapsedTime: number };

export const usualBackoff: Backoff = {
  initialInterval: 500,
  maxInterval: 60_000,
  exponent: 1.5,
  maxElapsedTime: 3_600_000,
};
const usualCodes: readonly (number | string)[] = [429, 500, 502, 503, 504];

/** Whether a status is among the codes; `5XX` stands for all from 500 to 599. */
export const isAmong = (status: number, codes: readonly (number | string)[] = usualCodes): boolean =>
  [codes].flat().some((code) => [`${status}`, `${status}`[0] + "XX"].includes(`${code}`.toUpperCase()));

/**
 * How long to wait before the next attempt, `failures` of them so far: what the provider asks for, if it asks for any,
 * else the interval grown geometrically and up to a second of `jitter` (0 to 1); never more than the maximum.
 */
export const waitMs = (
  { initialInterval, exponent, maxInterval }: Backoff,
  failures: number,
  jitter: number,
  retryAfterMs?: number,
): number => Math.min(retryAfterMs || initialInterval * exponent ** (failures - 1) + jitter * 1000, maxInterval);

/** The name of the member that is wrong. */
export function whyBadRetries(retries: { strategy: string; backoff?: Partial<Backoff> }): string | undefined {
  if (retries?.strategy !== "none" && retries?.strategy !== "backoff") return "retries.strategy";
  const [name] =
    Object.entries(present(retries.backoff ?? {})).find(
      ([name, value]) => !(name in usualBackoff && isAmount(value)),
    ) ?? [];
  return name && `retries.backoff.${name}`;
}

/** A number of at least 0, and not endless. */
export const isAmount = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0;
