import { Sealed } from "@symbolon/protocol";
import type { Application, Secret } from "./application.ts";
import { authorizationUrl, type AuthorizationUrlRequest } from "./authorize/authorization-url.ts";
import { beginAuthorization, type BeginAuthorizationRequest } from "./authorize/begin.ts";
import { processWideClaim, type Claim } from "./authorize/claim.ts";
import { finishAuthorization, type FinishAuthorizationRequest } from "./authorize/finish.ts";
import type { TransactionKey } from "./authorize/transaction.ts";
import { awaitDevice, type AwaitDeviceRequest } from "./device/await-device.ts";
import { startDevice, type StartDeviceRequest } from "./device/start-device.ts";
import { missingEndpoint } from "./endpoint-url.ts";
import { introspect, type IntrospectRequest } from "./introspect/introspect.ts";
import { keeperProvider, type KeeperProviderOptions } from "./keeper-provider.ts";
import type { Profile } from "./profile.ts";
import { unwrap, unwrapSync } from "./result.ts";
import { revoke, type RevokeRequest } from "./revoke/revoke.ts";
import { tokenInfo, type TokenInfoRequest } from "./token-info/token-info.ts";
import { clientCredentials, type ClientCredentialsRequest } from "./token/client-credentials.ts";
import { exchangeCode, type ExchangeCodeRequest } from "./token/exchange-code.ts";
import { refresh, type RefreshRequest } from "./token/refresh.ts";

/** Options of `createClient`: all settings of an `Application` except the profile. */
export type ClientOptions<Scope extends string = string> = Omit<Application<Scope>, "profile"> & {
  /**
   * Needed for `beginAuthorization` and `finishAuthorization`: 32 bytes as 43 characters of base64url, the same in
   * every process. `newTransactionKey()` makes one.
   */
  transactionKey?: TransactionKey;
  /**
   * Makes each callback usable once. Default: a memory that all clients of this process share. With several processes,
   * pass one that uses shared storage.
   */
  claim?: Claim;
};

/** A request in which the members `Name` may be left out. */
export type WithOptional<Request, Name extends keyof Request> = Omit<Request, Name> & Partial<Pick<Request, Name>>;

/**
 * A client of one provider, with a method for each operation. Methods throw `ClientError`. The functions of the same
 * names take `client.application` first and return a `Result`; a bundle that imports them contains only those.
 */
export function createClient<Scope extends string>(profile: Profile<Scope>, options: ClientOptions<Scope> = {}) {
  const { transactionKey, claim, ...settings } = { ...options };
  const application = sealSecrets<Application<Scope>>({ ...settings, profile });
  const transactions = { transactionKey: transactionKey ?? "", claim: claim ?? processWideClaim(application.world) };
  return {
    /** What the functions of the same names take first; its secrets are sealed. */
    application,
    /** What makes each callback usable once. */
    claim: transactions.claim,
    /** The URL to send the user to, for callers that keep `state` and the PKCE verifier themselves. */
    authorizationUrl: (request: AuthorizationUrlRequest<Scope>) => unwrapSync(authorizationUrl(application, request)),
    /** The URL to send the user to, and the sealed `transaction` that `finishAuthorization` needs. */
    beginAuthorization: (request: WithOptional<BeginAuthorizationRequest<Scope>, "transactionKey">) =>
      unwrap(beginAuthorization(application, { ...transactions, ...request })),
    /** Checks the callback and exchanges its code for tokens. */
    finishAuthorization: (request: WithOptional<FinishAuthorizationRequest, "transactionKey" | "claim">) =>
      unwrap(finishAuthorization(application, { ...transactions, ...request })),
    /** Exchanges an authorization code for tokens (RFC 6749 §4.1.3). */
    exchangeCode: (request: ExchangeCodeRequest) => unwrap(exchangeCode(application, request)),
    /** Exchanges a refresh token for new tokens (RFC 6749 §6). */
    refresh: (request: RefreshRequest) => unwrap(refresh(application, request)),
    /** Tokens of the client itself, without a user (RFC 6749 §4.4). */
    clientCredentials: (request: ClientCredentialsRequest<Scope> = {}) =>
      unwrap(clientCredentials(application, request)),
    /** Begins a sign-in for a device without a browser (RFC 8628 §3.1). */
    startDevice: (request: StartDeviceRequest<Scope> = {}) => unwrap(startDevice(application, request)),
    /** Polls until the user has decided, at most `device.expiresIn` seconds (RFC 8628 §3.4). */
    awaitDevice: (request: AwaitDeviceRequest) => unwrap(awaitDevice(application, request)),
    /** Whether a token is active, and what it is for (RFC 7662). */
    introspect: (request: IntrospectRequest) =>
      unwrap(missingEndpoint(application, "introspection", "introspect") ?? introspect(application, request)),
    /** Revokes a token (RFC 7009). */
    revoke: (request: RevokeRequest) =>
      unwrap(missingEndpoint(application, "revocation", "revoke") ?? revoke(application, request)),
    /** Asks the provider what an access token is valid for, authorized by that token. */
    tokenInfo: (request: TokenInfoRequest = {}) => unwrap(tokenInfo(application, request)),
    /** This client as the provider of a keeper. */
    keeperProvider: (options: KeeperProviderOptions = {}) => keeperProvider(application, options),
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
