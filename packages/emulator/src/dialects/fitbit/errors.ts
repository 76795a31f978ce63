import { json, type EmulatorResponse } from "../../wire/message.ts";

const contentType = { "content-type": "application/json;charset=utf-8" };
const pointer =
  "Visit https://dev.fitbit.com/docs/oauth2 for more information on the Fitbit Web API authorization process.";

/** The error envelope of api.fitbit.com. It has no `error` member as RFC 6749 defines it. */
export const failure = (status: number, errorType: string, message: string, fieldName?: string): EmulatorResponse =>
  json(
    status,
    { errors: [{ errorType, ...(fieldName === undefined ? {} : { fieldName }), message }], success: false },
    contentType,
  );

export const oauthFailure = (status: number, errorType: string, message: string): EmulatorResponse =>
  failure(status, errorType, `${message} ${pointer}`);

/** 401 at the token endpoint. */
export function invalidClient(message: string): EmulatorResponse {
  const answer = oauthFailure(401, "invalid_client", message);
  return {
    ...answer,
    headers: {
      ...answer.headers,
      "www-authenticate": 'Basic realm="api.fitbit.com"',
      "cache-control": "no-cache, private",
      "content-language": "en",
    },
  };
}

export const missing = (name: string): EmulatorResponse =>
  oauthFailure(400, "invalid_request", `Missing parameters: ${name}.`);

/** 401 at the API: the access token has expired or is invalid. */
export const badBearer = (token: string, because: "unknown" | "expired" | "revoked"): EmulatorResponse =>
  because === "expired"
    ? oauthFailure(401, "expired_token", `Access token expired: ${token}.`)
    : oauthFailure(401, "invalid_token", `Access token invalid: ${token}.`);

const types: Readonly<Record<number, string>> = {
  400: "invalid_request",
  401: "invalid_token",
  403: "insufficient_scope",
  404: "not_found",
  409: "request",
  410: "request",
  429: "system",
  500: "system",
  502: "system",
  503: "system",
};

/** The error body for an injected fault with this status. */
export const faultAnswer = (status: number, code = types[status] ?? "request"): EmulatorResponse =>
  status === 429 ? tooMany() : failure(status, code, `emulated ${status}`, "n/a");

export const tooMany = (): EmulatorResponse => failure(429, "system", "Too Many Requests", "n/a");
