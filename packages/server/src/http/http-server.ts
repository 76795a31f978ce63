import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Deps } from "../deps.ts";
import { refuseMalformed } from "./malformed-requests.ts";

/** An idle connection takes about 10 KiB, so this many cannot exhaust the memory (HT-01). */
const maximumConnections = 16_384;

/** Node's server with the limits of this one. What Node would answer by itself gets the format of all errors, too. */
export function makeHttpServer(handler: RequestListener, deps: Pick<Deps, "config" | "emit" | "random">): Server {
  const latest = new WeakMap<Duplex, ServerResponse>();
  const listener: RequestListener = (request, response) => {
    latest.set(request.socket, response);
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
  server.maxConnections = maximumConnections;
  server.on("checkExpectation", listener); // request-head.ts refuses it
  server.on("clientError", (error, socket) => refuseMalformed(error, socket, latest.get(socket), deps));
  return server;
}
