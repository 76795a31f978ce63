import { present } from "../present.ts";
import type { Granted } from "../token/request-tokens.ts";
import type { Tokens } from "../token/tokens.ts";

/**
 * What Gusto's token endpoint gives. `createdAt` is one instant, whichever way Gusto wrote it; that way is
 * `createdAtRaw`.
 */
export type Authentication = Tokens & {
  /** Seconds from when the access token was made; 7200 where Gusto does not say. */
  expiresIn: number;
  createdAt?: Date;
  createdAtRaw?: string | number;
};

export function authenticationOf({ tokens, body }: Granted): Authentication {
  const raw = body["created_at"];
  const createdAtRaw = typeof raw === "string" || typeof raw === "number" ? raw : undefined;
  return present({ ...tokens, expiresIn: tokens.expiresIn ?? 7200, createdAt: instantOf(raw), createdAtRaw });
}

/**
 * Seconds since 1970 as a number or its digits, or a date of ISO 8601. What is none of these is no instant, and no
 * error.
 */
function instantOf(value: unknown): Date | undefined {
  const isSeconds = typeof value === "number" || (typeof value === "string" && /^\d+(?:\.\d+)?$/.test(value));
  const date = isSeconds
    ? new Date(Number(value) * 1000)
    : typeof value === "string" && /^\d{4}-\d{2}-\d{2}T/.test(value)
      ? new Date(value)
      : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}
