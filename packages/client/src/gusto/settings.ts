import type { Application, Call } from "../application.ts";
import { called } from "../arguments.ts";
import { invalid } from "../http/exchange.ts";
import { ok, type Result } from "../result.ts";

/**
 * A Gusto application: `apiVersion` is any `YYYY-MM-DD`; null, the default, sends none, and the application's own
 * minimum applies.
 */
export type GustoApplication = Application & { apiVersion?: string | null };

export type GustoCall = Call & {
  /** For this call, instead of the client's; null sends none. */
  apiVersion?: string | null;
};

/** The call with the version header, or what is wrong with the version. */
export function versioned<C extends GustoCall>(app: GustoApplication, operation: string, call: C): Result<C> {
  const version = call.apiVersion === undefined ? app.apiVersion : call.apiVersion;
  if (version === undefined || version === null) return ok(call);
  if (typeof version !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(version))
    return invalid(called(app, operation), "apiVersion", "must be a date, YYYY-MM-DD");
  return ok({ ...call, headers: withVersion(call.headers, version) });
}

/**
 * A header that is there wins, in whatever case it is written, and alone: two spellings of one name would be joined.
 */
export function withVersion(headers: Call["headers"], version: string): Call["headers"] {
  const name = "x-gusto-api-version";
  return Object.keys(headers ?? {}).some((known) => known.toLowerCase() === name)
    ? headers
    : { ...headers, [name]: version };
}
