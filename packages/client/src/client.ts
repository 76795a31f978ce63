import { Sealed } from "@symbolon/protocol";
import { absentEndpoint } from "./absent-endpoint.ts";
import type { Application, Secret } from "./application.ts";
import { authorizationUrl, type AuthorizationUrlRequest } from "./authorize/authorization-url.ts";
import { beginAuthorization, type BeginAuthorizationRequest } from "./authorize/begin.ts";
import { claimOfProcess, type Claim } from "./authorize/claim.ts";
import { finishAuthorization, type FinishAuthorizationRequest } from "./authorize/finish.ts";
import type { TransactionKey } from "./authorize/transaction.ts";
import { awaitDevice, type AwaitDeviceRequest } from "./device/await-device.ts";
import { startDevice, type StartDeviceRequest } from "./device/start-device.ts";
import { introspect, type IntrospectRequest } from "./introspect/introspect.ts";
import { keeperProvider, type KeeperProviderOptions } from "./keeper-provider.ts";
import type { Profile } from "./profile.ts";
import { unwrap, unwrapNow } from "./result.ts";
import { revoke, type RevokeRequest } from "./revoke/revoke.ts";
import { tokenInfo, type TokenInfoRequest } from "./token-info/token-info.ts";
import { clientCredentials, type ClientCredentialsRequest } from "./token/client-credentials.ts";
import { exchangeCode, type ExchangeCodeRequest } from "./token/exchange-code.ts";
import { refresh, type RefreshRequest } from "./token/refresh.ts";

export type ClientOptions<Scope extends string = string> = Omit<Application<Scope>, "profile"> & {
  /**
   * For `beginAuthorization` and `finishAuthorization`: 32 bytes as 43 characters of base64url, the same in every
   * process.
   */
  transactionKey?: TransactionKey;
  /** Default: this process remembers which callbacks it has seen, whichever of its clients saw them. */
  claim?: Claim;
};

/** What the client fills in by itself where a call leaves it out. */
export type Filled<Ask, Name extends keyof Ask> = Omit<Ask, Name> & Partial<Pick<Ask, Name>>;

/**
 * One application at one provider. Every method throws a `ClientError`; the functions of the same names take the
 * client's `application` and answer a `Result` instead, and a bundle has only those that it uses.
 */
export function createClient<Scope extends string>(profile: Profile<Scope>, given: ClientOptions<Scope> = {}) {
  const { transactionKey, claim, ...options } = { ...given };
  const application = sealed<Application<Scope>>({ ...options, profile });
  const transactions = { transactionKey: transactionKey ?? "", claim: claim ?? claimOfProcess(application.world) };
  return {
    application,
    claim: transactions.claim,
    authorizationUrl: (ask: AuthorizationUrlRequest<Scope>) => unwrapNow(authorizationUrl(application, ask)),
    beginAuthorization: (ask: Filled<BeginAuthorizationRequest<Scope>, "transactionKey">) =>
      unwrap(beginAuthorization(application, { ...transactions, ...ask })),
    finishAuthorization: (ask: Filled<FinishAuthorizationRequest, "transactionKey" | "claim">) =>
      unwrap(finishAuthorization(application, { ...transactions, ...ask })),
    exchangeCode: (ask: ExchangeCodeRequest) => unwrap(exchangeCode(application, ask)),
    refresh: (ask: RefreshRequest) => unwrap(refresh(application, ask)),
    clientCredentials: (ask: ClientCredentialsRequest<Scope> = {}) => unwrap(clientCredentials(application, ask)),
    startDevice: (ask: StartDeviceRequest<Scope> = {}) => unwrap(startDevice(application, ask)),
    awaitDevice: (ask: AwaitDeviceRequest) => unwrap(awaitDevice(application, ask)),
    introspect: (ask: IntrospectRequest) =>
      unwrap(absentEndpoint(application, "introspection", "introspect") ?? introspect(application, ask)),
    revoke: (ask: RevokeRequest) =>
      unwrap(absentEndpoint(application, "revocation", "revoke") ?? revoke(application, ask)),
    tokenInfo: (ask: TokenInfoRequest = {}) => unwrap(tokenInfo(application, ask)),
    keeperProvider: (options: KeeperProviderOptions = {}) => keeperProvider(application, options),
  };
}

/** So that whoever prints the client prints no secret of it. */
export function sealed<App extends Application>(app: App): App {
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
