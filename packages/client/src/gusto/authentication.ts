import type { TokenReply } from "../token/request-tokens.ts";
import type { Tokens } from "../token/tokens.ts";
import { withoutUndefined } from "../without-undefined.ts";

/** What Gusto's token endpoint returns. */
export type Authentication = Tokens & {
  /** Lifetime of the access token in seconds; 7200 if Gusto sends none. */
  expiresIn: number;
  /** When the tokens were created. */
  createdAt?: Date;
  /** `created_at` as Gusto sent it: its type depends on the API version. */
  createdAtRaw?: string | number;
};

/** The tokens with the `created_at` that Gusto sends besides. */
export function readAuthentication({ tokens, body }: TokenReply): Authentication {
  const raw = body["created_at"];
  const createdAtRaw = typeof raw === "string" || typeof raw === "number" ? raw : undefined;
  const expiresIn = tokens.expiresIn ?? 7200;
  return withoutUndefined({ ...tokens, expiresIn, createdAt: parseCreatedAt(raw), createdAtRaw });
}

/** Seconds since 1970 as a number or as digits, or an ISO 8601 date and time. Undefined for anything else. */
function parseCreatedAt(value: unknown): Date | undefined {
  const isSeconds = typeof value === "number" || (typeof value === "string" && /^\d+(?:\.\d+)?$/.test(value));
  const date = isSeconds
    ? new Date(Number(value) * 1000)
    : typeof value === "string" && /^\d{4}-\d{2}-\d{2}T/.test(value)
      ? new Date(value)
      : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}
