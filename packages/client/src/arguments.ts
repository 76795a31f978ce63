import { Sealed } from "@symbolon/protocol";
import type { Application, Secret } from "./application.ts";
import { invalid, type Called } from "./http/exchange.ts";
import { sealedText } from "./http/masks.ts";
import type { Failure } from "./result.ts";

export const reveal = (secret: Secret): string => (secret instanceof Sealed ? secret.reveal() : secret);

export const called = (app: Application, operation: string): Called => ({ provider: app.profile.name, operation });

type Arguments = Readonly<Record<string, unknown>>;

/**
 * `invalid_request` for the first argument that is not a text fit to be sent; those that are not needed may be absent.
 */
export function unfit(
  by: Called,
  given: Arguments,
  needs: readonly string[] = Object.keys(given),
): Failure | undefined {
  for (const [field, value] of Object.entries(given)) {
    const says = value === undefined && !needs.includes(field) ? undefined : whyUnfit(value);
    if (says !== undefined) return invalid(by, field, says);
  }
  return undefined;
}

function whyUnfit(value: unknown): string | undefined {
  const text = value instanceof Sealed ? value.reveal() : (value ?? "");
  if (typeof text !== "string") return "must be a text";
  if (text === "") return "is missing";
  if (text.includes(sealedText)) return "was printed: keep what reveal() gives";
  // Control characters and lone surrogates cannot be sent as they are, so they are mistakes.
  return /[\p{Cc}\p{Cs}]/u.test(text) ? "cannot be sent" : undefined;
}
