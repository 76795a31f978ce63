import type { Assumption } from "../../provider/assumption.ts";

/** Settings for Gusto's environments and for behaviour that is not publicly known. */
export type GustoSettings = {
  /** Scopes are enforced in production only. */
  environment: "demo" | "production";
  /** `all`: every known date is accepted. `schedule`: dates appear and retire by the emulator's clock. */
  versions: "all" | "schedule";
  /** Requests per 60 seconds and pair of application and user. null: no limit. */
  requestsPerMinute: number | null;
  tokenErrors: "rfc6749" | "errors";
  secretInUrl: "refuse" | "accept";
  basicAlone: "accept" | "refuse";
  state: "echo" | "drop";
  pkce: "honour" | "ignore";
  unauthorizedBody: "empty" | "errors";
  forbiddenCategory: string;
  /** The scope that token info requires. null: none. */
  tokenInfoScope: string | null;
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
    says: "Failures of /oauth/token have the form of RFC 6749: 400 invalid_grant (also for a code that comes again), 401 invalid_client.",
    setting: "tokenErrors",
  },
  "gusto-secret-in-url": {
    says: "A client_secret in the URL is refused with invalid_request; that it is refused is known, the body is not.",
    setting: "secretInUrl",
  },
  "gusto-basic-alone": {
    says: "Basic without credentials in the body is accepted at /oauth/token.",
    setting: "basicAlone",
  },
  "gusto-state": { says: "state is echoed in the redirect.", setting: "state" },
  "gusto-pkce": { says: "PKCE is honoured where it is used.", setting: "pkce" },
  "gusto-denial": { says: "A person who says no is sent back with error=access_denied.", setting: "none" },
  "gusto-unauthorized": {
    says: "401 outside /oauth/token has no body, and a WWW-Authenticate of the Bearer scheme.",
    setting: "unauthorizedBody",
  },
  "gusto-forbidden": { says: "403 has the errors[] envelope; its category is invented.", setting: "forbiddenCategory" },
  "gusto-token-info-scope": { says: "token_info needs no scope.", setting: "tokenInfoScope" },
  "gusto-rotation": {
    says: "Revoke on use, as Doorkeeper does it: each redemption of an unused predecessor mints another pair, siblings live on, and nothing is taken for theft.",
    setting: "rotation (of the profile)",
  },
  "gusto-refresh-lifetime": {
    says: "A refresh token never expires.",
    setting: "refreshLifetimeSeconds (of the profile)",
  },
  "gusto-strict-access": {
    says: "strict_access takes the client's credentials and the legacy refresh token, and optionally a company_uuid; it answers one pair for one company.",
    setting: "strictAccess",
  },
  "gusto-authorize-errors": {
    says: "What is wrong with an authorization request is shown on a page with status 400.",
    setting: "none",
  },
} as const satisfies Record<string, Assumption>;

export type GustoAssumption = keyof typeof gustoAssumptions;
