import type { ClientError } from "./errors/client-error.ts";

export type Failure = { ok: false; error: ClientError };

/** What a standalone function answers: it never throws for anything that a provider, a network or bad input can do. */
export type Result<T> = { ok: true; value: T } | Failure;

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });

/** What `read` makes of the value; a failure stays as it is. */
export const mapped = <T, U>(result: Result<T>, read: (value: T) => U): Result<U> =>
  result.ok ? ok(read(result.value)) : result;

/** The value, or the error thrown. */
export const unwrap = async <T>(result: Result<T> | Promise<Result<T>>): Promise<T> => unwrapNow(await result);

export function unwrapNow<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw result.error;
}
