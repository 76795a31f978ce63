import { requestFinish, type FinishAuthorizationRequest } from "../authorize/finish.ts";
import { checkApplication, errorSource, invalidArgument } from "../check-arguments.ts";
import { mapResult, type Result } from "../result.ts";
import { requestExchange, type ExchangeCodeRequest } from "../token/exchange-code.ts";
import { readAuthentication, type Authentication } from "./authentication.ts";
import { withApiVersion, type GustoApplication, type GustoCall } from "./settings.ts";

/** Arguments of `gustoExchangeCode`. */
export type GustoExchangeCodeRequest = GustoCall & ExchangeCodeRequest;
/** Arguments of `gustoFinishAuthorization`. */
export type GustoFinishAuthorizationRequest = GustoCall & FinishAuthorizationRequest;

/**
 * Exchanges an authorization code, which is valid for ten minutes, for the tokens of one company. See `exchangeCode`.
 */
export async function gustoExchangeCode(
  app: GustoApplication,
  request: GustoExchangeCodeRequest,
): Promise<Result<Authentication>> {
  request = { ...request };
  const operation = "exchangeCode";
  const source = errorSource(app, operation);
  const { clientId = app.clientId, clientSecret = app.clientSecret, redirectUri } = request;
  const invalid = invalidArgument(source, { clientId, clientSecret, redirectUri });
  if (invalid !== undefined) return invalid;
  const call = withApiVersion(app, operation, request);
  if (!call.ok) return call;
  const reply = await requestExchange(app, call.value, operation);
  return mapResult(reply, readAuthentication);
}

/** As `finishAuthorization`, and returns Gusto's `createdAt` as well. */
export async function gustoFinishAuthorization(
  app: GustoApplication,
  request: GustoFinishAuthorizationRequest,
): Promise<Result<Authentication>> {
  request = { ...request };
  const call = withApiVersion(checkApplication(app, "finishAuthorization"), "finishAuthorization", request);
  if (!call.ok) return call;
  const reply = await requestFinish(app, call.value);
  return mapResult(reply, readAuthentication);
}
