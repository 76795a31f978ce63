import { Sealed } from "@symbolon/protocol";
import type { Application, ApplicationSettings, Secret } from "./application.ts";
import { authorizationUrl } from "./authorize/authorization-url.ts";
import { beginAuthorization } from "./authorize/begin.ts";
import { processWideClaim, type Claim } from "./authorize/claim.ts";
import { finishAuthorization } from "./authorize/finish.ts";
import type { TransactionKey } from "./authorize/transaction.ts";
import type { Client } from "./client-methods.ts";
import { awaitDevice } from "./device/await-device.ts";
import { startDevice } from "./device/start-device.ts";
import { checkOptions, commonOptionNames } from "./check-arguments.ts";
import { invalidRequest } from "./errors/failures.ts";
import { missingEndpoint } from "./endpoint-url.ts";
import { introspect } from "./introspect/introspect.ts";
import { keeperProvider } from "./keeper-provider.ts";
import type { Profile } from "./profile.ts";
import { unwrap, unwrapSync } from "./result.ts";
import { revoke } from "./revoke/revoke.ts";
import { tokenInfo } from "./token-info/token-info.ts";
import { clientCredentials } from "./token/client-credentials.ts";
import { exchangeCode } from "./token/exchange-code.ts";
import { refresh } from "./token/refresh.ts";

/** What a client needs for `beginAuthorization` and `finishAuthorization`. */
export type TransactionOptions = {
  /**
   * Needed for `beginAuthorization` and `finishAuthorization`: 32 bytes as 43 characters of base64url, the same in
   * every process. `newTransactionKey()` makes one.
   */
  transactionKey?: TransactionKey | undefined;
  /**
   * Makes each callback usable once. Default: a memory that all clients of this process share. With several processes,
   * pass one that uses shared storage.
   */
  claim?: Claim | undefined;
};

/** Options of `createClient`: all settings of an `Application` except the profile. */
export type ClientOptions = ApplicationSettings & TransactionOptions;

/**
 * A client of one provider, with a method for each operation. Methods throw `ClientError`. The functions of the same
 * names take `client.application` first and return a `Result`; a bundle that imports them contains only those.
 */
export function createClient<Scope extends string>(
  profile: Profile<Scope>,
  options: ClientOptions = {},
): Client<Scope> {
  const source = { provider: "client", operation: "createClient" };
  if (!profile?.endpoints || !profile.bases || !profile.quirks)
    throw invalidRequest(source, "profile", "profile must be a profile, such as generic or gusto").error;
  checkOptions(source, options, `${commonOptionNames} accessToken`);
  const { transactionKey, claim, ...settings } = options;
  const application = sealSecrets<Application<Scope>>({ ...settings, profile });
  const transactions = { transactionKey: transactionKey ?? "", claim: claim ?? processWideClaim(application.world) };
  return {
    application,
    claim: transactions.claim,
    authorizationUrl: (request) => unwrapSync(authorizationUrl(application, request)),
    beginAuthorization: (request) => unwrap(beginAuthorization(application, { ...transactions, ...request })),
    finishAuthorization: (request) => unwrap(finishAuthorization(application, { ...transactions, ...request })),
    exchangeCode: (request) => unwrap(exchangeCode(application, request)),
    refresh: (request) => unwrap(refresh(application, request)),
    clientCredentials: (request = {}) => unwrap(clientCredentials(application, request)),
    startDevice: (request = {}) => unwrap(startDevice(application, request)),
    awaitDevice: (request) => unwrap(awaitDevice(application, request)),
    introspect: (request) =>
      unwrap(missingEndpoint(application, "introspection", "introspect") ?? introspect(application, request)),
    revoke: (request) => unwrap(missingEndpoint(application, "revocation", "revoke") ?? revoke(application, request)),
    tokenInfo: (request = {}) => unwrap(tokenInfo(application, request)),
    keeperProvider: (options = {}) => keeperProvider(application, options),
  };
}

/** Seals client secret and access token, so that printing or logging the application shows neither. */
export function sealSecrets<App extends Application>(app: App): App {
  const seal = (secret: Secret | undefined) => (typeof secret === "string" ? new Sealed(secret) : secret);
  const { clientSecret, accessToken } = app;
  return {
    ...app,
    ...(clientSecret === undefined ? {} : { clientSecret: seal(clientSecret) }),
    ...(accessToken === undefined
      ? {}
      : { accessToken: typeof accessToken === "function" ? accessToken : seal(accessToken) }),
  };
}
