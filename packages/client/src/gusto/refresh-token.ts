import type { Secret } from "../application.ts";
import { called, unfit } from "../arguments.ts";
import { invalid } from "../http/exchange.ts";
import { mapped, type Result } from "../result.ts";
import { requestRefresh } from "../token/refresh.ts";
import { authenticationOf, type Authentication } from "./authentication.ts";
import { versioned, type GustoApplication, type GustoCall } from "./settings.ts";

export type GustoRefreshTokenRequest = GustoCall & {
  /** Default: the application's. */
  clientId?: string;
  clientSecret?: Secret;
  refreshToken: Secret;
  /** The literal `refresh_token`, which is also the default. */
  grantType?: "refresh_token";
  /** The registered one, if at all. */
  redirectUri?: string;
};

/**
 * Seed operation `introspection.refresh_token`: `POST /oauth/token`, JSON, credentials in the body and no bearer beside
 * them. The previous refresh token dies when the new access token is first used, so keep the new pair before you use
 * it.
 */
export async function gustoRefreshToken(
  app: GustoApplication,
  request: GustoRefreshTokenRequest,
): Promise<Result<Authentication>> {
  request = { ...request };
  const operation = "introspection.refreshToken";
  const by = called(app, operation);
  const {
    clientId = app.clientId,
    clientSecret = app.clientSecret,
    grantType = "refresh_token",
    redirectUri,
  } = request;
  const wrong = unfit(by, { clientId, clientSecret });
  if (wrong !== undefined) return wrong;
  if (grantType !== "refresh_token") return invalid(by, "grantType", "must be refresh_token");
  const call = versioned(app, operation, request);
  if (!call.ok) return call;
  const granted = await requestRefresh(app, call.value, operation, { redirectUri });
  return mapped(granted, authenticationOf);
}
