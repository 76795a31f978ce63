import { json, type EmulatorResponse } from "../wire/message.ts";

type OAuthCode =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "invalid_scope"
  | "unsupported_response_type"
  | "invalid_token"
  | "access_denied";

/** An RFC 6749 §5.2 error. A failed HTTP Basic authentication gets a challenge. */
export function oauthError(
  error: OAuthCode,
  description: string,
  {
    status = error === "invalid_client" ? 401 : 400,
    headers = {},
  }: { status?: number; headers?: Record<string, string> } = {},
): EmulatorResponse {
  const challenge: Record<string, string> =
    error === "invalid_client" && status === 401 ? { "www-authenticate": 'Basic realm="emulator"' } : {};
  return json(status, { error, error_description: description }, { ...challenge, ...headers });
}

const codes: Readonly<Record<number, string>> = {
  400: "invalid_request",
  401: "invalid_client",
  403: "access_denied",
  429: "temporarily_unavailable",
  503: "temporarily_unavailable",
};

/** An error with any status, for injected faults. */
export const faultAnswer = (
  status: number,
  code = codes[status] ?? (status < 500 ? "invalid_request" : "server_error"),
): EmulatorResponse => json(status, { error: code, error_description: `emulated ${status}` });

/** 401 for the API. A request without a token gets no error code (RFC 6750 §3.1). */
export function bearerChallenge(
  realm: string,
  problem?: { error: string; description: string },
): Record<string, string> {
  const parts = problem === undefined ? [] : [`error="${problem.error}"`, `error_description="${problem.description}"`];
  return { "www-authenticate": `Bearer ${[`realm="${realm}"`, ...parts].join(", ")}` };
}
