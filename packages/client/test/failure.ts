import { expect } from "vitest";
import type { ClientError } from "../src/errors/client-error.ts";
import type { Result } from "../src/result.ts";

/** The error that a call ends with, thrown or returned. */
export async function failureOf(call: Promise<unknown>): Promise<ClientError> {
  const settled = await call.then(
    (value) => value as Result<unknown>,
    (error: ClientError) => ({ ok: false as const, error }),
  );
  if (typeof settled === "object" && settled !== null && "ok" in settled && !settled.ok) return settled.error;
  return expect.fail(`it did not fail: ${JSON.stringify(settled)}`);
}
