import { markAssumptions } from "../../provider/assumption.ts";
import { json, withHeaders, type EmulatorResponse } from "../../wire/message.ts";
import { bearerChallenge, oauthError } from "../rfc.ts";
import type { GustoSettings } from "./settings.ts";

const contentType = { "content-type": "application/json; charset=utf-8" };

/** The envelope since 2023-02-01. */
export const errors = (
  status: number,
  category: string,
  message: string,
  error_key = "base",
  metadata?: object,
): EmulatorResponse =>
  json(
    status,
    { errors: [{ error_key, category, message, ...(metadata === undefined ? {} : { metadata }) }] },
    contentType,
  );

/** The older shape of 406, which clients still need to read. */
export const legacyVersionError = (requested: string, minimum: string): EmulatorResponse =>
  json(
    406,
    {
      name: "Invalid X-Gusto-API-Version Header",
      message: `\`${requested}\` is older than the minimum \`${minimum}\``,
    },
    contentType,
  );

/** 401 outside the token endpoint. */
export function unauthorized(settings: GustoSettings, why: string): EmulatorResponse {
  const challenge = bearerChallenge("Gusto", { error: "invalid_token", description: `The access token ${why}` });
  const empty: EmulatorResponse = {
    status: 401,
    headers: { ...challenge, "cache-control": "no-store", "content-length": "0" },
    body: "",
  };
  const whole = withHeaders(errors(401, "invalid_token", `The access token ${why}`), challenge);
  return markAssumptions(settings.unauthorizedBody === "empty" ? empty : whole, "gusto-unauthorized");
}

export const forbidden = (settings: GustoSettings, message: string): EmulatorResponse =>
  markAssumptions(errors(403, settings.forbiddenCategory, message), "gusto-forbidden");

export const notFound = (path: string): EmulatorResponse =>
  errors(404, "not_found", `There is nothing at ${path}`, "request");

export type TokenError =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "unsupported_grant_type"
  | "invalid_scope"
  | "unauthorized_client";

/** An error of /oauth/token. */
export function tokenError(settings: GustoSettings, error: TokenError, description: string): EmulatorResponse {
  const answer =
    settings.tokenErrors === "rfc6749"
      ? oauthError(error, description)
      : errors(error === "invalid_client" ? 401 : 422, error, description, "request");
  return markAssumptions(answer, "gusto-token-errors");
}

const categories: Readonly<Record<number, string>> = {
  401: "invalid_token",
  403: "insufficient_scope",
  404: "missing_permissions",
  406: "invalid_api_version",
  409: "invalid_resource_version",
  422: "invalid_attribute_value",
  429: "rate_limit_exceeded",
  500: "internal_error",
};

/** The error body for an injected fault with this status and any documented category. */
export const faultAnswer = (status: number, category = categories[status] ?? "internal_error"): EmulatorResponse => {
  const inner = { error_key: "name", category: "invalid_attribute_value", message: "emulated" };
  const one = { error_key: "base", category, message: `emulated ${status}`, metadata: { entity_type: "Company" } };
  return json(status, { errors: [category === "nested_errors" ? { ...one, errors: [inner] } : one] }, contentType);
};
