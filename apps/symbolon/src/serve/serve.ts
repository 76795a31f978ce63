import { argon2Hasher, buildServer, gcraLimiter, standardLimits, type Deps } from "@symbolon/server";
import { pages } from "@symbolon/portal";
import { command, dataFlags } from "../command/command.ts";
import { Failure } from "../command/failure.ts";
import { loadSettings } from "../config/settings.ts";
import { admitDatabase, advanceMark, keepMarking } from "../data/mark.ts";
import { openSystem, serverConfigOf } from "../data/open-system.ts";
import { systemClock } from "../edge/clock.ts";
import { endSoon, untilSignal } from "../edge/signal.ts";
import { surviveStrayFaults } from "../edge/stray-fault.ts";
import { keepYoungGenerationSmall } from "../edge/young-memory.ts";
import { startAlarms } from "./alarms.ts";
import { addDevelopmentRoutes } from "./development.ts";
import { eventLog } from "./event-log.ts";
import { registerDemoOnce } from "./first-start.ts";
import { greet } from "./greeting.ts";
import { watchStalls } from "./stall-watch.ts";
import { stopWithin, watchRequests } from "./stop.ts";
import { startSweeping } from "./sweep-timer.ts";
import { decideWhere, type Where } from "./where.ts";

/** How long a stopping server waits for the requests under way. */
const patienceMs = 10_000;

export const serve = command({
  name: "serve",
  operands: [],
  summary: "run the authorization server",
  details: `
  symbolon serve --dev                                   on this computer, with a demo application and account
  symbolon serve --issuer https://id.example.com         for others, behind a proxy that ends TLS

Events go to stderr, one JSON object per line. SIGTERM and Ctrl-C finish what is under way, then stop.`,
  flags: {
    dev: { type: "boolean", summary: "development: this computer only, http, demo credentials" },
    port: { type: "string", value: "N", summary: "the port to listen on (default 8787)" },
    host: { type: "string", value: "H", summary: "the address to listen on (default localhost)" },
    issuer: { type: "string", value: "URL", summary: "the public address (default with --dev: http://localhost:PORT)" },
    ...dataFlags,
  },
  async run({ flags, terminal }) {
    keepYoungGenerationSmall();
    const settings = await loadSettings(flags, terminal);
    const where = decideWhere(settings, flags.dev);
    const log = eventLog(systemClock, terminal);
    const system = await openSystem(
      { ...settings, issuer: where.issuer },
      { create: true, notice: (cause) => log.own({ name: "keyring.unreadable", cause }) },
    );
    await admitDatabase(system);
    await advanceMark(system);
    const { store, keyring, clock, random } = system;
    const passwords = argon2Hasher(random, keyring);
    const config = serverConfigOf({ ...settings, issuer: where.issuer });
    const limiter = gcraLimiter(standardLimits(config.tokenRequestsPerMinute), clock);
    const deps: Deps = { config, store, keyring, clock, random, passwords, limiter, emit: log.emit };

    const stalls = watchStalls(clock, (forMs) => log.own({ name: "server.stalled", forMs }));
    const alarms = startAlarms(clock, store, log.own);
    const server = buildServer(deps, pages, { isOverloaded: stalls.isStalled, warnings: alarms.warnings });
    const underWay = watchRequests(server);
    if (flags.dev) addDevelopmentRoutes(server, system, passwords);
    const stopped = untilSignal();
    let stopMarking = (): void => {};
    try {
      await listen(server, where);
      surviveStrayFaults((cause) => log.emit({ name: "server.fault", endpoint: "none", cause }));
      const demo = flags.dev ? await registerDemoOnce(system, passwords) : undefined;
      const stopSweeping = startSweeping(system, (cause) => log.own({ name: "sweep.failed", cause }));
      stopMarking = keepMarking(system, (cause) => log.own({ name: "mark.failed", cause }));
      greet(
        { issuer: where.issuer, port: where.port, data: settings.data, development: flags.dev, demo },
        flags.json,
        terminal,
      );
      log.own({ name: "server.stopping", signal: await stopped });
      await stopSweeping();
    } finally {
      stopMarking();
      alarms.stop();
      await stopWithin(patienceMs, server, underWay);
      stalls.stop();
      await store.close();
    }
    endSoon();
    return 0;
  },
});

async function listen(server: ReturnType<typeof buildServer>, { host, port }: Where): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw whyDeaf(error as NodeJS.ErrnoException, host, port);
  }
}

function whyDeaf(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === "EADDRINUSE")
    return new Failure(
      `Port ${port} is in use.`,
      `Stop what listens there, or choose another: --port ${port === 65_535 ? 8787 : port + 1}`,
    );
  if (error.code === "EACCES")
    return new Failure(`This user may not listen on port ${port}.`, "Choose a port above 1023.");
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
    return new Failure(`${host} is no address of this computer.`, "Choose another --host, or leave it out.");
  return error;
}
