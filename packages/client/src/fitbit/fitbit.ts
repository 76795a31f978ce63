import { requestFinish, type FinishAuthorizationRequest } from "../authorize/finish.ts";
import { createClient, type ClientOptions, type Filled } from "../client.ts";
import { fitbit, type FitbitScope } from "../profiles/fitbit.ts";
import { unwrap, type Result } from "../result.ts";
import { requestExchange, type ExchangeCodeRequest } from "../token/exchange-code.ts";
import { requestRefresh, type RefreshRequest } from "../token/refresh.ts";
import type { Granted } from "../token/request-tokens.ts";
import { fitbitIntrospect, type FitbitIntrospectRequest } from "./introspect.ts";
import { fitbitOauthToken, fitbitTokensOf, type FitbitOauthTokenRequest, type FitbitTokens } from "./oauth-token.ts";

export type FitbitOptions = ClientOptions<FitbitScope>;

/**
 * Fitbit, by the names of the seed. Its own endpoints answer 410 since 2 November 2026 (`service_retired`): give
 * `baseUrl` and `authorizeBaseUrl` of an emulator.
 */
export function createFitbit(options: FitbitOptions = {}) {
  const { application, authorizationUrl, beginAuthorization, clientCredentials, revoke, keeperProvider, claim } =
    createClient(fitbit, options);
  const transactions = { transactionKey: options?.transactionKey ?? "", claim };
  const tokens = async (granted: Promise<Result<Granted>>): Promise<FitbitTokens> =>
    fitbitTokensOf(await unwrap(granted));
  return {
    application,
    auth: {
      introspect: (ask: FitbitIntrospectRequest) => unwrap(fitbitIntrospect(application, ask)),
      oauthToken: (ask: FitbitOauthTokenRequest) => unwrap(fitbitOauthToken(application, ask)),
    },
    authorizationUrl,
    beginAuthorization,
    finishAuthorization: (ask: Filled<FinishAuthorizationRequest, "transactionKey" | "claim">) =>
      tokens(requestFinish(application, { ...transactions, ...ask })),
    exchangeCode: (ask: ExchangeCodeRequest) => tokens(requestExchange(application, ask)),
    refresh: (ask: RefreshRequest) => tokens(requestRefresh(application, ask)),
    clientCredentials,
    /** Ends every token and grant of the person for this application, whichever token of theirs is given. */
    revoke,
    keeperProvider,
  };
}
