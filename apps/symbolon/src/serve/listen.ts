import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { createServer, Server, type AddressInfo } from "node:net";
import type { buildServer } from "@symbolon/server";
import { Failure } from "../command/failure.ts";

/**
 * Listens on every address of the host: `localhost` has one of IPv4 and one of IPv6. Returns what listens. Throws a
 * Failure that names --port or --host if the first address cannot be used.
 */
export async function listen(
  app: ReturnType<typeof buildServer>,
  { host, port, inherited }: { host: string; port: number; inherited?: number | undefined },
): Promise<readonly Server[]> {
  if (inherited !== undefined) return [await listenOnInherited(app, inherited)];
  try {
    const addresses = await lookup(host, { all: true });
    await app.listen({ host: addresses[0]!.address, port });
    const { port: chosen } = app.server.address() as AddressInfo;
    const others = addresses.slice(1).map(({ address }) => listenToo(app.server, address, chosen));
    return [app.server, ...(await Promise.all(others)).filter((other) => other !== undefined)];
  } catch (error) {
    throw describeListenError(error as NodeJS.ErrnoException, host, port);
  }
}

/**
 * Not by the framework, which opens more addresses and needs a port. A socket in the file system is refused: it tells
 * no address of a client, so all would share the limits of one network.
 */
async function listenOnInherited(app: ReturnType<typeof buildServer>, fd: number): Promise<Server> {
  await app.ready();
  await once(app.server.listen({ fd }), "listening");
  if (app.server.address() !== null) return app.server;
  Server.prototype.close.call(app.server);
  throw new Failure(
    "The inherited socket is no TCP port.",
    "Let its ListenStream be a port, or an address and a port.",
  );
}

/** Hands the connections of one more address to the server; `undefined` if the address cannot be used. */
async function listenToo(server: Server, host: string, port: number): Promise<Server | undefined> {
  const other = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit("connection", socket));
  other.listen({ host, port });
  return await once(other, "listening").then(
    () => other,
    () => undefined,
  );
}

/** An inherited socket may listen on another address than --dev allows. */
export function refuseOtherComputers(listeners: readonly Server[]): void {
  for (const listener of listeners) {
    const { address } = listener.address() as AddressInfo;
    if (address === "::1" || address.startsWith("127.")) continue;
    throw new Failure(`--dev listens on this computer only, not on ${address}.`, "Inherit a socket of 127.0.0.1.");
  }
}

function describeListenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === "EADDRINUSE")
    return new Failure(
      `Port ${port} is in use.`,
      `Stop the process that listens on it, or choose another port: --port ${port === 65_535 ? 8787 : port + 1}`,
    );
  if (error.code === "EACCES")
    return new Failure(`This user may not listen on port ${port}.`, "Choose a --port above 1023.");
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
    return new Failure(`${host} is not an address of this computer.`, "Choose another --host, or leave it out.");
  return error;
}
