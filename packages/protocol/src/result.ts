import type { Reason } from "./reasons.ts";

export type Ok<T> = { ok: true; value: T };

/**
 * An expected failure. The reason determines the error code (reasons.ts). `parameter` names the offending parameter.
 * `retryAfterSeconds` is the wait until the same request may succeed.
 */
export type Refusal = { ok: false; reason: Reason; parameter?: string; retryAfterSeconds?: number };

export type Result<T> = Ok<T> | Refusal;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });
export const refuse = (reason: Reason, parameter?: string): Refusal =>
  parameter === undefined ? { ok: false, reason } : { ok: false, reason, parameter };
