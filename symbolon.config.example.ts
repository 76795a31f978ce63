import { defineConfig } from "symbolon";

/**
 * Copy this file to symbolon.config.ts and keep the keys that differ from the defaults. Every key is optional. An
 * environment variable overrides the file, and a flag overrides both. The keyring is in the data directory or in
 * SYMBOLON_KEYRING, never in this file.
 */
export default defineConfig({
  /**
   * The public URL, without a slash at the end. Clients compare it byte for byte, so never change it.
   * SYMBOLON_ISSUER
   */
  issuer: "https://id.example.com",

  /** The address to listen on, behind a proxy that terminates TLS. SYMBOLON_HOST, SYMBOLON_PORT */
  host: "127.0.0.1",
  port: 8787,

  /** The management API on an address of its own, or "off". Left out, it is below /admin of the address above. */
  admin: { host: "127.0.0.1", port: 8788 },

  /** Further values of the Host header that are accepted. SYMBOLON_HOSTS, separated by commas */
  hosts: ["id.internal.example.com:8443"],

  /**
   * IP addresses or networks of the proxies in front. Their X-Forwarded-For tells the address of a client, for the
   * limits of failed attempts. SYMBOLON_TRUSTED_PROXIES, separated by commas
   */
  trustedProxies: ["10.0.0.0/8"],

  /** The directory of database and keyring: on a local disk, with mode 0700. SYMBOLON_DATA */
  data: "./symbolon-data",

  /**
   * The scopes that applications may request, each with the text of the consent page. The page lists scopes with
   * access: "read" apart from those that may change something, which is the default.
   */
  scopes: {
    "profile:read": { title: "See your name and email address", access: "read" },
    "payroll:read": { title: "See payrolls", detail: "Dates, amounts and the people paid.", access: "read" },
    "payroll:write": { title: "Prepare payrolls", detail: "You still approve them before money moves." },
  },

  /**
   * How people sign in: with accounts of this server, the default, or on your own login page, as
   * { handOff: { url: "https://your.example/login" } } (docs/sign-in.md).
   */
  signIn: { accounts: true },

  /** What a type of resource is called on the consent page. Any text of the provider may be one for each language. */
  resourceTypes: { TaxOffice: { en: "tax office", de: "Finanzamt" } },

  /**
   * Whose pages these are: people read it above the password. The colours of buttons and links, on light and on dark
   * pages, need a contrast of 4.5 to 1. `logo` and `favicon` name PNG or SVG files (docs/pages.md).
   */
  branding: {
    name: "Example Payroll",
    accent: { light: "#0b6b63", dark: "#5cc7b9" },
    support: "mailto:help@example.com",
  },

  /** The language for people who ask for none that the pages have. English and German come with the pages. */
  language: "en",

  /** Further languages, or other words of English and German: JSON files of messages. */
  languages: {},

  /** In seconds; these are the defaults. */
  lifetimes: {
    code: 60,
    access: 600,
    grantIdle: 30 * 86_400,
    grantAbsolute: 180 * 86_400,
    transaction: 600,
    sessionIdle: 12 * 3600,
    sessionAbsolute: 14 * 86_400,
  },

  /** Token requests per minute of one client. SYMBOLON_TOKEN_REQUESTS_PER_MINUTE */
  tokenRequestsPerMinute: 60_000,

  /**
   * Seconds for which a stopping server still serves while /ready answers 503. With --dev the default is 0.
   * SYMBOLON_STOP_DELAY_SECONDS
   */
  stopDelaySeconds: 5,

  /** Days for which lines of the audit log are kept. Without it: for ever. SYMBOLON_AUDIT_RETENTION_DAYS */
  auditRetentionDays: 3650,

  /** The lowest level of the event log: info, warn or error. SYMBOLON_LOG_LEVEL */
  logLevel: "info",

  /**
   * Whether the event log names the network of a failed sign-in (plain), or a keyed hash of it (hashed).
   * SYMBOLON_LOG_NETWORKS
   */
  logNetworks: "plain",
});
