import { Sealed } from "@symbolon/protocol";
import type { Secret } from "./application.ts";
import { sealedText } from "./http/masks.ts";

export const reveal = (secret: Secret): string => (secret instanceof Sealed ? secret.reveal() : secret);

/** The first argument that is not a text fit to be sent, with what is wrong. Optional ones are checked where they are given. */
export function firstUnfit(required: Readonly<Record<string, unknown>>, optional: Readonly<Record<string, unknown>> = {}): [field: string, says: string] | undefined {
  for (const [field, value] of Object.entries(required)) if (whyUnfit(value) !== undefined) return [field, whyUnfit(value)!];
  for (const [field, value] of Object.entries(optional)) if (value !== undefined && whyUnfit(value) !== undefined) return [field, whyUnfit(value)!];
  return undefined;
}

function whyUnfit(value: unknown): string | undefined {
  const text = value instanceof Sealed ? value.reveal() : value;
  if (text === undefined || text === null || text === "") return "is missing";
  if (typeof text !== "string") return "must be a text";
  if (text.includes(sealedText)) return "is a sealed value that was printed; keep what reveal() answers";
  // Control characters and lone surrogates cannot be sent as they are, so they are mistakes.
  return /[\p{Control}\p{Surrogate}]/u.test(text) ? "holds a character that cannot be sent" : undefined;
}
