import type { ClientError } from "./errors/client-error.ts";

/** What a standalone function answers: it never throws for anything that a provider, a network or bad input can do. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: ClientError };

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });

/** The value, or the error thrown. */
export async function unwrap<T>(result: Promise<Result<T>>): Promise<T> {
  const settled = await result;
  if (settled.ok) return settled.value;
  throw settled.error;
}
