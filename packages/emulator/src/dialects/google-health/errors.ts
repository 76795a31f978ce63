import { markAssumptions } from "../../provider/assumption.ts";
import { json, type EmulatorResponse } from "../../wire/message.ts";

export const tokenError = (status: number, error: string, error_description: string): EmulatorResponse =>
  markAssumptions(json(status, { error, error_description }), "google-health-errors");

export const missing = (name: string): EmulatorResponse =>
  tokenError(400, "invalid_request", `Missing required parameter: ${name}`);

const statuses: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "ABORTED",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
};

/** An API error. */
export const apiError = (code: number, message: string, status = statuses[code] ?? "UNKNOWN"): EmulatorResponse => {
  const challenge: Record<string, string> =
    code === 401 ? { "www-authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"' } : {};
  return markAssumptions(json(code, { error: { code, message, status } }, challenge), "google-health-errors");
};

export const faultAnswer = (status: number, code?: string): EmulatorResponse =>
  code !== undefined && /^[a-z_]+$/.test(code)
    ? tokenError(status, code, `emulated ${status}`)
    : apiError(status, `emulated ${status}`, code);
