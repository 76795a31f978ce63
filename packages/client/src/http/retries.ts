import { withoutUndefined } from "../without-undefined.ts";

/** When and how often a request is repeated. Same shape as in Gusto's SDK (`retryConfig`). */
export type Retries =
  | { strategy: "none" }
  | {
      strategy: "backoff";
      /** Absent members take their defaults. */
      backoff?: Partial<Backoff> | undefined;
      /** Also repeat where no response came: no connection, a broken one, a timeout. Default: false. */
      retryConnectionErrors?: boolean | undefined;
    };

/** Exponential backoff. All times in milliseconds. */
export type Backoff = {
  /** Wait before the first retry. Default: 500. */
  initialInterval: number;
  /** Longest wait between two attempts. Default: 60,000. */
  maxInterval: number;
  /** Each wait is this many times the one before. Default: 1.5. */
  exponent: number;
  /** No attempt begins later than this after the first. Default: 3,600,000. */
  maxElapsedTime: number;
};

/** The defaults that `Backoff` documents. */
export const defaultBackoff: Backoff = {
  initialInterval: 500,
  maxInterval: 60_000,
  exponent: 1.5,
  maxElapsedTime: 3_600_000,
};
const defaultRetryCodes: readonly (number | string)[] = [429, 500, 502, 503, 504];

/** Whether the status is one of the codes; `5XX` stands for all from 500 to 599. */
export const matchesStatus = (status: number, codes: readonly (number | string)[] = defaultRetryCodes): boolean =>
  [codes].flat().some((code) => [`${status}`, `${status}`[0] + "XX"].includes(`${code}`.toUpperCase()));

/**
 * Milliseconds to wait before the next attempt: what the provider asked for (`retryAfterMs`), else the interval grown
 * with the number of `failures`, plus up to a second of `jitter` (0 to 1). Never more than `maxInterval`.
 */
export const retryDelayMs = (
  { initialInterval, exponent, maxInterval }: Backoff,
  failures: number,
  jitter: number,
  retryAfterMs?: number,
): number => Math.min(retryAfterMs || initialInterval * exponent ** (failures - 1) + jitter * 1000, maxInterval);

/** The path of the first member that cannot be used, or undefined. */
export function invalidRetriesField(retries: { strategy: string; backoff?: Partial<Backoff> }): string | undefined {
  if (retries?.strategy !== "none" && retries?.strategy !== "backoff") return "retries.strategy";
  const [name] =
    Object.entries(withoutUndefined(retries.backoff ?? {})).find(
      ([name, value]) => !(name in defaultBackoff && isNonNegative(value)),
    ) ?? [];
  return name && `retries.backoff.${name}`;
}

/** A finite number of at least 0. */
export const isNonNegative = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0;
