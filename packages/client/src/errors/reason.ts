import { present } from "../present.ts";
import type { ProviderReason } from "./client-error.ts";

/**
 * What the provider says went wrong, in whichever dialect: `error` (RFC 6749 §5.2; as an object, Google's APIs),
 * `errors[].errorType` (Fitbit), `errors[].category` (Gusto), `name` and `message` (Gusto before 2023). Empty where the
 * body says nothing of the kind.
 */
export function reasonsOf(body: unknown): ProviderReason[] {
  if (!isObject(body)) return [];
  const { error, errors, name, message } = body;
  if (typeof error === "string") return [reason(error, body["error_description"], undefined, body["error_uri"])];
  if (isObject(error)) return [reason(error["status"] ?? error["code"], error["message"])];
  if (Array.isArray(errors))
    return errors
      .slice(0, 20)
      .filter(isObject)
      .map((one) =>
        reason(
          one["errorType"] ?? one["category"] ?? one["code"],
          one["message"],
          one["fieldName"] ?? one["error_key"],
        ),
      );
  return typeof name === "string" && typeof message === "string" ? [reason(name, message)] : [];
}

function reason(code: unknown, description: unknown, field?: unknown, uri?: unknown): ProviderReason {
  return present({
    code: String(code ?? "unknown"),
    description: textOf(description),
    field: field === "n/a" ? undefined : textOf(field),
    uri: textOf(uri),
  });
}

/** A text that says something. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
