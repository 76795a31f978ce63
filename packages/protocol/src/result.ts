import type { Reason } from "./reasons.ts";

export type Ok<T> = { ok: true; value: T };

/**
 * An expected failure: the reason decides the code on the wire (reasons.ts); `parameter` names the offending field;
 * `retryAfterSeconds` says when the same request may pass.
 */
export type Refusal = { ok: false; reason: Reason; parameter?: string; retryAfterSeconds?: number };

export type Result<T> = Ok<T> | Refusal;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });
export const refuse = (reason: Reason, parameter?: string): Refusal =>
  parameter === undefined ? { ok: false, reason } : { ok: false, reason, parameter };
