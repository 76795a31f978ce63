import { createServer, type RequestListener, type Server } from "node:http";
import type { Deps } from "../deps.ts";
import { type Connections, standardConnectionLimits } from "./connections.ts";
import { refuseMalformed } from "./malformed-requests.ts";

/** Node's server with the limits of this one. What Node would answer by itself gets the format of all errors, too. */
export function makeHttpServer(
  handler: RequestListener,
  connections: Connections,
  deps: Pick<Deps, "config" | "emit" | "random">,
  corsPaths: ReadonlySet<string>,
): Server {
  const listener: RequestListener = (request, response) => {
    connections.begin(request, response);
    handler(request, response);
  };
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 5_000,
      requireHostHeader: false, // request-head.ts requires it
    },
    listener,
  );
  server.maxConnections = standardConnectionLimits.total; // Node closes more of them at less cost
  server.on("connection", connections.accept);
  server.on("checkExpectation", listener); // request-head.ts refuses it
  server.on("clientError", (error, socket) =>
    refuseMalformed(error, socket, connections.latest(socket), corsPaths, deps),
  );
  return server;
}
