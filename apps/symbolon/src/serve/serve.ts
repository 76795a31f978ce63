import type { Server } from "node:net";
import { argon2Hasher, buildServer, gcraLimiter, standardLimits, trackConnections, type Deps } from "@symbolon/server";
import { pages } from "@symbolon/portal";
import { command, dataFlags } from "../command/command.ts";
import { loadSettings } from "../config/settings.ts";
import { claimDatabase, keepMarking } from "../data/mark.ts";
import { openSystem, serverConfigOf } from "../data/open-system.ts";
import { preparePrivateDirectory } from "../data/private-file.ts";
import { claimAsServer } from "../data/process-lock.ts";
import { systemClock } from "../edge/clock.ts";
import { inheritedSocket } from "../edge/inherited-socket.ts";
import { exitSoon, untilSignal } from "../edge/signal.ts";
import { surviveUncaughtErrors } from "../edge/uncaught-errors.ts";
import { keepYoungGenerationSmall } from "../edge/young-memory.ts";
import { chooseAddress } from "./address.ts";
import { listenForAdmin } from "./admin-listener.ts";
import { startAlarms } from "./alarms.ts";
import { registerDemoOnce } from "./demo-once.ts";
import { addDevelopmentRoutes } from "./development.ts";
import { eventLog } from "./event-log.ts";
import { withHashedNetworks } from "./hashed-networks.ts";
import { greet } from "./greeting.ts";
import { listen, refuseOtherComputers } from "./listen.ts";
import { detectStalls } from "./stall-detector.ts";
import { stopServer } from "./stop.ts";
import { startSweeping } from "./sweep-timer.ts";

/** How long a server that no longer listens waits for the requests under way. */
const stopTimeoutMs = 10_000;
/** For how long /ready answers 503 before that, so that load balancers notice. */
const standardStopDelaySeconds = 5;

export const serve = command({
  name: "serve",
  operands: [],
  summary: "run the authorization server",
  details: `
Examples
  symbolon serve --dev                               on this computer only, with a demo application and account
  symbolon serve --issuer https://id.example.com     in production, behind a proxy that terminates TLS

Events go to stderr, one JSON object per line. SIGTERM and Ctrl-C stop the server: /ready answers 503 for
stopDelaySeconds (5; with --dev 0), then requests under way are finished. A second signal ends it at once.
A listening socket from systemd (LISTEN_FDS) is used instead of --host and --port.`,
  flags: {
    dev: { type: "boolean", summary: "development mode: this computer only, http allowed, demo credentials" },
    port: { type: "string", value: "N", summary: "the port to listen on (default 8787)" },
    host: { type: "string", value: "H", summary: "the address to listen on (default localhost)" },
    issuer: { type: "string", value: "URL", summary: "the public URL (default with --dev: http://localhost:PORT)" },
    ...dataFlags,
  },
  async run({ flags, terminal }) {
    keepYoungGenerationSmall();
    const settings = await loadSettings(flags, terminal);
    const { issuer, host, port } = chooseAddress(settings, flags.dev);
    const log = eventLog(systemClock, terminal, settings.logLevel);
    preparePrivateDirectory(settings.data);
    const endClaim = await claimAsServer(settings.data);
    const system = await openSystem(
      { ...settings, issuer },
      { create: true, notice: (cause) => log.emitOwn({ name: "keyring.unreadable", cause }) },
    );
    await claimDatabase(system);
    const { store, keyring, clock, random } = system;
    const passwords = argon2Hasher(random, keyring);
    const config = serverConfigOf({ ...settings, issuer });
    const limiter = gcraLimiter(standardLimits(config.tokenRequestsPerMinute), clock);
    const emit = settings.logNetworks === "hashed" ? withHashedNetworks(log.emit, keyring) : log.emit;
    const deps: Deps = { config, store, keyring, clock, random, passwords, limiter, emit };

    const stalls = detectStalls(clock, (forMs) => log.emitOwn({ name: "server.stalled", forMs }));
    const alarms = startAlarms({ clock: systemClock, behindMs: clock.behindMs, store }, log.emitOwn);
    const connections = trackConnections(settings.trustedProxies);
    const health = { isOverloaded: stalls.isStalled, warnings: alarms.warnings };
    const server = buildServer(deps, pages, health, connections);
    if (flags.dev) addDevelopmentRoutes(server, system, passwords);
    const stopped = untilSignal();
    let listeners: readonly Server[] = [];
    let delaySeconds = 0;
    let stopMarking = async (): Promise<void> => {};
    let admin: Awaited<ReturnType<typeof listenForAdmin>> | undefined;
    try {
      listeners = await listen(server, { host, port, inherited: inheritedSocket(terminal.env) });
      admin = await listenForAdmin(deps, pages, health, settings);
      if (flags.dev) refuseOtherComputers([...listeners, ...admin.listeners]);
      surviveUncaughtErrors((cause) => log.emit({ name: "server.fault", endpoint: "none", cause }));
      const demo = flags.dev ? await registerDemoOnce(system, passwords) : undefined;
      const stopSweeping = startSweeping(system, (cause) => log.emitOwn({ name: "sweep.failed", cause }));
      stopMarking = keepMarking(system, (cause) => log.emitOwn({ name: "mark.failed", cause }));
      greet({ issuer, port, data: settings.data, development: flags.dev, demo }, flags.json, terminal);
      log.emitOwn({ name: "server.stopping", signal: await stopped });
      delaySeconds = settings.stopDelaySeconds ?? (flags.dev ? 0 : standardStopDelaySeconds);
      await stopSweeping();
    } finally {
      alarms.stop();
      const times = { delayMs: 1000 * delaySeconds, timeoutMs: stopTimeoutMs };
      await Promise.all([stopServer(server, listeners, connections, times), admin?.stop(times)]);
      await stopMarking();
      stalls.stop();
      await store.close();
      endClaim();
    }
    exitSoon();
    return 0;
  },
});
