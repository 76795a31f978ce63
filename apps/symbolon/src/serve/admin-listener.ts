import type { Server } from "node:net";
import { buildServer, trackConnections, type Deps } from "@symbolon/server";
import type { Settings } from "../config/settings.ts";
import { listen } from "./listen.ts";
import { stopServer } from "./stop.ts";

export type AdminListener = {
  listeners: readonly Server[];
  /** Like the main listener, and with the same time. */
  stop(times: { delayMs: number; timeoutMs: number }): Promise<void>;
};

/** Serves the management API on an address of its own, where one is configured. */
export async function listenForAdmin(
  deps: Deps,
  pages: Parameters<typeof buildServer>[1],
  health: Parameters<typeof buildServer>[2],
  { admin }: Pick<Settings, "admin">,
): Promise<AdminListener> {
  if (typeof admin !== "object") return { listeners: [], stop: async () => {} };
  const names = new Set([admin.host, "localhost", "127.0.0.1", "[::1]"]);
  const hosts = [...deps.config.hosts, ...[...names].map((name) => `${name.toLowerCase()}:${admin.port}`)];
  const connections = trackConnections(deps.config.trustedProxies ?? []);
  const config = { ...deps.config, hosts, management: "only" } as const;
  const server = buildServer({ ...deps, config }, pages, health, connections);
  const listeners = await listen(server, admin);
  return { listeners, stop: (times) => stopServer(server, listeners, connections, times) };
}
