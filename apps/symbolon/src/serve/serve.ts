import type { Server } from "node:net";
import { command, dataFlags } from "../command/command.ts";
import { loadSettings } from "../config/settings.ts";
import { systemClock } from "../edge/clock.ts";
import { inheritedSocket } from "../edge/inherited-socket.ts";
import { exitSoon, untilSignal } from "../edge/signal.ts";
import { surviveUncaughtErrors } from "../edge/uncaught-errors.ts";
import { keepYoungGenerationSmall } from "../edge/young-memory.ts";
import { openServer } from "../server/open-server.ts";
import { chooseAddress } from "./address.ts";
import type { AdminListener } from "./admin-listener.ts";
import { registerDemoOnce } from "./demo-once.ts";
import { addDevelopmentRoutes } from "./development.ts";
import { eventLog } from "./event-log.ts";
import { greet } from "./greeting.ts";
import { listen, refuseOtherComputers } from "./listen.ts";
import { standardStopDelaySeconds, stopServer, stopTimeoutMs } from "./stop.ts";

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
    const open = await openServer({ ...settings, issuer }, log);
    const { app, connections, system, deps } = open;
    if (flags.dev) addDevelopmentRoutes(app, system, deps.passwords);
    const stopped = untilSignal();
    let listeners: readonly Server[] = [];
    let delaySeconds = 0;
    let admin: AdminListener | undefined;
    try {
      listeners = await listen(app, { host, port, inherited: inheritedSocket(terminal.env) });
      admin = await open.listenForAdmin();
      if (flags.dev) refuseOtherComputers([...listeners, ...admin.listeners]);
      surviveUncaughtErrors((cause) => log.emit({ name: "server.fault", endpoint: "none", cause }));
      const demo = flags.dev ? await registerDemoOnce(system, deps.passwords) : undefined;
      open.startUpkeep();
      greet({ issuer, port, data: settings.data, development: flags.dev, demo }, flags.json, terminal);
      log.emitOwn({ name: "server.stopping", signal: await stopped });
      delaySeconds = settings.stopDelaySeconds ?? (flags.dev ? 0 : standardStopDelaySeconds);
    } finally {
      const times = { delayMs: 1000 * delaySeconds, timeoutMs: stopTimeoutMs };
      await Promise.all([stopServer(app, listeners, connections, times), admin?.stop(times)]);
      await open.close();
    }
    exitSoon();
    return 0;
  },
});
