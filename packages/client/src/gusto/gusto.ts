import type { SecretSource } from "../application.ts";
import { createClient, type ClientOptions, type WithOptional } from "../client.ts";
import { platformEnv } from "../edge.ts";
import { ClientError } from "../errors/client-error.ts";
import { allHooks, debugLog, isOn, type DebugLogger } from "../http/debug-log.ts";
import type { Hooks } from "../http/hooks.ts";
import { keeperProvider, type KeeperProviderOptions } from "../keeper-provider.ts";
import { gusto, gustoServers } from "../profiles/gusto.ts";
import type { GustoScope } from "../profiles/gusto-scopes.ts";
import { unwrap } from "../result.ts";
import {
  gustoExchangeCode,
  gustoFinishAuthorization,
  type GustoExchangeCodeRequest,
  type GustoFinishAuthorizationRequest,
} from "./exchange-code.ts";
import { gustoGetInfo, type GustoGetInfoRequest } from "./get-info.ts";
import { gustoRefreshToken, type GustoRefreshTokenRequest } from "./refresh-token.ts";
import { withVersionHeader, type GustoApplication } from "./settings.ts";
import { gustoSystemAccess, type GustoSystemAccessRequest } from "./system-access.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Options of `createGusto`. */
export type GustoOptions = Omit<ClientOptions<GustoScope>, "accessToken"> & {
  /**
   * A company's access token, or a function that returns one. Default: the environment variable
   * `GUSTO_COMPANY_ACCESS_AUTH`, read at each call.
   */
  companyAccessAuth?: SecretSource;
  /** Default: `demo`. `baseUrl` takes precedence. */
  server?: keyof typeof gustoServers;
  /** The API version, `YYYY-MM-DD`. null (default) sends none: Gusto then uses the application's minimum version. */
  apiVersion?: string | null;
  /** Logs each attempt, secrets masked. Default: `console` where `GUSTO_DEBUG` is on, else nothing. */
  debugLogger?: DebugLogger;
  /** Where environment variables are read. Default: the process's environment. */
  env?: Env;
};

/**
 * A client of Gusto, with the operations named as in Gusto's SDK (`introspection.refreshToken`,
 * `introspection.getInfo`). Methods throw `ClientError`; `gustoRefreshToken` and the other functions return a `Result`
 * instead.
 */
export function createGusto(options: GustoOptions = {}) {
  const { companyAccessAuth, server = "demo", apiVersion, debugLogger, env, ...settings } = { ...options };
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
  const { authorizationUrl, beginAuthorization } = client;
  const transactions = { transactionKey: settings.transactionKey ?? "", claim: client.claim };
  return {
    /** What the functions of the same names take first; its secrets are sealed. */
    application,
    introspection: {
      /** Which company or resource the access token is valid for, and its scopes. */
      getInfo: (request: GustoGetInfoRequest = {}) => unwrap(gustoGetInfo(application, request)),
      /** Exchanges a refresh token for new tokens; the first use of the new access token ends the old refresh token. */
      refreshToken: (request: GustoRefreshTokenRequest) => unwrap(gustoRefreshToken(application, request)),
    },
    /** A token of the application itself, for calls that belong to no company. */
    systemAccess: (request: GustoSystemAccessRequest = {}) => unwrap(gustoSystemAccess(application, request)),
    /** The URL to send the user to, for callers that keep `state` and the PKCE verifier themselves. */
    authorizationUrl,
    /** The URL to send the user to, and the sealed `transaction` that `finishAuthorization` needs. */
    beginAuthorization,
    /** Checks the callback and exchanges its code for tokens. */
    finishAuthorization: (request: WithOptional<GustoFinishAuthorizationRequest, "transactionKey" | "claim">) =>
      unwrap(gustoFinishAuthorization(application, { ...transactions, ...request })),
    /** Exchanges an authorization code for tokens (RFC 6749 §4.1.3). */
    exchangeCode: (request: GustoExchangeCodeRequest) => unwrap(gustoExchangeCode(application, request)),
    /** This client as the provider of a keeper. */
    keeperProvider: (options: KeeperProviderOptions = {}) =>
      keeperProvider(withVersionInAllCalls(application), options),
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
