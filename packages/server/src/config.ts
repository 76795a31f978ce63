/**
 * What a server is told once, at start. The command's configuration file is checked against a schema before it gets
 * here.
 */
export type ServerConfig = {
  /** RFC 8414 §2: compared byte for byte, never taken from a request. Its path, if any, prefixes every endpoint. */
  issuer: string;
  /** Further host names, with port where not the default, that requests may carry (HT-09). */
  hosts: readonly string[];
  /**
   * Proxies, as addresses or networks (`10.0.0.0/8`), that are believed about the address of whom they speak for, and
   * about nothing else (WB-16); absent: none.
   */
  trustedProxies?: readonly string[];
  /** What each scope means, in the words that the consent page shows. */
  scopes: Readonly<Record<string, ScopeDescription>>;
  lifetimes: Lifetimes;
  /** Requests that one client may send to the token endpoint per minute. */
  tokenRequestsPerMinute: number;
};

export type ScopeDescription = { title: string; detail?: string };

/** In seconds. */
export type Lifetimes = {
  code: number;
  /** An access token where the application names no lifetimes of its own. */
  access: number;
  grantIdle: number;
  grantAbsolute: number;
  /** From the authorization request to the answer of the person. */
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

/** The path of the issuer, without a trailing slash: the prefix of every endpoint. */
export const pathOf = ({ issuer }: ServerConfig): string => new URL(issuer).pathname.replace(/\/$/, "");
