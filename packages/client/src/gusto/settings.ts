import type { Application, Call } from "../application.ts";
import { errorSource } from "../check-arguments.ts";
import { invalidRequest } from "../errors/failures.ts";
import { ok, type Result } from "../result.ts";

/** An application at Gusto. */
export type GustoApplication = Application & {
  /** The API version, `YYYY-MM-DD`. null (default) sends none: Gusto then uses the application's minimum version. */
  apiVersion?: string | null | undefined;
};

/** Options of a single call to Gusto. */
export type GustoCall = Call & {
  /** Replaces the application's `apiVersion` for this call; null sends none. */
  apiVersion?: string | null | undefined;
};

/** The call with the version header, or `invalid_request` where the version is not a date. */
export function withApiVersion<C extends GustoCall>(app: GustoApplication, operation: string, call: C): Result<C> {
  const version = call.apiVersion === undefined ? app.apiVersion : call.apiVersion;
  if (version === undefined || version === null) return ok(call);
  if (typeof version !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(version))
    return invalidRequest(errorSource(app, operation), "apiVersion", "must be a date, YYYY-MM-DD");
  return ok({ ...call, headers: withVersionHeader(call.headers, version) });
}

/** A header that is already set, in any case, is kept: two spellings of one name would be joined into one value. */
export function withVersionHeader(headers: Call["headers"], version: string): Call["headers"] {
  const name = "x-gusto-api-version";
  return Object.keys(headers ?? {}).some((known) => known.toLowerCase() === name)
    ? headers
    : { ...headers, [name]: version };
}
