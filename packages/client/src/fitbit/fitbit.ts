import type { Application } from "../application.ts";
import { requestFinish } from "../authorize/finish.ts";
import { createClient, type ClientOptions } from "../client.ts";
import type { CommonMethods } from "../client-methods.ts";
import { fitbit, type FitbitScope } from "../profiles/fitbit.ts";
import { unwrap, type Result } from "../result.ts";
import { requestExchange } from "../token/exchange-code.ts";
import { requestRefresh } from "../token/refresh.ts";
import type { RevokeRequest } from "../revoke/revoke.ts";
import type { TokenReply } from "../token/request-tokens.ts";
import { fitbitIntrospect, type FitbitIntrospection, type FitbitIntrospectRequest } from "./introspect.ts";
import { fitbitOauthToken, readFitbitTokens, type FitbitOauthTokenRequest, type FitbitTokens } from "./oauth-token.ts";

/** Options of `createFitbit`, the same as of `createClient`. */
export type FitbitOptions = ClientOptions;

/** What `createFitbit` returns. Methods throw `ClientError`. */
export interface FitbitClient extends CommonMethods<FitbitScope, FitbitTokens> {
  /** What the functions of the same names take first; its secrets are sealed. */
  application: Application<FitbitScope>;
  /** The operations named as in Fitbit's OpenAPI document. */
  auth: {
    /** Whether an access token is active, and for which scopes; the same as `introspect`. */
    introspect(request: FitbitIntrospectRequest): Promise<FitbitIntrospection>;
    /** One token request, with the parameters as Fitbit names them. Rejects with `refresh_token_dead`. */
    oauthToken(request: FitbitOauthTokenRequest): Promise<FitbitTokens>;
  };
  /** Whether an access token is active, and for which scopes. */
  introspect(request: FitbitIntrospectRequest): Promise<FitbitIntrospection>;
  /** Revokes every token and grant that this user gave this client; any of the tokens can be passed. */
  revoke(request: RevokeRequest): Promise<"revoked">;
}

/**
 * A client of Fitbit's Web API. Its operations have the names of every client (`refresh`, `introspect`) and those of
 * Fitbit's OpenAPI document (`auth.oauthToken`, `auth.introspect`). Methods throw `ClientError`. Fitbit closed its
 * endpoints on 2 November 2026 (`service_retired`): set `baseUrl` and `authorizeBaseUrl` to an emulator.
 */
export function createFitbit(options: FitbitOptions = {}): FitbitClient {
  const { application, authorizationUrl, beginAuthorization, clientCredentials, revoke, keeperProvider, claim } =
    createClient(fitbit, options);
  const transactions = { transactionKey: options?.transactionKey ?? "", claim };
  const tokens = async (reply: Promise<Result<TokenReply>>): Promise<FitbitTokens> =>
    readFitbitTokens(await unwrap(reply));
  const introspect = (request: FitbitIntrospectRequest) => unwrap(fitbitIntrospect(application, request));
  return {
    application,
    claim,
    auth: { introspect, oauthToken: (request) => unwrap(fitbitOauthToken(application, request)) },
    introspect,
    authorizationUrl,
    beginAuthorization,
    finishAuthorization: (request) => tokens(requestFinish(application, { ...transactions, ...request })),
    exchangeCode: (request) => tokens(requestExchange(application, request)),
    refresh: (request) => tokens(requestRefresh(application, request)),
    clientCredentials,
    revoke,
    keeperProvider,
  };
}
