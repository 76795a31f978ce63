import { unknownName } from "@symbolon/protocol";

/**
 * Throws `TypeError` that names the option, as plain JavaScript may pass it: `required` is no text, or a name is not in
 * `known`.
 */
export function checkOptions(opener: string, options: unknown, required: string, known: readonly string[] = []): void {
  const given = typeof options === "object" && options !== null ? options : {};
  const unknown = unknownName(given, [required, ...known]);
  if (unknown) throw new TypeError(`${opener}: ${unknown.name} is not an option${unknown.suggestion}`);
  const value: unknown = (given as Record<string, unknown>)[required];
  if (typeof value !== "string" || value === "") throw new TypeError(`${opener}: ${required} must be a text`);
}
