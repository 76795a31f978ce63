import type { ClientErrorCode } from "./errors/client-error.ts";
import type { RotationClass } from "./rotation-class.ts";

/**
 * How a client proves itself at the token endpoint. `client_secret_basic` form-encodes both halves (RFC 6749 §2.3.1),
 * `basic_raw` joins them as they are; `client_secret_post` puts them into a form, `client_secret_json` into a JSON
 * body; `none` is a public client. Only `client_secret_json` changes the body's media type.
 */
export type ClientAuthentication =
  | "client_secret_basic"
  | "basic_raw"
  | "client_secret_post"
  | "client_secret_json"
  | "none";

/** Absolute URLs; `{api}` and `{authorize}` at their beginning stand for the bases. */
export type Endpoints = {
  authorization?: string;
  token?: string;
  introspection?: string;
  revocation?: string;
  tokenInfo?: string;
  deviceAuthorization?: string;
};

/** What is known of a provider: a value, so that it can be read, copied and changed. */
export type Profile<Scope extends string = string> = {
  name: string;
  /** Exactly as the provider writes it (RFC 8414 §2); `{api}` where it is the base. Absent where it has none. */
  issuer?: string;
  bases: { api?: string; authorize?: string };
  endpoints: Endpoints;
  authentication: ClientAuthentication;
  /** The names that are known; any other is sent too. */
  scopes: readonly Scope[];
  rotation: RotationClass;
  quirks: Quirks;
  /** The day on which somebody last compared this with the provider's documents. */
  checkedOn: string;
};

/** Where a provider departs from the RFCs. */
export type Quirks = {
  /** What an absent `token_type` means. Without it an answer that has none is refused (RFC 6749 §5.1). */
  tokenType?: string;
  /** What an absent `expires_in` means, in seconds. */
  expiresInSeconds?: number;
  /** What the provider's own codes mean at the token endpoint. */
  refusals?: Readonly<Record<string, ClientErrorCode>>;
  /** Refusals that are the last word about a grant: nothing needs to be confirmed (refresh-tokens.md B8). */
  finalRefusals?: readonly string[];
  /** Sent with every authorization request. */
  authorizationParameters?: Readonly<Record<string, string>>;
  /** Every answer to an authorization request carries `iss` (RFC 9207). */
  answersWithIssuer?: boolean;
  /** The provider reads `refresh_intent` (refresh-tokens.md A6). */
  readsIntent?: boolean;
  /** How the token info endpoint wants the token: as bearer, or in a form as `access_token`. */
  tokenInfoBy?: "bearer" | "form";
};
