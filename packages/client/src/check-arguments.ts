import { Sealed } from "@symbolon/protocol";
import type { Application, Secret } from "./application.ts";
import type { ErrorSource } from "./errors/client-error.ts";
import { invalidRequest } from "./errors/failures.ts";
import { maskedText } from "./http/masks.ts";
import type { Failure } from "./result.ts";

/** The secret as a string. */
export const reveal = (secret: Secret): string => (secret instanceof Sealed ? secret.reveal() : secret);

/** What every error of this operation names. */
export const errorSource = (app: Application, operation: string): ErrorSource => ({
  provider: app.profile.name,
  operation,
});

type Values = Readonly<Record<string, unknown>>;

/**
 * `invalid_request` for the first value that is not a string (or `Sealed`) that can be sent. Values whose names are not
 * in `required` may be undefined.
 */
export function invalidArgument(
  source: ErrorSource,
  values: Values,
  required: readonly string[] = Object.keys(values),
): Failure | undefined {
  for (const [field, value] of Object.entries(values)) {
    const problem = value === undefined && !required.includes(field) ? undefined : describeProblem(value);
    if (problem !== undefined) return invalidRequest(source, field, problem);
  }
  return undefined;
}

function describeProblem(value: unknown): string | undefined {
  const text = value instanceof Sealed ? value.reveal() : (value ?? "");
  if (typeof text !== "string") return "must be a string";
  if (text === "") return "is missing";
  if (text.includes(maskedText)) return "was printed: use reveal()";
  // Control characters and lone surrogates would arrive changed.
  return /[\p{Cc}\p{Cs}]/u.test(text) ? "cannot be sent" : undefined;
}
