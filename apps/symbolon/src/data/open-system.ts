import { existsSync } from "node:fs";
import { join } from "node:path";
import { hmacKeyring, type Keyring, type KeyringData, type Random, type ServerConfig } from "@symbolon/server";
import { openSqliteStore, type SqliteStore } from "@symbolon/store-sqlite";
import { Failure } from "../command/failure.ts";
import type { Terminal } from "../command/terminal.ts";
import { loadSettings, type SettingFlags, type Settings } from "../config/settings.ts";
import { systemClock } from "../edge/clock.ts";
import { systemRandom } from "../edge/random.ts";
import { parseKeyring } from "../keyring/format.ts";
import { openKeyringFile } from "../keyring/keyring-file.ts";
import { bindKeyring, readKeyring, refuseMissingKeyring } from "./bound-keyring.ts";
import { preparePrivateDirectory } from "./private-file.ts";
import { refuseOldRuntime } from "./runtime.ts";
import { steadyClock, type SteadyClock } from "./steady-clock.ts";

/** The opened data directory. A server may use it at the same time. */
export type System = {
  settings: Settings;
  store: SqliteStore;
  keyring: Keyring;
  clock: SteadyClock;
  random: Random;
  /** Whether this call made the keyring, which happens at the first start. */
  isNew: boolean;
};

/** `create`: whether to make a missing data directory. `notice` receives warnings about the keyring file. */
export type Opening = { create: boolean; notice?: (text: string) => void };

export async function openSystem(settings: Settings, { create, notice = () => {} }: Opening): Promise<System> {
  refuseOldRuntime(process.versions);
  const random = systemRandom;
  if (!create) refuseMissing(settings);
  preparePrivateDirectory(settings.data);
  readKeyring(settings); // A damaged keyring is refused before a database is made.
  const store = openSqliteStore({ path: databasePath(settings), create });
  try {
    const clock = steadyClock(systemClock, (await store.mark.latestTime()) * 1000);
    const { load, made } = await openKeyring(settings, { random, notice }, async () => {
      await refuseMissingKeyring(store, settings);
      if (!create) throw noData(settings);
    });
    await bindKeyring(store, load(), settings);
    return { settings, store, keyring: hmacKeyring(load), clock, random, isNew: made };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Opens the data directory that the flags name, runs `work` with it, and closes it. */
export async function withSystem<T>(
  invocation: { flags: SettingFlags; terminal: Terminal },
  opening: Opening,
  work: (system: System) => Promise<T>,
): Promise<T> {
  const system = await openSystem(await loadSettings(invocation.flags, invocation.terminal), {
    notice: invocation.terminal.err,
    ...opening,
  });
  try {
    return await work(system);
  } finally {
    await system.store.close();
  }
}

export const databasePath = ({ data }: Settings): string => join(data, "symbolon.sqlite");

/** The configuration of the server. Without a configured issuer it has the issuer of `serve --dev`. */
export const serverConfigOf = ({
  issuer,
  port,
  hosts,
  trustedProxies,
  scopes,
  resourceTypes,
  lifetimes,
  tokenRequestsPerMinute,
  admin,
  signIn,
}: Settings): ServerConfig => ({
  issuer: issuer ?? `http://localhost:${port}`,
  hosts,
  trustedProxies,
  scopes,
  resourceTypes,
  lifetimes,
  tokenRequestsPerMinute,
  ...(admin === undefined ? {} : { management: "off" }),
  ...(signIn === undefined ? {} : { signIn }),
});

function refuseMissing(settings: Settings): void {
  if (!existsSync(databasePath(settings))) throw noData(settings);
}

const noData = ({ data }: Settings): Failure =>
  new Failure(
    `There is no data in ${data}.`,
    "Name the directory with --data, or start a server there first: symbolon serve --dev.",
  );

async function openKeyring(
  settings: Settings,
  world: { random: Random; notice(text: string): void },
  beforeMaking: () => Promise<void>,
): Promise<{ load: () => KeyringData; made: boolean }> {
  if (settings.keyring === undefined)
    return await openKeyringFile(settings.data, { clock: systemClock, ...world }, beforeMaking);
  const data = parseKeyring(settings.keyring, "SYMBOLON_KEYRING");
  return { load: () => data, made: false };
}
