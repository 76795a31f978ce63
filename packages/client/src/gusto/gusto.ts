import type { CommonSettings, SecretSource } from "../application.ts";
import { createClient, type TransactionOptions } from "../client.ts";
import type { CommonMethods } from "../client-methods.ts";
import { checkOptions, commonOptionNames } from "../check-arguments.ts";
import { platformEnv } from "../edge.ts";
import { ClientError } from "../errors/client-error.ts";
import { allHooks, debugLog, isOn, type DebugLogger } from "../http/debug-log.ts";
import type { Hooks } from "../http/hooks.ts";
import { keeperProvider } from "../keeper-provider.ts";
import { gusto, gustoServers } from "../profiles/gusto.ts";
import type { GustoScope } from "../profiles/gusto-scopes.ts";
import { unwrap } from "../result.ts";
import type { Authentication } from "./authentication.ts";
import { gustoExchangeCode, gustoFinishAuthorization, type GustoExchangeCodeRequest } from "./exchange-code.ts";
import { gustoGetInfo, type GustoGetInfoRequest, type GustoTokenInfo } from "./get-info.ts";
import { gustoRefreshToken, type GustoRefreshTokenRequest } from "./refresh-token.ts";
import { withVersionHeader, type GustoApplication } from "./settings.ts";
import { gustoSystemAccess, type GustoSystemAccessRequest } from "./system-access.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Options of `createGusto`. */
export type GustoOptions = CommonSettings &
  TransactionOptions & {
    /**
     * A company's access token, or a function that returns one. Default: the environment variable
     * `GUSTO_COMPANY_ACCESS_AUTH`, read at each call.
     */
    companyAccessAuth?: SecretSource | undefined;
    /** Default: `demo`. `baseUrl` takes precedence. */
    server?: keyof typeof gustoServers | undefined;
    /** The API version, `YYYY-MM-DD`. null (default) sends none: Gusto then uses the application's minimum version. */
    apiVersion?: string | null | undefined;
    /** Logs each attempt, secrets masked. Default: `console` where `GUSTO_DEBUG` is on, else nothing. */
    debugLogger?: DebugLogger | undefined;
    /** Where environment variables are read. Default: the process's environment. */
    env?: Env | undefined;
  };

/** What `createGusto` returns. Methods throw `ClientError`. */
export interface GustoClient extends CommonMethods<GustoScope, Authentication> {
  /** What the functions of the same names take first; its secrets are sealed. */
  application: GustoApplication;
  /** The operations named as in Gusto's SDK. */
  introspection: {
    /** Which company or resource the access token is valid for, and its scopes; the same as `tokenInfo`. */
    getInfo(request?: GustoGetInfoRequest): Promise<GustoTokenInfo>;
    /**
     * Exchanges a refresh token for new tokens; the same as `refresh`. The first use of the new access token ends the
     * old refresh token. Rejects with `refresh_token_dead` where the user has to consent again.
     */
    refreshToken(request: GustoRefreshTokenRequest): Promise<Authentication>;
  };
  /**
   * Exchanges an authorization code, which is valid for ten minutes, for the tokens of one company. Rejects with
   * `code_refused`.
   */
  exchangeCode(request: GustoExchangeCodeRequest): Promise<Authentication>;
  /**
   * Exchanges a refresh token for new tokens. Store them before you use them: the first use of the new access token
   * ends the old refresh token. Rejects with `refresh_token_dead` where the user has to consent again.
   */
  refresh(request: GustoRefreshTokenRequest): Promise<Authentication>;
  /** A token of the application itself, for calls that belong to no company; the same as `clientCredentials`. */
  systemAccess(request?: GustoSystemAccessRequest): Promise<Authentication>;
  /** A token of the application itself, for calls that belong to no company (Gusto's grant type `system_access`). */
  clientCredentials(request?: GustoSystemAccessRequest): Promise<Authentication>;
  /** Which company or resource the access token is valid for, and its scopes. */
  tokenInfo(request?: GustoGetInfoRequest): Promise<GustoTokenInfo>;
}

