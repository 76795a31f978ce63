import { requestFinish, type FinishAuthorizationRequest } from "../authorize/finish.ts";
import { createClient, type ClientOptions, type WithOptional } from "../client.ts";
import { fitbit, type FitbitScope } from "../profiles/fitbit.ts";
import { unwrap, type Result } from "../result.ts";
import { requestExchange, type ExchangeCodeRequest } from "../token/exchange-code.ts";
import { requestRefresh, type RefreshRequest } from "../token/refresh.ts";
import type { TokenReply } from "../token/request-tokens.ts";
import { fitbitIntrospect, type FitbitIntrospectRequest } from "./introspect.ts";
import { fitbitOauthToken, readFitbitTokens, type FitbitOauthTokenRequest, type FitbitTokens } from "./oauth-token.ts";

/** Options of `createFitbit`, the same as of `createClient`. */
export type FitbitOptions = ClientOptions<FitbitScope>;

/**
 * A client of Fitbit's Web API, with the operations named as in Fitbit's OpenAPI document (`auth.oauthToken`,
 * `auth.introspect`). Methods throw `ClientError`. Fitbit closed its endpoints on 2 November 2026 (`service_retired`):
 * set `baseUrl` and `authorizeBaseUrl` to an emulator.
 */
export function createFitbit(options: FitbitOptions = {}) {
  const { application, authorizationUrl, beginAuthorization, clientCredentials, revoke, keeperProvider, claim } =
    createClient(fitbit, options);
  const transactions = { transactionKey: options?.transactionKey ?? "", claim };
  const tokens = async (reply: Promise<Result<TokenReply>>): Promise<FitbitTokens> =>
    readFitbitTokens(await unwrap(reply));
  return {
    /** What the functions of the same names take first; its secrets are sealed. */
    application,
    auth: {
      /** Whether a token is active, and what it is for (RFC 7662). */
      introspect: (request: FitbitIntrospectRequest) => unwrap(fitbitIntrospect(application, request)),
      /** One token request, with the parameters as Fitbit names them. */
      oauthToken: (request: FitbitOauthTokenRequest) => unwrap(fitbitOauthToken(application, request)),
    },
    /** The URL to send the user to, for callers that keep `state` and the PKCE verifier themselves. */
    authorizationUrl,
    /** The URL to send the user to, and the sealed `transaction` that `finishAuthorization` needs. */
    beginAuthorization,
    /** Checks the callback and exchanges its code for tokens. */
    finishAuthorization: (request: WithOptional<FinishAuthorizationRequest, "transactionKey" | "claim">) =>
      tokens(requestFinish(application, { ...transactions, ...request })),
    /** Exchanges an authorization code for tokens (RFC 6749 §4.1.3). */
    exchangeCode: (request: ExchangeCodeRequest) => tokens(requestExchange(application, request)),
    /** Exchanges a refresh token for new tokens (RFC 6749 §6). */
    refresh: (request: RefreshRequest) => tokens(requestRefresh(application, request)),
    /** Tokens of the client itself, without a user (RFC 6749 §4.4). */
    clientCredentials,
    /** Revokes every token and grant that this user gave this client; any of the tokens can be passed. */
    revoke,
    /** This client as the provider of a keeper. */
    keeperProvider,
  };
}
