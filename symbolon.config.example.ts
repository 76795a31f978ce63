import { defineConfig } from "symbolon";

/**
 * Copy this to symbolon.config.ts and keep what differs from the defaults. Every key is optional; an environment
 * variable beats the file, a flag beats both. The keyring is no business of this file: it lives in the data directory,
 * or in SYMBOLON_KEYRING.
 */
export default defineConfig({
  /**
   * The public address, without a slash at the end. Clients compare it byte for byte, so choose it for good.
   * SYMBOLON_ISSUER
   */
  issuer: "https://id.example.com",

  /** Where to listen; a proxy that ends TLS stands in front. SYMBOLON_HOST, SYMBOLON_PORT */
  host: "127.0.0.1",
  port: 8787,

  /** Further host names under which requests may come. SYMBOLON_HOSTS, separated by commas */
  hosts: ["id.internal.example.com:8443"],

  /**
   * The proxies in front, as addresses or networks: believed about the address of a client, which limits count, and
   * nothing else. SYMBOLON_TRUSTED_PROXIES
   */
  trustedProxies: ["10.0.0.0/8"],

  /** The database and the keyring: a directory on a local disk, for this user alone. SYMBOLON_DATA */
  data: "/var/lib/symbolon",

  /** What applications may ask for, in the words that people read when they are asked. */
  scopes: {
    "profile:read": { title: "See your name and email address" },
    "payroll:read": { title: "See payrolls", detail: "Dates, amounts and the people paid." },
    "payroll:write": { title: "Prepare payrolls", detail: "You still approve them before money moves." },
  },

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

  /** How often one client may ask for tokens. SYMBOLON_TOKEN_REQUESTS_PER_MINUTE */
  tokenRequestsPerMinute: 60_000,
});
