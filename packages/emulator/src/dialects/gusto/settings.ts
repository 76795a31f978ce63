import type { Assumption } from "../../provider/assumption.ts";

/** Settings for Gusto's environments and for behaviour that is not publicly known. */
export type GustoSettings = {
  /** Scopes are enforced in production only. */
  environment: "demo" | "production";
  /** `all`: every known date is accepted. `schedule`: dates appear and retire by the emulator's clock. */
  versions: "all" | "schedule";
  /** Requests per 60 seconds and pair of application and user. null: no limit. */
  requestsPerMinute: number | null;
  /** The format of errors of `/oauth/token`. */
  tokenErrors: "rfc6749" | "errors";
  /** Whether a `client_secret` in the URL is accepted. */
  secretInUrl: "refuse" | "accept";
  /** Whether HTTP Basic without credentials in the body is accepted. */
  basicAlone: "accept" | "refuse";
  /** Whether `state` comes back in the redirect. */
  state: "echo" | "drop";
  /** Whether PKCE is verified if it is used. */
  pkce: "honour" | "ignore";
  /** The body of 401 outside `/oauth/token`. */
  unauthorizedBody: "empty" | "errors";
  /** The category of a 403. */
  forbiddenCategory: string;
  /** The scope that token info requires. null: none. */
  tokenInfoScope: string | null;
  /** Whether `strict_access` exchanges a legacy refresh token. */
  strictAccess: "legacy_refresh_token" | "unsupported";
};

export const defaultGustoSettings: GustoSettings = {
  environment: "demo",
  versions: "all",
  requestsPerMinute: 200,
  tokenErrors: "rfc6749",
  secretInUrl: "refuse",
  basicAlone: "accept",
  state: "echo",
  pkce: "honour",
  unauthorizedBody: "empty",
  forbiddenCategory: "insufficient_scope",
  tokenInfoScope: null,
  strictAccess: "legacy_refresh_token",
};

export const gustoAssumptions = {
  "gusto-token-errors": {
    description:
      "Errors of /oauth/token are RFC 6749 errors: 400 invalid_grant (also for a replayed code), 401 invalid_client.",
    setting: "tokenErrors",
  },
  "gusto-secret-in-url": {
    description: "A client_secret in the URL is refused with invalid_request. Known: it is refused; assumed: the body.",
    setting: "secretInUrl",
  },
  "gusto-basic-alone": {
    description: "HTTP Basic without credentials in the body is accepted at /oauth/token.",
    setting: "basicAlone",
  },
  "gusto-state": { description: "state is echoed in the redirect.", setting: "state" },
  "gusto-pkce": { description: "PKCE is verified if it is used.", setting: "pkce" },
  "gusto-denial": { description: "Deny redirects with error=access_denied.", setting: "none" },
  "gusto-unauthorized": {
    description: "401 outside /oauth/token has no body and a Bearer WWW-Authenticate header.",
    setting: "unauthorizedBody",
  },
  "gusto-forbidden": {
    description: "403 has the errors[] envelope with an assumed category.",
    setting: "forbiddenCategory",
  },
  "gusto-token-info-scope": { description: "token_info needs no scope.", setting: "tokenInfoScope" },
  "gusto-rotation": {
    description:
      "Revoke on use, as Doorkeeper does it: each redemption of an unused predecessor issues another pair, sibling pairs stay valid, and there is no reuse detection.",
    setting: "rotation (of the profile)",
  },
  "gusto-refresh-lifetime": {
    description: "A refresh token never expires.",
    setting: "refreshLifetimeSeconds (of the profile)",
  },
  "gusto-strict-access": {
    description:
      "strict_access takes the client's credentials and the legacy refresh token, and optionally a company_uuid; it answers one pair for one company.",
    setting: "strictAccess",
  },
  "gusto-authorize-errors": {
    description: "Errors of an authorization request are shown on a page with status 400.",
    setting: "none",
  },
} as const satisfies Record<string, Assumption>;

export type GustoAssumption = keyof typeof gustoAssumptions;
