import type { Application, Call, Secret } from "../application.ts";
import { callEndpoint, type CallCredentials } from "../call-endpoint.ts";
import { mapResult, type Result } from "../result.ts";

/** Arguments of `revoke`. */
export type RevokeRequest = Call &
  CallCredentials & {
    /** An access token or a refresh token. */
    token: Secret;
    /** Helps the provider to find the token sooner. */
    tokenTypeHint?: "access_token" | "refresh_token" | undefined;
  };

/**
 * Revokes a token; with a refresh token, the whole grant. Also succeeds if the provider does not know the token (RFC
 * 7009 §2.2). After `server_error` the token is still valid; repeating the call is safe.
 */
export async function revoke(app: Application, request: RevokeRequest): Promise<Result<"revoked">> {
  const { token, tokenTypeHint } = { ...request };
  const reply = await callEndpoint(
    app,
    {
      operation: "revoke",
      endpoint: "revocation",
      parameters: { token, tokenTypeHint },
      required: ["token"],
      repeatable: true,
      mayBeEmpty: true,
    },
    request,
  );
  return mapResult(reply, () => "revoked");
}