/**
 * A client of Gusto. Its operations have the names of every client (`refresh`, `tokenInfo`, `clientCredentials`) and
 * those of Gusto's SDK (`introspection.refreshToken`, `introspection.getInfo`, `systemAccess`). Methods throw
 * `ClientError`; `gustoRefreshToken` and the other functions return a `Result` instead.
 */
export function createGusto(options: GustoOptions = {}): GustoClient {
  const source = { provider: "gusto", operation: "createGusto" };
  checkOptions(source, options, `${commonOptionNames} companyAccessAuth server apiVersion debugLogger env`);
  const { companyAccessAuth, server = "demo", apiVersion, debugLogger, env, ...settings } = options;
  if (!Object.hasOwn(gustoServers, server)) throw invalidServer();
  const variable = (name: string): string | undefined => readVariable(env ?? platformEnv(), name);
  const isDebugging = () => isOn(variable("DEBUG"));
  const client = createClient(gusto, {
    ...settings,
    baseUrl: settings.baseUrl ?? gustoServers[server],
    accessToken: companyAccessAuth ?? (() => variable("COMPANY_ACCESS_AUTH") ?? ""),
    hooks: allHooks(settings.hooks, debugHooks(debugLogger, isDebugging)),
  });
  const application: GustoApplication = { ...client.application, apiVersion };
  const { authorizationUrl, beginAuthorization, claim } = client;
  const transactions = { transactionKey: settings.transactionKey ?? "", claim };
  const getInfo = (request: GustoGetInfoRequest = {}) => unwrap(gustoGetInfo(application, request));
  const refresh = (request: GustoRefreshTokenRequest) => unwrap(gustoRefreshToken(application, request));
  const systemAccess = (request: GustoSystemAccessRequest = {}) => unwrap(gustoSystemAccess(application, request));
  return {
    application,
    claim,
    introspection: { getInfo, refreshToken: refresh },
    tokenInfo: getInfo,
    refresh,
    systemAccess,
    clientCredentials: systemAccess,
    authorizationUrl,
    beginAuthorization,
    finishAuthorization: (request) => unwrap(gustoFinishAuthorization(application, { ...transactions, ...request })),
    exchangeCode: (request) => unwrap(gustoExchangeCode(application, request)),
    keeperProvider: (options = {}) => keeperProvider(withVersionInAllCalls(application), options),
  };
}

const invalidServer = (): ClientError =>
  new ClientError({
    provider: "gusto",
    operation: "createGusto",
    code: "invalid_request",
    outcome: "not_processed",
    field: "server",
    message: "must be demo or prod",
  });

/** Reads `GUSTO_…`, or else `GUSTOEMBEDDED_…`, the prefix of Gusto's own TypeScript SDK. */
function readVariable(env: Env, name: string): string | undefined {
  try {
    return env[`GUSTO_${name}`] || env[`GUSTOEMBEDDED_${name}`] || undefined;
  } catch {
    // Deno throws if the program may not read the environment.
    return undefined;
  }
}

/** The debug log, active where a logger was passed or `isDebugging` returns true at the time of the call. */
function debugHooks(logger: DebugLogger | undefined, isDebugging: () => boolean): Hooks {
  const { beforeRequest, afterResponse, afterError } = debugLog(logger ?? console);
  const isActive = () => logger !== undefined || isDebugging();
  return {
    beforeRequest: (request, context) => (isActive() ? beforeRequest(request, context) : undefined),
    afterResponse: (response, context) => (isActive() ? afterResponse(response, context) : undefined),
    afterError: (error, context) => (isActive() ? afterError(error, context) : undefined),
  };
}

const withVersionInAllCalls = (app: GustoApplication): GustoApplication =>
  typeof app.apiVersion === "string" ? { ...app, headers: withVersionHeader(app.headers, app.apiVersion) } : app;
