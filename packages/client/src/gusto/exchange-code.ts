import { called, unfit } from "../arguments.ts";
import { requestFinish, type FinishAuthorizationRequest } from "../authorize/finish.ts";
import { mapped, type Result } from "../result.ts";
import { requestExchange, type ExchangeCodeRequest } from "../token/exchange-code.ts";
import { authenticationOf, type Authentication } from "./authentication.ts";
import { versioned, type GustoApplication, type GustoCall } from "./settings.ts";

/** Tokens of one company for an authorization code, which lives ten minutes. */
export async function gustoExchangeCode(
  app: GustoApplication,
  request: GustoCall & ExchangeCodeRequest,
): Promise<Result<Authentication>> {
  request = { ...request };
  const operation = "exchangeCode";
  const { clientId = app.clientId, clientSecret = app.clientSecret, redirectUri } = request;
  const wrong = unfit(called(app, operation), { clientId, clientSecret, redirectUri });
  if (wrong !== undefined) return wrong;
  const call = versioned(app, operation, request);
  if (!call.ok) return call;
  const granted = await requestExchange(app, call.value, operation);
  return mapped(granted, authenticationOf);
}

/** As `finishAuthorization`, with what Gusto says besides. */
export async function gustoFinishAuthorization(
  app: GustoApplication,
  request: GustoCall & FinishAuthorizationRequest,
): Promise<Result<Authentication>> {
  request = { ...request };
  const call = versioned(app, "finishAuthorization", request);
  if (!call.ok) return call;
  const granted = await requestFinish(app, call.value);
  return mapped(granted, authenticationOf);
}
