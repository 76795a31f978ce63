export {
  issuerOf,
  type Application,
  type ApplicationSettings,
  type Call,
  type CommonSettings,
  type Secret,
  type SecretSource,
} from "./application.ts";
export type { CallCredentials } from "./call-endpoint.ts";
export * from "./authorize/authorization-url.ts";
export {
  beginAuthorization,
  type BeginAuthorizationRequest,
  type BeginParameters,
  type BeginRequest,
  type BegunAuthorization,
} from "./authorize/begin.ts";
export * from "./authorize/callback.ts";
export * from "./authorize/claim.ts";
export {
  finishAuthorization,
  transactionLifetimeMs,
  type FinishAuthorizationRequest,
  type FinishParameters,
  type FinishRequest,
} from "./authorize/finish.ts";
export { newTransactionKey, type TransactionKey } from "./authorize/transaction.ts";
export { createClient, type ClientOptions, type TransactionOptions } from "./client.ts";
export type * from "./client-methods.ts";
export * from "./device/await-device.ts";
export * from "./device/start-device.ts";
export * from "./discovery/discover.ts";
export { platformWorld } from "./edge.ts";
export {
  ClientError,
  isClientError,
  type ClientErrorCode,
  type Outcome,
  type ProviderReason,
} from "./errors/client-error.ts";
export * from "./fitbit/fitbit.ts";
export * from "./fitbit/introspect.ts";
export { fitbitOauthToken, type FitbitOauthTokenRequest, type FitbitTokens } from "./fitbit/oauth-token.ts";
export type { Authentication } from "./gusto/authentication.ts";
export * from "./gusto/exchange-code.ts";
export * from "./gusto/get-info.ts";
export * from "./gusto/gusto.ts";
export * from "./gusto/refresh-token.ts";
export type { GustoApplication, GustoCall } from "./gusto/settings.ts";
export * from "./gusto/system-access.ts";
export { allHooks, debugLog, type DebugLogger } from "./http/debug-log.ts";
export type * from "./http/hooks.ts";
export type { Backoff, Retries } from "./http/retries.ts";
export type { CallOptions, SendOptions, Transport } from "./http/transport.ts";
export { introspect, type Introspection, type IntrospectRequest } from "./introspect/introspect.ts";
export * from "./keeper-provider.ts";
export type * from "./profile.ts";
export * from "./profiles/fitbit.ts";
export * from "./profiles/generic.ts";
export * from "./profiles/google-health.ts";
export * from "./profiles/gusto-scopes.ts";
export * from "./profiles/gusto.ts";
export * from "./profiles/symbolon.ts";
export { unwrap, type Result } from "./result.ts";
export * from "./revoke/revoke.ts";
export type * from "./rotation-class.ts";
export type { ScopeRequest } from "./scope.ts";
export * from "./token-info/token-info.ts";
export { clientCredentials, type ClientCredentialsRequest } from "./token/client-credentials.ts";
export { exchangeCode, type ExchangeCodeRequest } from "./token/exchange-code.ts";
export { refresh, type RefreshRequest } from "./token/refresh.ts";
export { sealTokens, type SealedTokens, type StoredTokens } from "./token/seal-tokens.ts";
export { revealTokens } from "./token/reveal-tokens.ts";
export type { Tokens } from "./token/tokens.ts";
export type * from "./world.ts";
export { Sealed } from "@symbolon/protocol";
