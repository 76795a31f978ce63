import {
  argon2Hasher,
  buildServer,
  gcraLimiter,
  standardLimits,
  trackConnections,
  type Connections,
  type Deps,
  type Pages,
} from "@symbolon/server";
import { readPages } from "../config/pages.ts";
import type { Settings } from "../config/settings.ts";
import { claimDatabase, keepMarking } from "../data/mark.ts";
import { openSystem, serverConfigOf, type System } from "../data/open-system.ts";
import { preparePrivateDirectory } from "../data/private-file.ts";
import { claimAsServer } from "../data/process-lock.ts";
import { systemClock } from "../edge/clock.ts";
import { listenForAdmin, type AdminListener } from "../serve/admin-listener.ts";
import { startAlarms } from "../serve/alarms.ts";
import type { EventLog } from "../serve/event-log.ts";
import { withHashedNetworks } from "../serve/hashed-networks.ts";
import { detectStalls } from "../serve/stall-detector.ts";
import { startSweeping } from "../serve/sweep-timer.ts";

/** A server with its data directory, which listens nowhere yet. */
export type OpenServer = {
  app: ReturnType<typeof buildServer>;
  connections: Connections;
  deps: Deps;
  system: System;
  /** Names of problems that an operator should look at although requests are served. */
  warnings(): readonly string[];
  /** Serves the management API on an address of its own, where one is configured. */
  listenForAdmin(): Promise<AdminListener>;
  /** From now on, removes expired rows, and notes in the data directory how far the database is. */
  startUpkeep(): void;
  /** Ends the upkeep, and closes the data directory. No request may follow. */
  close(): Promise<void>;
};

/** Opens the data directory, or makes it, and builds the server. Throws a Failure if the directory cannot be used. */
export async function openServer(settings: Settings & { issuer: string }, log: EventLog): Promise<OpenServer> {
  const pages = readPages(settings, (language, missing) =>
    log.emitOwn({ name: "language.incomplete", language, missing: missing.join(" ") }),
  );
  preparePrivateDirectory(settings.data);
  const endClaim = await claimAsServer(settings.data);
  try {
    const notice = (cause: string): void => log.emitOwn({ name: "keyring.unreadable", cause });
    const system = await openSystem(settings, { create: true, notice });
    await claimDatabase(system).catch(async (error: unknown) => {
      await system.store.close();
      throw error;
    });
    return assemble(system, settings, pages, log, endClaim);
  } catch (error) {
    endClaim();
    throw error;
  }
}

function assemble(
  system: System,
  settings: Settings & { issuer: string },
  pages: Pages,
  log: EventLog,
  endClaim: () => void,
): OpenServer {
  const { store, keyring, clock, random } = system;
  const config = serverConfigOf(settings);
  const deps: Deps = {
    config,
    store,
    keyring,
    clock,
    random,
    passwords: argon2Hasher(random, keyring),
    limiter: gcraLimiter(standardLimits(config.tokenRequestsPerMinute), clock),
    emit: settings.logNetworks === "hashed" ? withHashedNetworks(log.emit, keyring) : log.emit,
  };
  const stalls = detectStalls(clock, (forMs) => log.emitOwn({ name: "server.stalled", forMs }));
  const alarms = startAlarms({ clock: systemClock, behindMs: clock.behindMs, store }, log.emitOwn);
  const connections = trackConnections(settings.trustedProxies);
  const health = { isOverloaded: stalls.isStalled, warnings: alarms.warnings };
  const app = buildServer(deps, pages, health, connections);
  let stopUpkeep = async (): Promise<void> => {};
  return {
    app,
    connections,
    deps,
    system,
    warnings: alarms.warnings,
    listenForAdmin: () => listenForAdmin(deps, pages, health, settings),
    startUpkeep() {
      const stopSweeping = startSweeping(system, (cause) => log.emitOwn({ name: "sweep.failed", cause }));
      const stopMarking = keepMarking(system, (cause) => log.emitOwn({ name: "mark.failed", cause }));
      stopUpkeep = async () => {
        await stopSweeping();
        await stopMarking();
      };
    },
    async close() {
      alarms.stop();
      stalls.stop();
      await stopUpkeep();
      await store.close();
      endClaim();
    },
  };
}
