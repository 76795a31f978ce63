import type { Secret } from "../application.ts";
import { errorSource, invalidArgument } from "../check-arguments.ts";
import { invalidRequest } from "../errors/failures.ts";
import { mapResult, type Result } from "../result.ts";
import { requestRefresh } from "../token/refresh.ts";
import { readAuthentication, type Authentication } from "./authentication.ts";
import { withApiVersion, type GustoApplication, type GustoCall } from "./settings.ts";

/** Arguments of `gustoRefreshToken`. */
export type GustoRefreshTokenRequest = GustoCall & {
  /** Default: the application's. */
  clientId?: string | undefined;
  /** Default: the application's. */
  clientSecret?: Secret | undefined;
  /** The refresh token of the grant. */
  refreshToken: Secret;
  /** Only `refresh_token`, which is the default. */
  grantType?: "refresh_token" | undefined;
  /** A registered redirect URI. Not required. */
  redirectUri?: string | undefined;
};

/**
 * Gusto's operation `introspection.refresh_token` (`POST /oauth/token`). Store the new tokens before you use them: the
 * first use of the new access token ends the old refresh token. Fails with `refresh_token_dead`. Credentials are sent
 * in the JSON body, without a bearer header.
 */
export async function gustoRefreshToken(
  app: GustoApplication,
  request: GustoRefreshTokenRequest,
): Promise<Result<Authentication>> {
  request = { ...request };
  const operation = "introspection.refreshToken";
  const source = errorSource(app, operation);
  const {
    clientId = app.clientId,
    clientSecret = app.clientSecret,
    grantType = "refresh_token",
    redirectUri,
  } = request;
  const invalid = invalidArgument(source, { clientId, clientSecret });
  if (invalid !== undefined) return invalid;
  if (grantType !== "refresh_token") return invalidRequest(source, "grantType", "must be refresh_token");
  const call = withApiVersion(app, operation, request);
  if (!call.ok) return call;
  const reply = await requestRefresh(app, call.value, operation, { redirectUri });
  return mapResult(reply, readAuthentication);
}
