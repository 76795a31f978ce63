import { withoutUndefined } from "../without-undefined.ts";
import type { ProviderReason } from "./client-error.ts";

/**
 * The errors in a response body, in any of these formats: `error` (RFC 6749 §5.2; Google's APIs send an object),
 * `errors[].errorType` (Fitbit), `errors[].category` (Gusto), `name` and `message` (Gusto before 2023). Empty where the
 * body has none of them.
 */
export function readReasons(body: unknown): ProviderReason[] {
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
  return withoutUndefined({
    code: String(code ?? "unknown"),
    description: nonEmptyString(description),
    field: field === "n/a" ? undefined : nonEmptyString(field),
    uri: nonEmptyString(uri),
  });
}

/** The value where it is a string of at least one character, else undefined. */
export const nonEmptyString = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** Whether the value is an object, but not an array. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
