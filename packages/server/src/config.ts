import type { SignInSetting } from "./sign-in/setting.ts";

/** The configuration of a server. The command validates its configuration file before it gets here. */
export type ServerConfig = {
  /** RFC 8414 §2: compared byte for byte, never taken from a request. Its path, if any, prefixes every endpoint. */
  issuer: string;
  /** Further host names, with port where not the default, that requests may carry (HT-09). */
  hosts: readonly string[];
  /**
   * Proxies, as addresses or networks (`10.0.0.0/8`), whose X-Forwarded-For is used for the address of the client, and
   * for nothing else (WB-16). Absent: none.
   */
  trustedProxies?: readonly string[];
  /** Title, detail and kind of access of each scope, as the consent page shows them. */
  scopes: Readonly<Record<string, ScopeDescription>>;
  /** What a type of resource is called on the consent page: "tax office" for `TaxOffice`. Absent: its name. */
  resourceTypes?: Readonly<Record<string, LocalText>>;
  lifetimes: Lifetimes;
  /**
   * Whether this server answers the management API: with everything else (absent), not at all, or as a listener of its
   * own that answers nothing else.
   */
  management?: "off" | "only";
  /** How people sign in. Absent: with built-in accounts. */
  signIn?: SignInSetting;
  /** Requests per minute that one client may send to the token endpoint. */
  tokenRequestsPerMinute: number;
};

/** `access`: what the consent page says that the scope allows. Default `change`, so that a page never promises less. */
export type ScopeDescription = { title: LocalText; detail?: LocalText; access?: "read" | "change" };

/** A text of the provider: the same in every language, or one for each BCP 47 tag. */
export type LocalText = string | Readonly<Record<string, string>>;

/** In seconds. */
export type Lifetimes = {
  code: number;
  /** Lifetime of an access token, unless the application has lifetimes of its own. */
  access: number;
  grantIdle: number;
  grantAbsolute: number;
  /** From the authorization request to the user's answer. */
  transaction: number;
  sessionIdle: number;
  sessionAbsolute: number;
};

export const defaultLifetimes: Lifetimes = {
  code: 60,
  access: 600,
  grantIdle: 30 * 86_400,
  grantAbsolute: 180 * 86_400,
  transaction: 600,
  sessionIdle: 12 * 3600,
  sessionAbsolute: 14 * 86_400,
};

/** The path of the issuer, without a trailing slash. It prefixes the path of every endpoint. */
export const pathOf = ({ issuer }: Pick<ServerConfig, "issuer">): string => new URL(issuer).pathname.replace(/\/$/, "");
