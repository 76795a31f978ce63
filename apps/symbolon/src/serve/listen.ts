import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import type { buildServer } from "@symbolon/server";
import { Failure } from "../command/failure.ts";

/**
 * Listens on every address of the host: `localhost` has one of IPv4 and one of IPv6. Returns what listens. Throws a
 * Failure that names --port or --host if the first address cannot be used.
 */
export async function listen(
  app: ReturnType<typeof buildServer>,
  host: string,
  port: number,
): Promise<readonly Server[]> {
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

/** Hands the connections of one more address to the server; `undefined` if the address cannot be used. */
async function listenToo(server: Server, host: string, port: number): Promise<Server | undefined> {
  const other = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit("connection", socket));
  other.listen({ host, port });
  return await once(other, "listening").then(
    () => other,
    () => undefined,
  );
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
