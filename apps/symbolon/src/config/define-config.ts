import type { Lifetimes, ScopeDescription } from "@symbolon/server";

/**
 * What `symbolon.config.ts` may say; all of it is optional. A flag beats an environment variable, which beats the file.
 */
export type SymbolonConfig = {
  /** The public https:// address, without a slash at the end; SYMBOLON_ISSUER. Clients compare it byte for byte. */
  issuer?: string;
  /** SYMBOLON_PORT; 8787. */
  port?: number;
  /** The address to listen on; SYMBOLON_HOST; this computer only. */
  host?: string;
  /** The data directory; SYMBOLON_DATA; ./symbolon-data. */
  data?: string;
  /** Further host names, with their ports, under which requests may come; SYMBOLON_HOSTS, separated by commas. */
  hosts?: readonly string[];
  /**
   * Proxies in front, as addresses or networks, that are believed about the address of a client;
   * SYMBOLON_TRUSTED_PROXIES, separated by commas.
   */
  trustedProxies?: readonly string[];
  /** What each scope means, in the words of the consent page. */
  scopes?: Readonly<Record<string, ScopeDescription>>;
  /** In seconds. */
  lifetimes?: Partial<Lifetimes>;
  /** How often one client may ask for tokens; SYMBOLON_TOKEN_REQUESTS_PER_MINUTE. */
  tokenRequestsPerMinute?: number;
};

/** Gives `symbolon.config.ts` its types; what it holds is checked when the command reads it. */
export const defineConfig = (config: SymbolonConfig): SymbolonConfig => config;
