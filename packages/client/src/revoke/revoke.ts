import type { Application, Call, Secret } from "../application.ts";
import { ask, type CallCredentials } from "../ask.ts";
import { mapped, type Result } from "../result.ts";

export type RevokeRequest = Call &
  CallCredentials & {
    token: Secret;
    tokenTypeHint?: "access_token" | "refresh_token";
  };

/**
 * Ends a token; of a refresh token, the grant. Success also where the provider never knew it (RFC 7009 §2.2). After
 * `server_error` the token still lives: ask again, it is safe.
 */
export async function revoke(app: Application, request: RevokeRequest): Promise<Result<"revoked">> {
  const { token, tokenTypeHint } = { ...request };
  const reply = await ask(
    app,
    {
      operation: "revoke",
      endpoint: "revocation",
      parameters: { token, tokenTypeHint },
      needs: ["token"],
      repeatable: true,
      mayBeEmpty: true,
    },
    request,
  );
  return mapped(reply, () => "revoked");
}
