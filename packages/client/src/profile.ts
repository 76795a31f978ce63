import type { ClientErrorCode } from "./errors/client-error.ts";
import type { RotationClass } from "./rotation-class.ts";

/** How a client authenticates at the token endpoint. */
export type ClientAuthentication =
  /** HTTP Basic; id and secret are form-encoded first (RFC 6749 §2.3.1). */
  | "client_secret_basic"
  /** HTTP Basic; id and secret are joined unencoded. */
  | "basic_raw"
  /** `client_id` and `client_secret` in the form body. */
  | "client_secret_post"
  /** `client_id` and `client_secret` in a JSON body. All other parameters are then sent as JSON too. */
  | "client_secret_json"
  /** A public client: `client_id` alone. */
  | "none";

/** Absolute URLs. A leading `{api}` or `{authorize}` stands for that base of the profile. */
export type Endpoints = {
  /** The authorization endpoint, where the user is sent (RFC 6749 §3.1). */
  authorization?: string;
  /** The token endpoint (RFC 6749 §3.2). */
  token?: string;
  /** The introspection endpoint (RFC 7662). */
  introspection?: string;
  /** The revocation endpoint (RFC 7009). */
  revocation?: string;
  /** Tells the bearer of a token what it is valid for. Not standardised. */
  tokenInfo?: string;
  /** The device authorization endpoint (RFC 8628 §3.1). */
  deviceAuthorization?: string;
};

/** Everything that is known about a provider. A plain value: read it, copy it, change it. */
export type Profile<Scope extends string = string> = {
  /** Appears in every error and log line. */
  name: string;
  /** The issuer exactly as the provider writes it (RFC 8414 §2), or `{api}` where it equals that base. */
  issuer?: string;
  /** Base URLs without a trailing slash. */
  bases: { api?: string; authorize?: string };
  /** The endpoints that the provider has. Operations without one fail with `invalid_request`. */
  endpoints: Endpoints;
  /** How clients authenticate at the token endpoint. */
  authentication: ClientAuthentication;
  /** The known scopes, for suggestions in editors. Any other scope is sent too. */
  scopes: readonly Scope[];
  /** What the provider does when a spent refresh token is presented again. */
  rotation: RotationClass;
  /** Where the provider departs from the RFCs. */
  quirks: Quirks;
  /** `YYYY-MM-DD`: when this profile was last compared with the provider's documentation. */
  checkedOn: string;
};

/** Where a provider departs from the RFCs. */
export type Quirks = {
  /** Used where a response has no `token_type`. Without this quirk such a response is refused (RFC 6749 §5.1). */
  tokenType?: string;
  /** Lifetime in seconds where a response has no `expires_in`. */
  expiresInSeconds?: number;
  /** The meaning of the provider's own error codes at the token endpoint. */
  refusals?: Readonly<Record<string, ClientErrorCode>>;
  /** Error codes that end a grant at once; other refusals are confirmed first (refresh-tokens.md B8). */
  finalRefusals?: readonly string[];
  /** Sent with every authorization request. */
  authorizationParameters?: Readonly<Record<string, string>>;
  /** Every authorization response carries `iss` (RFC 9207); one without it is refused. */
  answersWithIssuer?: boolean;
  /** The provider supports `refresh_intent` (refresh-tokens.md A6). */
  readsIntent?: boolean;
  /** How the token info endpoint takes the token: as a bearer header, or as `access_token` in a form. */
  tokenInfoBy?: "bearer" | "form";
};
