import type { Application } from "./application.ts";
import type { AuthorizationUrlRequest } from "./authorize/authorization-url.ts";
import type { BeginRequest, BegunAuthorization } from "./authorize/begin.ts";
import type { Claim } from "./authorize/claim.ts";
import type { FinishRequest } from "./authorize/finish.ts";
import type { AwaitDeviceRequest } from "./device/await-device.ts";
import type { DeviceAuthorization, StartDeviceRequest } from "./device/start-device.ts";
import type { Introspection, IntrospectRequest } from "./introspect/introspect.ts";
import type { KeeperProvider } from "./keeper/provider.ts";
import type { KeeperProviderOptions } from "./keeper-provider.ts";
import type { RevokeRequest } from "./revoke/revoke.ts";
import type { TokenInfo, TokenInfoRequest } from "./token-info/token-info.ts";
import type { ClientCredentialsRequest } from "./token/client-credentials.ts";
import type { ExchangeCodeRequest } from "./token/exchange-code.ts";
import type { RefreshRequest } from "./token/refresh.ts";
import type { Tokens } from "./token/tokens.ts";

/** The methods that every client has: those of `createClient`, `createGusto` and `createFitbit`. */
export type CommonMethods<Scope extends string = string, Received extends Tokens = Tokens> = {
  /**
   * The URL to send the user to, for callers that keep `state` and the PKCE verifier themselves.
   * @see RFC 6749 §4.1.1
   */
  authorizationUrl(request: AuthorizationUrlRequest<Scope>): string;
  /**
   * The URL to send the user to, and the sealed `transaction` that `finishAuthorization` needs: keep it in the user's
   * session.
   */
  beginAuthorization(request: BeginRequest<Scope>): Promise<BegunAuthorization>;
  /**
   * Checks the callback and exchanges its code for tokens. Rejects with `callback_refused`, `access_denied` or
   * `code_refused`.
   */
  finishAuthorization(request: FinishRequest): Promise<Received>;
  /**
   * Exchanges an authorization code for tokens. Rejects with `code_refused`. @see RFC 6749 §4.1.3
   */
  exchangeCode(request: ExchangeCodeRequest): Promise<Received>;
  /**
   * Exchanges a refresh token for new tokens. Store them before you use them; if they have no `refreshToken`, the old
   * one stays valid. Rejects with `refresh_token_dead` where the user has to consent again.
   * @see RFC 6749 §6
   */
  refresh(request: RefreshRequest): Promise<Received>;
  /** Tokens of the client itself, without a user. @see RFC 6749 §4.4 */
  clientCredentials(request?: ClientCredentialsRequest<Scope>): Promise<Received>;
  /** This client as the provider of a keeper. */
  keeperProvider(options?: KeeperProviderOptions): KeeperProvider;
  /** Makes each callback usable once. */
  claim: Claim;
};

/** What `createClient` returns. Methods throw `ClientError`. */
export interface Client<Scope extends string = string> extends CommonMethods<Scope> {
  /** What the functions of the same names take first; its secrets are sealed. */
  application: Application<Scope>;
  /** Begins a sign-in for a device without a browser. @see RFC 8628 §3.1 */
  startDevice(request?: StartDeviceRequest<Scope>): Promise<DeviceAuthorization>;
  /**
   * Polls until the user has decided, at most `device.expiresIn` seconds. Rejects with `access_denied` or
   * `device_code_expired`.
   * @see RFC 8628 §3.4
   */
  awaitDevice(request: AwaitDeviceRequest): Promise<Tokens>;
  /** Whether a token is active, and what it is for. @see RFC 7662 */
  introspect(request: IntrospectRequest): Promise<Introspection>;
  /** Revokes a token; with a refresh token, the whole grant. @see RFC 7009 */
  revoke(request: RevokeRequest): Promise<"revoked">;
  /** Asks the provider what an access token is valid for, authorized by that token. */
  tokenInfo(request?: TokenInfoRequest): Promise<TokenInfo>;
}
