import type { Lifetimes, LocalText, ScopeDescription } from "@symbolon/server/config";

/**
 * The keys of `symbolon.config.ts`, all optional. A flag overrides an environment variable, which overrides the file.
 */
export type SymbolonConfig = {
  /** The public https:// URL, without a slash at the end. Clients compare it byte for byte. SYMBOLON_ISSUER */
  issuer?: string;
  /** The port to listen on; default 8787. SYMBOLON_PORT */
  port?: number;
  /** The address to listen on; default localhost. SYMBOLON_HOST */
  host?: string;
  /** The data directory; default ./symbolon-data. SYMBOLON_DATA */
  data?: string;
  /**
   * The management API: an address of its own to listen on, or "off". Default: below /admin of the address above. A
   * client of it is made by `symbolon admin credentials`.
   */
  admin?: { host: string; port: number } | "off";
  /** Further values of the Host header that are accepted, each with its port. SYMBOLON_HOSTS, separated by commas */
  hosts?: readonly string[];
  /**
   * IP addresses or networks of the proxies in front. Their X-Forwarded-For tells the address of a client.
   * SYMBOLON_TRUSTED_PROXIES, separated by commas
   */
  trustedProxies?: readonly string[];
  /** The scopes that applications may request, each with the text of the consent page and what it gives access to. */
  scopes?: Readonly<Record<string, ScopeDescription>>;
  /**
   * How people sign in: with accounts of this server (default), or on your own login page, which gets the id of the
   * sign-in as `?sign_in=` (docs/sign-in.md).
   */
  signIn?: { accounts: true } | { handOff: { url: string } };
  /** What a type of resource is called on the consent page: `{ TaxOffice: { en: "tax office", de: "Finanzamt" } }`. */
  resourceTypes?: Readonly<Record<string, LocalText>>;
  /**
   * Whose pages these are (docs/pages.md). `accent`: the colour of buttons and links on light and on dark pages, as
   * #rrggbb, with a contrast of 4.5 to 1. `logo` and `favicon`: PNG or SVG files, up to 256 KiB. `support`: an https or
   * mailto address. Paths start from the directory of this file, of `createServer` from the working directory.
   */
  branding?: {
    name: string;
    accent?: { light: string; dark: string };
    logo?: string;
    favicon?: string;
    support?: string;
  };
  /** The language for people who ask for none that the pages have; default en. */
  language?: string;
  /** Further languages, or other words of those that the pages have: JSON files of messages by BCP 47 tag. */
  languages?: Readonly<Record<string, string>>;
  /** In seconds; symbolon.config.example.ts has the defaults. */
  lifetimes?: Partial<Lifetimes>;
  /**
   * Seconds for which a stopping server still serves while /ready answers 503: longer than the load balancer needs to
   * notice. Default 5, with --dev 0. SYMBOLON_STOP_DELAY_SECONDS
   */
  stopDelaySeconds?: number;
  /** Days for which lines of the audit log are kept; default: for ever. SYMBOLON_AUDIT_RETENTION_DAYS */
  auditRetentionDays?: number;
  /** Token requests per minute of one client; default 60000. SYMBOLON_TOKEN_REQUESTS_PER_MINUTE */
  tokenRequestsPerMinute?: number;
  /** The lowest level of the event log: info, warn or error; default info. SYMBOLON_LOG_LEVEL */
  logLevel?: "info" | "warn" | "error";
  /** Whether the event log names the networks of failed sign-ins; default plain. SYMBOLON_LOG_NETWORKS */
  logNetworks?: "plain" | "hashed";
};

/** Gives `symbolon.config.ts` its types. The command checks the values when it reads the file. */
export const defineConfig = (config: SymbolonConfig): SymbolonConfig => config;
