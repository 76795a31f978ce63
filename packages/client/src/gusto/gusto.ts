import type { Secret } from "../application.ts";
import { createClient, type ClientOptions, type Filled } from "../client.ts";
import { platformEnv } from "../edge.ts";
import { ClientError } from "../errors/client-error.ts";
import { allHooks, debugLog, isOn, type DebugLogger } from "../http/debug-log.ts";
import type { Hooks } from "../http/hooks.ts";
import { keeperProvider, type KeeperProviderOptions } from "../keeper-provider.ts";
import { gusto, gustoServers } from "../profiles/gusto.ts";
import type { GustoScope } from "../profiles/gusto-scopes.ts";
import { unwrap } from "../result.ts";
import { gustoExchangeCode, gustoFinishAuthorization } from "./exchange-code.ts";
import { gustoGetInfo } from "./get-info.ts";
import { gustoRefreshToken } from "./refresh-token.ts";
import { withVersion, type GustoApplication } from "./settings.ts";
import { gustoSystemAccess } from "./system-access.ts";

type Env = Readonly<Record<string, string | undefined>>;

export type GustoOptions = Omit<ClientOptions<GustoScope>, "accessToken"> & {
  /**
   * A company's access token, or a function that answers one; else the environment's `GUSTO_COMPANY_ACCESS_AUTH`, read
   * at each call.
   */
  companyAccessAuth?: Secret | (() => Secret | Promise<Secret>);
  /** Default `demo`; `baseUrl` beats it. */
  server?: keyof typeof gustoServers;
  /** Any `YYYY-MM-DD`. Null, the default, sends none: then the application's own minimum version applies. */
  apiVersion?: string | null;
  /** Where attempts are written, secrets masked; without one, to the console where `GUSTO_DEBUG` is on. */
  debugLogger?: DebugLogger;
  /** Where variables are read. Default: the process's. */
  env?: Env;
};

/** Gusto, by the names of the seed. Methods throw `ClientError`; the functions beneath them answer a `Result`. */
export function createGusto(given: GustoOptions = {}) {
  const { companyAccessAuth, server = "demo", apiVersion, debugLogger, env, ...options } = { ...given };
  if (!Object.hasOwn(gustoServers, server))
    throw new ClientError({
      provider: "gusto",
      operation: "createGusto",
      code: "invalid_request",
      outcome: "not_processed",
      field: "server",
      says: "must be demo or prod",
    });
  const variable = (name: string): string | undefined => variableOf(env ?? platformEnv(), name);
  const accessToken = companyAccessAuth ?? (() => variable("COMPANY_ACCESS_AUTH") ?? "");
  const hooks = allHooks(
    options.hooks,
    debugHooks(debugLogger, () => isOn(variable("DEBUG"))),
  );
  const client = createClient(gusto, {
    ...options,
    baseUrl: options.baseUrl ?? gustoServers[server],
    accessToken,
    hooks,
  });
  const application: GustoApplication = { ...client.application, apiVersion };
  const { authorizationUrl, beginAuthorization } = client;
  const transactions = { transactionKey: options.transactionKey ?? "", claim: client.claim };
  return {
    application,
    introspection: {
      getInfo: (ask: Parameters<typeof gustoGetInfo>[1] = {}) => unwrap(gustoGetInfo(application, ask)),
      refreshToken: (ask: Parameters<typeof gustoRefreshToken>[1]) => unwrap(gustoRefreshToken(application, ask)),
    },
    systemAccess: (ask: Parameters<typeof gustoSystemAccess>[1] = {}) => unwrap(gustoSystemAccess(application, ask)),
    authorizationUrl,
    beginAuthorization,
    finishAuthorization: (ask: Filled<Parameters<typeof gustoFinishAuthorization>[1], "transactionKey" | "claim">) =>
      unwrap(gustoFinishAuthorization(application, { ...transactions, ...ask })),
    exchangeCode: (ask: Parameters<typeof gustoExchangeCode>[1]) => unwrap(gustoExchangeCode(application, ask)),
    keeperProvider: (options: KeeperProviderOptions = {}) => keeperProvider(inAll(application), options),
  };
}

/** The seed's name first, then that of the upstream TypeScript SDK. */
function variableOf(env: Env, name: string): string | undefined {
  try {
    return env[`GUSTO_${name}`] || env[`GUSTOEMBEDDED_${name}`] || undefined;
  } catch {
    // Deno throws where a program may not read its environment.
    return undefined;
  }
}

function debugHooks(logger: DebugLogger | undefined, isWanted: () => boolean): Hooks {
  const { beforeRequest, afterAnswer, afterError } = debugLog(logger ?? console);
  const wanted = () => logger !== undefined || isWanted();
  return {
    beforeRequest: (request, context) => (wanted() ? beforeRequest(request, context) : undefined),
    afterAnswer: (answer, context) => (wanted() ? afterAnswer(answer, context) : undefined),
    afterError: (error, context) => (wanted() ? afterError(error, context) : undefined),
  };
}

const inAll = (app: GustoApplication): GustoApplication =>
  typeof app.apiVersion === "string" ? { ...app, headers: withVersion(app.headers, app.apiVersion) } : app;
