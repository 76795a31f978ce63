import type { Sealed } from "@symbolon/protocol";
import type { CallOptions, Transport } from "./http/transport.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { ClientAuthentication, Endpoints, Profile } from "./profile.ts";

/** A secret to send: a string, or a `Sealed` as an earlier call returned it. */
export type Secret = string | Sealed;

/** An access token, or a function that returns one; the function is called for each request. */
export type SecretSource = Secret | (() => MaybePromise<Secret>);

/** The settings that every client has. */
export type CommonSettings = Transport & {
  /** The `client_id` that the provider issued. */
  clientId?: string | undefined;
  /** Leave it out for a public client. */
  clientSecret?: Secret | undefined;
  /** Replaces the profile's `{api}` base. A path in it is kept. */
  baseUrl?: string | undefined;
  /** Replaces the profile's `{authorize}` base. */
  authorizeBaseUrl?: string | undefined;
  /** Replaces single endpoints of the profile. */
  endpoints?: Endpoints | undefined;
  /** Replaces the profile's `issuer`. Compared character by character with `iss` (RFC 9207 §2.4). */
  issuer?: string | undefined;
  /** Replaces the profile's `authentication`. */
  authentication?: ClientAuthentication | undefined;
};

/** All settings of an `Application` except the profile. */
export type ApplicationSettings = CommonSettings & {
  /** For operations that are authorized by a bearer token. A value that begins with `bearer ` is sent unchanged. */
  accessToken?: SecretSource | undefined;
};

/**
 * One client registered at one provider: the first argument of every function in this package. A plain value that may
 * be shared.
 */
export type Application<Scope extends string = string> = ApplicationSettings & {
  /** Describes the provider: endpoints, authentication, rotation. */
  profile: Profile<Scope>;
};

/** Options of a single call, besides the operation's own arguments. */
export type Call = CallOptions & {
  /** Replaces the application's `baseUrl` for this call. */
  baseUrl?: string | undefined;
};

/** The issuer identifier exactly as the provider writes it, or undefined if the provider has none. */
export const issuerOf = (app: Application, call: Pick<Call, "baseUrl"> = {}): string | undefined =>
  app.issuer ??
  (app.profile.issuer === "{api}" ? (call.baseUrl ?? app.baseUrl ?? app.profile.bases.api) : app.profile.issuer);
