import type { AddressInfo, Server } from "node:net";
import {
  embeddedPlugin,
  fetchHandler,
  nodeHandler,
  openEntrance,
  ownedPaths,
  type EmbeddedPlugin,
  type FetchHandler,
  type NodeHandler,
} from "@symbolon/server";
import { UsageError } from "../command/failure.ts";
import type { SymbolonConfig } from "../config/define-config.ts";
import { checkSources } from "../config/problems.ts";
import { settingsOf, type Settings } from "../config/settings.ts";
import { systemClock } from "../edge/clock.ts";
import { processStderr } from "../edge/process-terminal.ts";
import { refusePlainHttp } from "../serve/address.ts";
import { eventLog } from "../serve/event-log.ts";
import { listen } from "../serve/listen.ts";
import { standardStopDelaySeconds, stopServer, stopTimeoutMs, within } from "../serve/stop.ts";
import { callForEvents, type LoggedEvent } from "./logged-events.ts";
import { openServer } from "./open-server.ts";

export type ServerOptions = {
  /**
   * The keys of `symbolon.config.ts`, which the command reads too. `issuer` is required; its path is where the server
   * is in the host application. `data` names the data directory, relative to the working directory.
   */
  config: SymbolonConfig;
  /** The text of the keyring; default: `keyring.json` in the data directory, which is followed when it changes. */
  keyring?: string | undefined;
  /** Receives the events of the log. Default: one line of JSON per event on stderr. */
  onEvent?: (event: LoggedEvent) => unknown;
};

/** A running authorization server. It answers what is passed to it, and listens nowhere unless `listen` is called. */
export type SymbolonServer = {
  /** The issuer of the configuration. */
  issuer: string;
  /**
   * The paths that belong to the server, for hosts that route by themselves. One that ends in `/*` stands for all that
   * is below it. One is the metadata document, which is outside of the path of the issuer (RFC 8414 §3.1).
   */
  paths: readonly string[];
  /** For `node:http`, Express and Connect: `app.use(symbolon.node)`, before any body parser. */
  node: NodeHandler;
  /** For Hono, Next and every other host with requests of the Fetch API. */
  fetch: FetchHandler;
  /** For Fastify: `app.register(symbolon.plugin)`. Closing the host application closes the server. */
  plugin: EmbeddedPlugin;
  /** Listens on its own, by default on the host and port of the configuration. Returns the port. */
  listen(address?: { host?: string; port?: number }): Promise<number>;
  /**
   * Resolves if requests can be served, with the names of problems that an operator should look at. Rejects if the
   * database cannot be written. For the health check of the host application.
   */
  ready(): Promise<{ warnings: readonly string[] }>;
  /**
   * Stops listening, finishes the requests under way, ends the upkeep and closes the data directory. Later requests get
   * 503, so close the host application first.
   */
  close(): Promise<void>;
};

/**
 * Builds the authorization server for an application that runs it in its own process. Opens the data directory, or
 * makes it. Rejects with an error that names each wrong key of `config`, or says why the directory cannot be used.
 */
export async function createServer(options: ServerOptions): Promise<SymbolonServer> {
  const settings = readSettings(options);
  const log =
    options.onEvent === undefined
      ? eventLog(systemClock, processStderr(), settings.logLevel)
      : callForEvents(systemClock, settings.logLevel, options.onEvent);
  const open = await openServer(settings, log);
  const { app, connections, deps, system } = open;
  await app.ready();
  const admin = await open.listenForAdmin().catch(async (error: unknown) => {
    await open.close();
    throw error;
  });
  open.startUpkeep();
  const entrance = openEntrance();
  const node = nodeHandler(app, deps, entrance);
  let listeners: readonly Server[] = [];
  let closing: Promise<void> | undefined;

  const closeOnce = async (): Promise<void> => {
    const delaySeconds = settings.stopDelaySeconds ?? (isDevelopment(settings) ? 0 : standardStopDelaySeconds);
    const passedOn = entrance.close();
    const times = { delayMs: 1000 * delaySeconds, timeoutMs: stopTimeoutMs };
    const isAlone = listeners.length > 0;
    await Promise.all([isAlone && stopServer(app, listeners, connections, times), admin.stop(times)]);
    await within(stopTimeoutMs, passedOn);
    await app.close();
    await open.close();
  };
  const close = (): Promise<void> => (closing ??= closeOnce());

  return {
    issuer: settings.issuer,
    paths: ownedPaths(deps.config).patterns,
    node,
    fetch: fetchHandler(app, deps, entrance),
    plugin: embeddedPlugin(node, deps.config, close),
    async listen({ host = settings.host ?? "localhost", port = settings.port } = {}) {
      listeners = await listen(app, { host, port });
      return (listeners[0]!.address() as AddressInfo).port;
    },
    async ready() {
      await system.store.ready();
      return { warnings: open.warnings() };
    },
    close,
  };
}

function readSettings({ config, keyring }: ServerOptions): Settings & { issuer: string } {
  const label = (keys: readonly PropertyKey[]): string => ["config", ...keys.map(String)].join(".");
  const [given] = checkSources([{ given: config, label }]);
  const settings = settingsOf(given!, { keyring, cwd: process.cwd() });
  const { issuer } = settings;
  if (issuer === undefined)
    throw new UsageError(
      "config.issuer is missing.",
      "Set it to the public URL of this server, such as https://example.com/auth.",
    );
  refusePlainHttp(issuer);
  return { ...settings, issuer };
}

const isDevelopment = ({ issuer }: { issuer: string }): boolean => issuer.startsWith("http:");
