import type { ClientError } from "./errors/client-error.ts";
import type { MaybePromise } from "./maybe-promise.ts";

/** The failed half of a `Result`. */
export type Failure = { ok: false; error: ClientError };

/** What the functions of this package return. A provider, a network or a bad argument never makes them throw. */
export type Result<T> = { ok: true; value: T } | Failure;

/** The successful half of a `Result`. */
export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });

/** Applies `read` to the value; a failure is returned unchanged. */
export const mapResult = <T, U>(result: Result<T>, read: (value: T) => U): Result<U> =>
  result.ok ? ok(read(result.value)) : result;

/** Returns the value of a result, or throws its `ClientError`. */
export const unwrap = async <T>(result: MaybePromise<Result<T>>): Promise<T> => unwrapSync(await result);

/** As `unwrap`, for a result that is already there. */
export function unwrapSync<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw result.error;
}
