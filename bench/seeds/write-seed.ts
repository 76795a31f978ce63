import { seedBetterAuth } from "./better-auth.ts";
import { seedOauth2Server } from "./oauth2-server.ts";
import { seedOidcSqlite } from "./oidc-provider.ts";
import type { Amounts } from "./seed.ts";
import { seedSymbolon } from "./symbolon.ts";

/** Databases that are written before their servers start. */
const seeds = {
  symbolon: seedSymbolon,
  "oidc-sqlite": seedOidcSqlite,
  "oauth2-server": seedOauth2Server,
  "better-auth": seedBetterAuth,
} satisfies Record<string, (directory: string, amounts: Amounts) => Promise<void> | void>;

export type SeedKind = keyof typeof seeds;

/**
 * `node write-seed.ts KIND DIRECTORY AMOUNTS`: a process of its own, so that its memory is not counted as a server's.
 */
if (import.meta.main) {
  const [kind, directory, amounts] = process.argv.slice(2);
  await seeds[kind as SeedKind](directory!, JSON.parse(amounts!) as Amounts);
}
