import type { IncomingMessage, ServerResponse } from "node:http";
import { BlockList, isIPv6, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { networkOfAddress } from "./network.ts";

/** The open connections of a server, and what they carry. */
export type Connections = {
  /** A new connection. Closes it, or an idle one, where the limits say so. */
  accept(socket: Socket): void;
  /** A request has arrived. */
  begin(request: IncomingMessage, response: ServerResponse): void;
  /** The response to the last request that a connection carried. */
  latest(socket: Duplex): ServerResponse | undefined;
  /** How many were accepted so far. */
  accepted(): number;
  /** From now on each answer closes its connection, and /ready answers 503. */
  drain(): void;
  isDraining(): boolean;
  /** Closes the connections that carry no request. */
  closeIdle(): void;
  /** Resolves when none is open. */
  allClosed(): Promise<void>;
};

/** `total`: an idle connection takes about 10 KiB, so this many cannot exhaust the memory (HT-01). */
export type ConnectionLimits = { total: number; perNetwork: number };
export const standardConnectionLimits: ConnectionLimits = { total: 16_384, perNetwork: 1_024 };

type Connection = { socket: Socket; network: string | undefined; latest: ServerResponse | undefined };

/**
 * Counts connections by network (HT-16). A network at its limit loses idle ones of its own for a new one; when nearly
 * all are taken, the network with most loses idle ones. Connections of trusted proxies count in the total only: all
 * clients share their address. Idle ones are closed in batches, so that a flood of connections causes little searching.
 */
export function trackConnections(
  trustedProxies: readonly string[],
  { total, perNetwork }: ConnectionLimits = standardConnectionLimits,
): Connections {
  const isTrusted = addressesIn(trustedProxies);
  const open = new Map<Duplex, Connection>();
  const networks = new Map<string, Set<Connection>>();
  const nearlyAll = total - total / 16;
  let accepted = 0;
  let lookAgainAt = 0;
  let isDraining = false;
  let onAllClosed = (): void => {};

  const forget = (connection: Connection): void => {
    if (!open.delete(connection.socket)) return;
    const ofNetwork = connection.network === undefined ? undefined : networks.get(connection.network);
    ofNetwork?.delete(connection);
    if (ofNetwork?.size === 0) networks.delete(connection.network!);
    if (open.size === 0) onAllClosed();
  };
  const close = (connection: Connection): void => {
    forget(connection);
    connection.socket.destroy();
  };
  /** Oldest first. Returns how many were closed. */
  const closeIdleOf = (connections: Iterable<Connection>, atMost: number): number => {
    let closed = 0;
    for (const connection of connections) {
      if (closed >= atMost) break;
      if (!isIdle(connection)) continue;
      close(connection);
      closed++;
    }
    return closed;
  };
  const closeIdleOfGreediest = (): void => {
    let left = Math.ceil(total / 32);
    const greediestFirst = [...networks.values()].toSorted((one, other) => other.size - one.size);
    for (const connections of greediestFirst) left -= closeIdleOf(connections, left);
    lookAgainAt = accepted + Math.max(total / 64, Math.ceil(total / 32) - left);
  };
  /** Whether the network may have one more connection. */
  const hasRoom = (network: string): boolean => {
    const connections = networks.get(network);
    if (connections === undefined || connections.size < perNetwork) return true;
    return closeIdleOf(connections, Math.ceil(perNetwork / 32)) > 0;
  };

  return {
    accept(socket) {
      accepted++;
      const address = socket.remoteAddress ?? "";
      const network = isTrusted(address) ? undefined : networkOfAddress(address);
      if (open.size >= nearlyAll && accepted >= lookAgainAt) closeIdleOfGreediest();
      if (open.size >= total || (network !== undefined && !hasRoom(network))) return void socket.destroy();
      const connection: Connection = { socket, network, latest: undefined };
      open.set(socket, connection);
      if (network !== undefined) networks.set(network, (networks.get(network) ?? new Set()).add(connection));
      socket.once("close", () => forget(connection));
    },
    begin({ socket }, response) {
      const connection = open.get(socket);
      if (connection !== undefined) connection.latest = response;
      if (isDraining) response.setHeader("connection", "close");
    },
    latest: (socket) => open.get(socket)?.latest,
    accepted: () => accepted,
    drain() {
      isDraining = true;
      for (const connection of open.values())
        if (!isIdle(connection) && !connection.latest!.headersSent) connection.latest!.setHeader("connection", "close");
    },
    isDraining: () => isDraining,
    closeIdle: () => void closeIdleOf(open.values(), Infinity),
    allClosed: () =>
      new Promise((resolve) => {
        onAllClosed = resolve;
        if (open.size === 0) resolve();
      }),
  };
}

const isIdle = ({ latest }: Connection): boolean => latest === undefined || latest.closed;

/** Whether an address is one of these addresses, or in one of these networks. */
function addressesIn(entries: readonly string[]): (address: string) => boolean {
  if (entries.length === 0) return () => false;
  const list = new BlockList();
  for (const entry of entries) {
    const [address = "", bits] = entry.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (sent) => {
    const address = sent.replace("::ffff:", "");
    return address !== "" && list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  };
}
