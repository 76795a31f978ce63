import { resolve } from "node:path";
import { defaultLifetimes, type ScopeCatalogue, type ServerConfig } from "@symbolon/server";
import type { Terminal } from "../command/terminal.ts";
import { fileSource } from "./config-file.ts";
import { exampleScopes } from "./example-scopes.ts";
import { environmentSource, readNumber } from "./environment.ts";
import { signInSettingOf } from "./sign-in-schema.ts";
import { checkSources } from "./problems.ts";
import type { GivenSettings } from "./schema.ts";

/** The flags that set a configuration key. Every command has some of them. */
export type SettingFlags = {
  data?: string | undefined;
  config?: string | undefined;
  port?: string | undefined;
  host?: string | undefined;
  issuer?: string | undefined;
};

/** The configuration file, the environment and the flags together. */
export type Settings = {
  /** undefined: not configured. `serve --dev` then uses http://localhost:PORT. */
  issuer: string | undefined;
  port: number;
  host: string | undefined;
  /** Absolute path. */
  data: string;
  /** The text of SYMBOLON_KEYRING. */
  keyring: string | undefined;
  /** undefined: the management API is on the main listener. */
  admin: { host: string; port: number } | "off" | undefined;
  hosts: readonly string[];
  trustedProxies: readonly string[];
  scopes: ServerConfig["scopes"];
  /** Whether the configuration lists the scopes; otherwise an application may be registered for any scope. */
  isCatalogueConfigured: boolean;
  resourceTypes: ServerConfig["resourceTypes"];
  branding: GivenSettings["branding"];
  /** For people who ask for no language of the pages. */
  language: string;
  /** Paths of files of messages by language. */
  languages: Readonly<Record<string, string>>;
  /** The directory that paths in `branding` and `languages` start from: that of the configuration file. */
  pageFiles: string;
  lifetimes: ServerConfig["lifetimes"];
  /** undefined: built-in accounts. */
  signIn: ServerConfig["signIn"];
  tokenRequestsPerMinute: number;
  /** undefined: not configured. `serve` then takes 5, with --dev 0. */
  stopDelaySeconds: number | undefined;
  /** undefined: for ever. */
  auditRetentionDays: number | undefined;
  logLevel: "info" | "warn" | "error";
  logNetworks: "plain" | "hashed";
};

/** A flag overrides an environment variable, which overrides the file, which overrides the default. */
export async function loadSettings(
  flags: SettingFlags,
  { env, cwd }: Pick<Terminal, "env" | "cwd">,
): Promise<Settings> {
  const file = await fileSource(flags.config ?? present(env["SYMBOLON_CONFIG"]), cwd);
  const given = checkSources([file, environmentSource(env), flagSource(flags)]);
  return settingsOf(Object.assign({}, ...given), {
    keyring: present(env["SYMBOLON_KEYRING"]),
    cwd,
    pageFiles: file.directory,
  });
}

/** Adds the defaults. */
export function settingsOf(
  merged: GivenSettings,
  { keyring, cwd, pageFiles = cwd }: { keyring: string | undefined; cwd: string; pageFiles?: string },
): Settings {
  const { issuer, scopes } = merged;
  return {
    issuer,
    port: merged.port ?? 8787,
    host: merged.host,
    data: resolve(cwd, merged.data ?? "symbolon-data"),
    keyring,
    admin: merged.admin,
    hosts: merged.hosts ?? [],
    trustedProxies: merged.trustedProxies ?? [],
    scopes: scopes ?? (isDevelopmentIssuer(issuer) ? exampleScopes : {}),
    isCatalogueConfigured: scopes !== undefined && Object.keys(scopes).length > 0,
    resourceTypes: merged.resourceTypes ?? {},
    branding: merged.branding,
    language: merged.language ?? "en",
    languages: merged.languages ?? {},
    pageFiles,
    lifetimes: { ...defaultLifetimes, ...merged.lifetimes },
    signIn: signInSettingOf(merged.signIn),
    stopDelaySeconds: merged.stopDelaySeconds,
    auditRetentionDays: merged.auditRetentionDays,
    tokenRequestsPerMinute: merged.tokenRequestsPerMinute ?? 60_000,
    logLevel: merged.logLevel ?? "info",
    logNetworks: merged.logNetworks ?? "plain",
  };
}

/** The scopes that `app create` accepts. */
export const scopeCatalogueOf = ({ scopes, isCatalogueConfigured }: Settings): ScopeCatalogue => ({
  scopes: Object.keys(scopes),
  isOpen: !isCatalogueConfigured,
});

/** Only `serve --dev` may use plain http. */
const isDevelopmentIssuer = (issuer: string | undefined): boolean => issuer === undefined || issuer.startsWith("http:");

function flagSource({ data, port, host, issuer }: SettingFlags) {
  const given = { data, port: port === undefined ? undefined : readNumber(port), host, issuer };
  return {
    given: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    label: ([key]: readonly PropertyKey[]) => `--${String(key)}`,
  };
}

const present = (value: string | undefined): string | undefined => (value === "" ? undefined : value);
